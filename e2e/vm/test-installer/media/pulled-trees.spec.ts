import { createHash, randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { access, cp, mkdir, mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { LabError } from '@lab/domain';
import {
  TreeStore,
  folderView,
  importIso,
  missingFrom,
  pullTree,
  silent,
  verifyFolder,
  type PullOptions,
  type TreeProfile,
  type TreeRecord,
} from '@lab/install-trees';
import { programs, run } from '@lab/testing';
import { Mirror, type Fault } from './mirror.js';
import { packagingTools } from './packaging-tools.js';
import { buildPackages, layRepository, treeinfo } from './small-tree.js';

const OS = '10/BaseOS/x86_64/os';
const INITRD = 'images/pxeboot/initrd.img';
const IMAGES = ['images/pxeboot/vmlinuz', INITRD, 'images/install.img'];
const INITRD_BYTES = 3 << 20;

const page: Fault = (_, response) =>
  void response.writeHead(200, { 'content-type': 'text/html' }).end('<!DOCTYPE html><html>Sign in</html>');
const bytes =
  (text: string): Fault =>
  (_, response) =>
    void response.writeHead(200, { 'content-length': Buffer.byteLength(text) }).end(text);
const status =
  (code: number, headers: Record<string, string> = {}): Fault =>
  (_, response) =>
    void response.writeHead(code, headers).end();
const silence: Fault = () => undefined;
/** Sends as many bytes of the file as it promises, less some, and hangs up. */
const cutAfter =
  (sent: number): Fault =>
  (_, response, file) => {
    void readFile(file).then((content) => {
      response.writeHead(200, { 'content-length': content.length, etag: '"one"' });
      response.write(content.subarray(0, sent), () => response.destroy());
    });
  };
/** The same length, another content. */
const changed: Fault = (_, response, file) => {
  void readFile(file).then((content) => {
    content.writeUInt8(content.readUInt8(content.length - 9) ^ 1, content.length - 9);
    response.writeHead(200, { 'content-length': content.length }).end(content);
  });
};

/** Trees that the real createrepo_c has made, over real sockets, and ISOs by the real xorriso. */
describe('an install tree', () => {
  let tools: string;
  let xorriso: string;
  let work: string;
  let packages: string;
  let mirror: Mirror;
  let site: string;
  let store: TreeStore;
  let profile: TreeProfile;
  const served = (path: string): string => join(store.served('almalinux-10'), path);

  beforeAll(async () => {
    tools = (await packagingTools()).root;
    ({ xorriso } = await programs(['xorriso']));
    work = await mkdtemp(join(tmpdir(), 'lab-pull-'));
    packages = await buildPackages(tools, [
      { name: 'kernel' },
      { name: 'base+x' },
      { name: 'tool', size: 200_000 },
      { name: 'extra' },
    ]);
    await makeMirror(join(work, 'model'));
    await makeDvd(join(work, 'dvd'));
  }, 400_000);
  afterAll(async () => {
    await rm(work, { recursive: true, force: true });
    await rm(join(packages, '..'), { recursive: true, force: true });
  });

  beforeEach(async () => {
    site = await mkdtemp(join(work, 'site-'));
    await cp(join(work, 'model'), join(site, 'mirror'), { recursive: true });
    mirror = await Mirror.start(join(site, 'mirror'));
    store = new TreeStore(join(site, 'bastion'));
    profile = {
      ...{ name: 'almalinux-10', title: 'AlmaLinux 10', os: 'almalinux', version: '10', arch: 'x86_64' },
      needs: { kernel: 'images/pxeboot/vmlinuz', initrd: INITRD, stage2: true, repository: true },
      ...{ source: null, folders: [store.served('almalinux-10')], missing: [] },
    };
  });
  afterEach(() => mirror.stop());

  /** As mirrors of the RHEL family are: BaseOS with `.treeinfo`, AppStream beside it. */
  async function makeMirror(folder: string): Promise<void> {
    await layRepository(tools, packages, ['kernel', 'base+x', 'tool'], join(folder, OS));
    await layRepository(tools, packages, ['extra'], join(folder, '10/AppStream/x86_64/os'));
    await withImages(join(folder, OS), { BaseOS: '.', AppStream: '../../../AppStream/x86_64/os' });
  }

  async function makeDvd(folder: string): Promise<void> {
    await layRepository(tools, packages, ['kernel', 'base+x', 'tool'], join(folder, 'BaseOS'));
    await layRepository(tools, packages, ['extra'], join(folder, 'AppStream'));
    await withImages(folder, { AppStream: 'AppStream', BaseOS: 'BaseOS' });
    // More than one block of names, a name for which Rock Ridge needs a continuation, and folders that ISO 9660 has to move.
    const many = join(folder, 'many');
    await mkdir(many);
    for (let number = 0; number < 120; number += 1)
      await writeFile(join(many, `${'n'.repeat(100)}-${number}`), 'x');
    await writeFile(join(many, 'long'.repeat(60)), 'long');
    await mkdir(join(folder, 'a/b/c/d/e/f/g/h/i/j'), { recursive: true });
    await writeFile(join(folder, 'a/b/c/d/e/f/g/h/i/j/deep'), 'deep');
  }

  async function withImages(folder: string, variants: Record<string, string>): Promise<void> {
    const sums: string[] = [];
    for (const path of IMAGES) {
      const content = randomBytes(path === INITRD ? INITRD_BYTES : 5_000);
      await mkdir(join(folder, path, '..'), { recursive: true });
      await writeFile(join(folder, path), content);
      sums.push(`${path} = sha256:${createHash('sha256').update(content).digest('hex')}`);
    }
    const head = treeinfo(variants);
    await writeFile(
      join(folder, '.treeinfo'),
      `${head}[stage2]\nmainimage = images/install.img\n\n[checksums]\n${sums.join('\n')}\n`,
    );
  }

  const pull = (options: Partial<PullOptions> = {}): Promise<TreeRecord> =>
    pullTree(store, {
      ...{ profile, from: new URL(`${mirror.url}/${OS}`), packages: true, extra: new Map<string, URL>() },
      ...{ parallel: 3, patience: { stalledMs: 20_000 }, retryMs: [], signal: new AbortController().signal },
      ...{ progress: silent, now: new Date('2026-11-25T12:00:00Z') },
      ...options,
    });
  const verify = async () =>
    verifyFolder(store.served(profile.name), profile, {
      ...{ progress: silent, signal: new AbortController().signal },
      ownChecksums: (await store.record(profile.name))?.ownChecksums ?? {},
    });
  const missing = () => missingFrom(folderView(store.served(profile.name)), profile.needs);
  /** What it says, and its hint. */
  const refusal = async (work: Promise<unknown>): Promise<string> => {
    const error = await work.then(
      () => new Error('it was accepted'),
      (reason: unknown) => reason,
    );
    expect(error).toBeInstanceOf(LabError);
    const { message, hint } = error as LabError;
    expect(hint).toBeDefined();
    return `${message} | ${hint ?? ''}`;
  };

  it('comes from a mirror whole, with AppStream put inside, and every checksum is right', async () => {
    const record = await pull();
    expect(await missing()).toEqual([]);
    expect(await readFile(served('.treeinfo'), 'utf8')).toMatch(
      /\[variant-AppStream\][^[]*repository = AppStream\n/,
    );
    await access(served('AppStream/Packages/extra.rpm'));
    await access(served('Packages/base+x.rpm'));
    const { bad, checked, unchecked } = await verify();
    expect({ bad, unchecked }).toEqual({ bad: [], unchecked: [] });
    expect(checked).toBe(record.files);
    expect(await readdir(join(site, 'bastion/assets/.trees'))).toHaveLength(2);
  });

  it('goes on where it stopped, by Range and the ETag that the mirror had', async () => {
    mirror.faults.set(/initrd/, cutAfter(2 << 20));
    expect(await refusal(pull())).toMatch(/broke off/);
    expect(await missing()).not.toEqual([]);
    mirror.faults.clear();
    const part = join(store.staging(profile.name), `${INITRD}.part.etag`);
    await writeFile(part, `"${(await etagOf(join(site, 'mirror', OS, INITRD))).join('-')}"`);
    await pull();
    const asked = mirror.asked.filter(({ path }) => path.endsWith('initrd.img')).at(-1);
    expect(asked?.range).toMatch(/^bytes=[1-9]\d*-$/);
    expect(asked?.ifRange).toBeDefined();
    expect(asked?.sent).toBeLessThan(INITRD_BYTES);
    expect((await verify()).bad).toEqual([]);
  });

  it('begins a file anew when it has changed on the mirror meanwhile', async () => {
    mirror.faults.set(/initrd/, cutAfter(2 << 20));
    await refusal(pull());
    mirror.faults.clear();
    // The ETag of the cut answer was another one: the mirror sends all of it.
    await pull();
    expect(mirror.asked.filter(({ path }) => path.endsWith('initrd.img')).at(-1)?.sent).toBe(INITRD_BYTES);
    expect((await verify()).bad).toEqual([]);
  });

  it('asks again, after a pause, a mirror that has a bad moment', async () => {
    let times = 0;
    mirror.faults.set(/tool\.rpm/, (request, response, file) => {
      times += 1;
      if (times < 3) status(503)(request, response, file);
      else createReadStream(file).pipe(response);
    });
    await pull({ retryMs: [1, 1, 1] });
    expect(times).toBe(3);
  });

  const FAULTS: Record<string, [RegExp, Fault, RegExp]> = {
    'a page in place of .treeinfo': [/treeinfo/, page, /is a web page, not the file/],
    'a page that says it is a file': [
      /treeinfo/,
      bytes('<!DOCTYPE html>\n<html></html>\n'),
      /is no \.treeinfo/,
    ],
    'a page in place of a package': [/tool\.rpm/, page, /tool\.rpm is a web page/],
    'a page in place of repomd.xml': [/repomd/, bytes('<html><body/></html>'), /it is no repomd\.xml/],
    'another content': [/tool\.rpm/, changed, /tool\.rpm has another checksum than the tree states/],
    'a changed kernel': [/vmlinuz/, changed, /vmlinuz has another checksum/],
    'another length': [/tool\.rpm/, bytes('short'), /tool\.rpm has 5 bytes, and should have \d+/],
    'a connection that breaks': [/tool\.rpm/, cutAfter(1000), /broke off/],
    'a redirect in a circle': [
      /install\.img/,
      status(302, { location: 'install.img' }),
      /leads from one address to the next/,
    ],
    'a redirect to a file': [
      /install\.img/,
      status(302, { location: 'ftp://127.0.0.1/install.img' }),
      /leads to ftp:.*not followed/,
    ],
    nothing: [/extra\.rpm/, status(404), /extra\.rpm is not there \(HTTP 404\)/],
    'a login': [/vmlinuz/, status(401), /answers with HTTP 401/],
    silence: [/install\.img/, silence, /says nothing for 0\.3 s/],
  };
  it.each(Object.entries(FAULTS))(
    'is refused when the mirror has %s, and the one before is served on',
    async (_, [pattern, fault, says]) => {
      await pull();
      // So that there is something to bring.
      await makeMirrorAnew();
      const before = await readFile(served('images/install.img'));
      mirror.faults.set(pattern, fault);
      const stalledMs = fault === silence ? 300 : 20_000;
      expect(await refusal(pull({ patience: { stalledMs } }))).toMatch(says);
      expect(await readFile(served('images/install.img'))).toEqual(before);
      expect((await verify()).bad).toEqual([]);
      mirror.faults.clear();
      await pull();
      expect(await readFile(served('images/install.img'))).not.toEqual(before);
    },
  );

  /** The next release of the tree, with other images and another build of a package. */
  async function makeMirrorAnew(): Promise<void> {
    const folder = join(site, 'mirror', OS);
    await withImages(folder, { BaseOS: '.', AppStream: '../../../AppStream/x86_64/os' });
    for (const [name, at] of [
      ['tool', OS],
      ['extra', '10/AppStream/x86_64/os'],
    ] as const) {
      const built = await buildPackages(tools, [{ name, size: 300_000 }]);
      await cp(join(built, `${name}.rpm`), join(site, 'mirror', at, `Packages/${name}.rpm`));
      await rm(join(built, '..'), { recursive: true });
      await run(join(import.meta.dirname, 'tools.sh'), [
        tools,
        'createrepo_c',
        '--quiet',
        '--no-database',
        '--simple-md-filenames',
        join(site, 'mirror', at),
      ]);
    }
  }

  it('takes from the tree before it what is the same', async () => {
    await pull();
    const sent = mirror.sent(/tool\.rpm/);
    await pull();
    expect(mirror.sent(/tool\.rpm/)).toBe(sent);
    expect(mirror.sent(/initrd/)).toBe(INITRD_BYTES);
  });

  it('is brought again where it is damaged, and verify names what is', async () => {
    await pull();
    await writeFile(served('Packages/tool.rpm'), 'damaged');
    await rm(served('AppStream/Packages/extra.rpm'));
    const { bad } = await verify();
    expect(bad).toEqual([
      { path: 'Packages/tool.rpm', why: expect.stringMatching(/^has 7 bytes instead of/) },
      { path: 'AppStream/Packages/extra.rpm', why: 'is missing' },
    ]);
    await pull();
    expect((await verify()).bad).toEqual([]);
  });

  it.each([
    ['../../../../etc/passwd', /names the file/],
    ['/etc/passwd', /names the file/],
    ['Packages/./tool.rpm', /names the file/],
    ['Packages\\tool.rpm', /names the file/],
    ['Packages//tool.rpm', /names the file/],
  ])('is refused when its list of packages leads to %s', async (path, says) => {
    await rewritePrimary((xml) => xml.replace(/href="[^"]*tool[^"]*"/, `href="${path}"`));
    expect(await refusal(pull())).toMatch(says);
    await expect(access(join(site, 'bastion/etc'))).rejects.toThrow();
  });

  it('is refused when its list of packages is cut, or has no end', async () => {
    await rewritePrimary((xml) => xml.slice(0, xml.length / 2));
    expect(await refusal(pull())).toMatch(/primary\.xml\.gz is damaged/);
    await rewritePrimary((xml) => `${xml.slice(0, 200)}<x y="${'a'.repeat(5 << 20)}`);
    expect(await refusal(pull())).toMatch(/primary\.xml\.gz is damaged/);
  });

  /** With right checksums: whoever is hostile can count, too. */
  async function rewritePrimary(change: (xml: string) => string): Promise<void> {
    const folder = join(site, 'mirror', OS, 'repodata');
    const whole = gunzipSync(await readFile(join(work, 'model', OS, 'repodata/primary.xml.gz'))).toString();
    const packed = gzipSync(change(whole));
    await writeFile(join(folder, 'primary.xml.gz'), packed);
    const sum = createHash('sha256').update(packed).digest('hex');
    const repomd = await readFile(join(work, 'model', OS, 'repodata/repomd.xml'), 'utf8');
    const data = /<data type="primary">[^]*?<\/data>/;
    await writeFile(
      join(folder, 'repomd.xml'),
      repomd.replace(data, (text) =>
        text
          .replace(/(<checksum type="sha256">)[^<]*/, `$1${sum}`)
          .replace(/<size>[^<]*/, `<size>${packed.length}`),
      ),
    );
  }

  it.each([
    [
      'of another release',
      (text: string) => text.replaceAll('10.1', '9.6'),
      /is AlmaLinux 9\.6 .*wants almalinux 10/,
    ],
    ['of another system', (text: string) => text.replaceAll(/almalinux/gi, 'Fedora'), /is Fedora 10\.1/],
    ['for other processors', (text: string) => text.replaceAll('x86_64', 'aarch64'), /for aarch64/],
    [
      'with a path that leads out',
      (text: string) => text.replace('= images/install.img', '= ../../etc/shadow'),
      /names the file/,
    ],
    [
      'with a checksum that nobody knows',
      (text: string) => text.replace('sha256:', 'crc32:'),
      /can't be checked/,
    ],
  ])('%s is refused', async (_, change, says) => {
    const file = join(site, 'mirror', OS, '.treeinfo');
    await writeFile(file, change(await readFile(file, 'utf8')));
    expect(await refusal(pull())).toMatch(says);
    expect(await store.record(profile.name)).toBeUndefined();
  });

  it('is removed with all that belongs to it, and only once at a time is it worked on', async () => {
    await pull();
    await store.exclusively(profile.name, async () => {
      expect(await refusal(pull())).toMatch(
        /Another labctl \(process \d+\) works on the tree of almalinux-10/,
      );
      expect(await store.remove(profile.name)).toBe(true);
    });
    expect(await readdir(join(site, 'bastion/assets'))).toEqual(['.trees']);
    expect(await readdir(join(site, 'bastion/assets/.trees'))).toEqual([]);
  });

  it('takes the place of a folder that somebody made by hand', async () => {
    await cp(join(work, 'dvd'), store.served(profile.name), { recursive: true });
    expect(await missing()).toEqual([]);
    expect((await verify()).bad).toEqual([]);
    await pull();
    await access(served('Packages/tool.rpm'));
    await expect(access(served('many'))).rejects.toThrow();
  });

  describe('in an ISO', () => {
    const makeIso = async (from: string, ...options: string[]): Promise<string> => {
      const file = join(site, 'dvd.iso');
      await run(xorriso, [
        '-as',
        'mkisofs',
        '-quiet',
        '-r',
        '-J',
        '-joliet-long',
        '-V',
        'DVD',
        ...options,
        '-o',
        file,
        from,
      ]);
      return file;
    };
    const importing = (file: string) =>
      importIso(store, {
        profile,
        file,
        progress: silent,
        signal: new AbortController().signal,
        now: new Date(),
      });

    it('is taken out of it as it is, long names and deep folders too', async () => {
      await importing(await makeIso(join(work, 'dvd')));
      await run('diff', ['-r', join(work, 'dvd'), store.served(profile.name)]);
      expect((await verify()).bad).toEqual([]);
      expect(await store.record(profile.name)).toMatchObject({ how: 'import', from: join(site, 'dvd.iso') });
    });

    it('is refused when the ISO is cut, is none, has no tree, or a damaged one', async () => {
      const file = await makeIso(join(work, 'dvd'));
      const whole = await readFile(file);
      await writeFile(file, whole.subarray(0, whole.length - (1 << 20)));
      expect(await refusal(importing(file))).toMatch(/is cut off: it has \d+ of \d+ bytes/);
      await writeFile(file, randomBytes(100_000));
      expect(await refusal(importing(file))).toMatch(/is no ISO image/);
      expect(await refusal(importing(join(site, 'none.iso')))).toMatch(/can't be opened \(ENOENT\)/);
      expect(await refusal(importing(site))).toMatch(/is no ISO image/);
      expect(await refusal(importing(await makeIso(join(work, 'dvd/many'))))).toMatch(
        /there is no \.treeinfo in it/,
      );
      const damaged = join(site, 'damaged');
      await cp(join(work, 'dvd'), damaged, { recursive: true });
      await writeFile(join(damaged, 'BaseOS/Packages/tool.rpm'), 'damaged');
      expect(await refusal(importing(await makeIso(damaged)))).toMatch(
        /BaseOS\/Packages\/tool\.rpm has 7 bytes instead of/,
      );
      await rm(join(damaged, 'AppStream/repodata'), { recursive: true });
      expect(await refusal(importing(await makeIso(damaged)))).toMatch(
        /lacks AppStream\/repodata\/repomd\.xml/,
      );
      expect(await store.record(profile.name)).toBeUndefined();
      expect(await readdir(join(site, 'bastion/assets/.trees'))).toEqual([]);
    });
  });
});

async function etagOf(file: string): Promise<string[]> {
  const { mtimeMs, size } = await stat(file);
  return [mtimeMs.toString(16), size.toString(16)];
}
