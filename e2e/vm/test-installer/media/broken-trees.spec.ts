import { cp, mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { loadConfig, startBastion, type RunningBastion } from '@lab/bastion';
import { diagnose, type EvidenceLine } from '@lab/domain';
import { packagingTools } from './packaging-tools.js';
import { runPayload, type Family, type PayloadRun } from './payload-run.js';
import { buildPackages, layRepository, treeinfo } from './small-tree.js';

const HTML =
  '<!DOCTYPE html>\n<html><head><title>Sign in</title></head><body>Please sign in.</body></html>\n';
const REPOMD = 'BaseOS/repodata/repomd.xml';
const PRIMARY = 'BaseOS/repodata/primary.xml.gz';
const TOOL = 'BaseOS/Packages/tool.rpm';

type Damage = (folder: string) => Promise<void>;
const whole: Damage = () => Promise.resolve();
const without =
  (path: string): Damage =>
  (folder) =>
    rm(join(folder, path));
const cut =
  (path: string, bytes: number): Damage =>
  (folder) =>
    truncate(join(folder, path), bytes);
const replaced =
  (path: string, text: string): Damage =>
  (folder) =>
    writeFile(join(folder, path), text);
/** Another content of the same length, as of a mirror that is half-way through its sync. */
const changed =
  (path: string): Damage =>
  async (folder) => {
    const bytes = await readFile(join(folder, path));
    bytes.writeUInt8(bytes.readUInt8(bytes.length - 9) ^ 1, bytes.length - 9);
    await writeFile(join(folder, path), bytes);
  };

/** The real bastion serves trees that are whole or broken; the real dnf installs from them into a folder. */
describe('dnf, installing from a tree that a bastion serves,', () => {
  let tools: string;
  let packages: string;
  let home: string;
  let bastion: RunningBastion;
  let trees = 0;

  beforeAll(async () => {
    tools = (await packagingTools()).root;
    packages = await buildPackages(tools, [
      { name: 'kernel', requires: ['base'] },
      { name: 'base' },
      { name: 'tool', requires: ['base'], size: 5000 },
      { name: 'extra' },
      { name: 'orphan', requires: ['not-in-any-tree'] },
      { name: 'twin', file: '/usr/share/base/data', mode: '600' },
      { name: 'post-fails', scriptlets: { post: "error('the post scriptlet says no')" } },
      { name: 'pre-fails', scriptlets: { pre: "error('the pre scriptlet says no')" } },
    ]);
    home = await mkdtemp(join(tmpdir(), 'lab-trees-'));
    // Of the RHEL family's shape: BaseOS and AppStream, nothing at the root.
    const model = join(home, 'model');
    const inBaseOS = ['kernel', 'base', 'tool', 'orphan', 'twin', 'post-fails', 'pre-fails'];
    await layRepository(tools, packages, inBaseOS, join(model, 'BaseOS'));
    await layRepository(tools, packages, ['extra'], join(model, 'AppStream'));
    await writeFile(join(model, '.treeinfo'), treeinfo({ AppStream: 'AppStream', BaseOS: 'BaseOS' }));
    bastion = await startBastion(
      loadConfig({
        ...{ BASTION_DIR: home, BASTION_PORT: '0', BASTION_LOG_LEVEL: 'silent' },
        LABD_URL: 'http://127.0.0.1:1',
      }),
    );
  });
  afterAll(async () => {
    await bastion.stop();
    await rm(home, { recursive: true, force: true });
    await rm(join(packages, '..'), { recursive: true, force: true });
  });

  async function tree(damage: Damage): Promise<string> {
    trees += 1;
    const name = `tree-${trees}`;
    const folder = join(home, 'assets', name);
    await cp(join(home, 'model'), folder, { recursive: true });
    await damage(folder);
    return `${bastion.url}/assets/${name}`;
  }
  const install = (url: string, names: readonly string[], family: Family): Promise<PayloadRun> =>
    runPayload(tools, { family, url, install: names });

  describe.each<Family>(['fedora', 'el9', 'el10'])('as %s has it,', (family) => {
    it('finds BaseOS and AppStream by .treeinfo alone', async () => {
      await using run = await install(await tree(whole), ['tool', 'extra'], family);
      expect(run).toMatchObject({ code: 0, message: '' });
      expect(await run.installed('usr/share/extra/data')).toContain('extra');
      expect(run.console).toContainEqual(expect.stringMatching(/^Installing tool\.x86_64 \(\d\/4\)$/));
    });

    it('knows a repository at the root of a tree that has no .treeinfo, or something else in its place', async () => {
      for (const damage of [without('.treeinfo'), replaced('.treeinfo', HTML)]) {
        const url = await tree(damage);
        await using run = await install(`${url}/BaseOS`, ['tool'], family);
        expect(run).toMatchObject({ code: 0, message: '' });
      }
    });
  });

  interface Case {
    tree: Damage;
    /** Where it ends: the source can't be set up, or the installation fails. */
    phase: 'setup' | 'install';
    install?: string[];
    /** What dnf says, as a part of the message or of a log. */
    says: string | RegExp;
    /** The rules of which one states the cause. */
    cause: string[];
  }
  const CASES: Record<string, Case> = {
    'without repomd.xml': {
      tree: without(REPOMD),
      phase: 'setup',
      says: /Status code: 404 for \S+\/BaseOS\/repodata\/repomd\.xml/,
      cause: ['repository-not-found'],
    },
    'without .treeinfo, so that BaseOS is not looked for': {
      tree: without('.treeinfo'),
      phase: 'setup',
      says: /Status code: 404 for \S+\/tree-\d+\/repodata\/repomd\.xml/,
      cause: ['repository-not-found'],
    },
    'with a page for people in place of .treeinfo': {
      tree: replaced('.treeinfo', HTML),
      phase: 'setup',
      says: /Status code: 404 for \S+\/tree-\d+\/repodata\/repomd\.xml/,
      cause: ['repository-not-found'],
    },
    'with a page for people in place of repomd.xml': {
      tree: replaced(REPOMD, HTML),
      phase: 'setup',
      says: 'repomd.xml parser error: Element <repomd> was not found - Bad repomd file',
      cause: ['repository-not-found', 'checksum-mismatch'],
    },
    'with a cut repomd.xml': {
      tree: cut(REPOMD, 700),
      phase: 'setup',
      says: 'repomd.xml parser error: Parse error at line: ',
      cause: ['repository-not-found', 'checksum-mismatch'],
    },
    'with an empty repomd.xml': {
      tree: cut(REPOMD, 0),
      phase: 'setup',
      says: 'repomd.xml parser error: Parse error at line: 1',
      cause: ['repository-not-found', 'checksum-mismatch'],
    },
    'with a repomd.xml that is newer than primary': {
      tree: changed(PRIMARY),
      phase: 'setup',
      says: "Downloading successful, but checksum doesn't match. Calculated: ",
      cause: ['checksum-mismatch'],
    },
    'with a cut primary': {
      tree: cut(PRIMARY, 200),
      phase: 'setup',
      says: "Downloading successful, but checksum doesn't match. Calculated: ",
      cause: ['checksum-mismatch'],
    },
    'without primary': {
      tree: without(PRIMARY),
      phase: 'setup',
      says: /Status code: 404 for \S+primary\.xml\.gz/,
      cause: ['repository-not-found', 'packages-not-downloaded'],
    },
    'without one of the packages': {
      tree: without(TOOL),
      phase: 'install',
      says: /Failed to download 'tool\.rpm': 3 - Status code: 404 for \S+tool\.rpm/,
      cause: ['packages-not-downloaded', 'repository-not-found'],
    },
    'with another content in one of the packages': {
      tree: changed(TOOL),
      phase: 'install',
      says: /Failed to download 'tool\.rpm': 3 - Downloading successful, but checksum doesn't match/,
      cause: ['checksum-mismatch'],
    },
    'with a cut package': {
      tree: cut(TOOL, 900),
      phase: 'install',
      says: /Failed to download 'tool\.rpm': 3 - Downloading successful, but checksum doesn't match/,
      cause: ['checksum-mismatch'],
    },
    'with a page for people in place of a package': {
      tree: replaced(TOOL, HTML),
      phase: 'install',
      says: /Failed to download 'tool\.rpm': 3 - Downloading successful, but checksum doesn't match/,
      cause: ['checksum-mismatch'],
    },
    'that lacks a package of the profile': {
      tree: whole,
      phase: 'install',
      install: ['tool', 'nowhere'],
      says: 'No match for argument: nowhere',
      cause: ['package-missing'],
    },
    'whose .treeinfo has BaseOS alone, for a role that needs AppStream': {
      tree: replaced('.treeinfo', treeinfo({ BaseOS: 'BaseOS' })),
      phase: 'install',
      install: ['extra'],
      says: 'No match for argument: extra',
      cause: ['package-missing'],
    },
    'that lacks what one of the packages needs': {
      tree: whole,
      phase: 'install',
      install: ['orphan'],
      says: 'nothing provides not-in-any-tree needed by orphan-1-1.x86_64',
      cause: ['package-missing'],
    },
    'with two packages that own one file': {
      tree: whole,
      phase: 'install',
      install: ['base', 'twin'],
      says: /file \/usr\/share\/base\/data .*conflicts/,
      cause: ['package-conflict'],
    },
    'with a package whose %pre fails': {
      tree: whole,
      phase: 'install',
      install: ['pre-fails'],
      says: 'the pre scriptlet says no',
      cause: ['package-script-failed'],
    },
  };

  /** EL 9 has the same dnf as EL 10; what it does with a source that can't be set up is its own. */
  const isOfFamily = (family: Family, { phase }: Case): boolean => family !== 'el9' || phase === 'setup';
  describe.each<Family>(['fedora', 'el9', 'el10'])('as %s has it, fails for a tree', (family) => {
    it.each(Object.entries(CASES).filter(([, one]) => isOfFamily(family, one)))(
      '%s, in words that state the cause',
      async (_, { tree: damage, phase, install: names = ['tool'], says, cause }) => {
        await using run = await install(await tree(damage), names, family);
        expect(run.code).toBe(phase === 'setup' ? 1 : 2);
        const said = [...Object.values(run.logs).flat(), run.message].join('\n');
        expect(said).toMatch(says);
        const found = diagnose(
          {
            section: null,
            stage: 'packages',
            line: null,
            command: null,
            exitCode: null,
            message: null,
            lastLines: [],
          },
          evidence(run),
        );
        expect(cause).toContain(found.rule);
        expect(found.certainty).toBe('stated');
      },
      60_000,
    );
  });

  it('ends the install for a %post that fails in the RHEL family, and goes on in Fedora', async () => {
    const url = await tree(whole);
    for (const family of ['el9', 'el10', 'fedora'] as const) {
      await using run = await install(url, ['post-fails'], family);
      expect(run.code).toBe(family === 'fedora' ? 0 : 2);
      expect(run.message).toBe(
        { el9: 'DNF error: ', el10: 'An error occurred during the transaction: ', fedora: '' }[family] +
          (family === 'fedora' ? '' : 'Error in POSTIN scriptlet in rpm package post-fails'),
      );
    }
  });

  it('leaves out what is missing when the kickstart says so', async () => {
    await using run = await runPayload(tools, {
      family: 'el10',
      url: await tree(whole),
      install: ['tool', 'nowhere'],
      ignoreMissing: true,
    });
    expect(run.code).toBe(0);
    expect(await run.installed('usr/share/tool/data')).toBeDefined();
  });
});

/** The logs' lines as the bastion keeps them, and the installer's last words on its console. */
function evidence(run: PayloadRun): EvidenceLine[] {
  const lines = [
    ...(run.logs['packaging.log'] ?? []).map((text) => ({ source: 'packaging', text })),
    ...(run.logs['dnf.log'] ?? []).map((text) => ({ source: 'dnf', text })),
    ...run.message.split('\n').map((text) => ({ source: 'anaconda', text })),
  ];
  return lines.map((line, index) => ({ number: index + 1, stage: 'packages', ...line }));
}
