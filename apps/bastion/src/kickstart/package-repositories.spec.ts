import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { loadAssets, type BastionAssets } from './assets.loader.js';
import { FAMILIES, packagesFor } from './package.schema.js';
import { profileSchema } from './profile.schema.js';

const at = (path: string): string => fileURLToPath(new URL(`../../../../${path}`, import.meta.url));

interface Row {
  family: string;
  name: string;
  repository: string;
  /** Where a published list says so, or `unchecked`. */
  evidence: string;
}
/** What published lists say; a copy of none of the families' repositories could be read. */
const ROWS: Row[] = readFileSync(at('apps/bastion/test/kickstart/package-repositories.tsv'), 'utf8')
  .trim()
  .split('\n')
  .slice(1)
  .map((line) => {
    const [family = '', name = '', repository = '', evidence = ''] = line.split('\t');
    return { family, name, repository, evidence };
  });

describe('the packages that an install asks for', () => {
  let assets: BastionAssets;
  beforeAll(async () => {
    assets = await loadAssets(at('bastion-assets'), []);
  });
  /** Of each profile with each role. */
  const asked = () =>
    [...assets.profiles.values()].flatMap((profile) =>
      [...assets.roles.values()].flatMap((role) =>
        packagesFor(profile.family, profile.packages, role.packages).map(({ name, repository }) => ({
          family: profile.family ?? '',
          name,
          repository,
        })),
      ),
    );

  it('have the repository that published lists name, in every family', () => {
    const known = new Map(ROWS.map((row) => [`${row.family} ${row.name}`, row.repository]));
    expect(asked()).not.toEqual([]);
    for (const { family, name, repository } of asked()) {
      expect({ family, name, repository }).toEqual({
        family,
        name,
        repository: known.get(`${family} ${name}`),
      });
    }
  });

  it('are all that is listed', () => {
    const names = new Set(asked().map(({ family, name }) => `${family} ${name}`));
    expect(ROWS.map(({ family, name }) => `${family} ${name}`).filter((key) => !names.has(key))).toEqual([]);
  });

  it('are said to be unchecked in the documentation where no list could be read', () => {
    const text = readFileSync(at('docs/boot-facts.md'), 'utf8');
    for (const family of FAMILIES) {
      const unchecked = ROWS.filter((row) => row.family === family && row.evidence === 'unchecked');
      const names = unchecked.map(({ name }) => `\`${name}\``).join(', ');
      expect(text).toContain(`| ${family} | ${names} |`);
    }
  });

  it('hold kernel-modules-extra for a role with Kubernetes on EL 10, and only there', () => {
    const names = (profile: string, role: string): string[] =>
      packagesFor(
        assets.profiles.get(profile)?.family,
        assets.profiles.get(profile)?.packages ?? [],
        assets.roles.get(role)?.packages ?? [],
      ).map(({ name }) => name);
    for (const profile of ['almalinux-10', 'rocky-10', 'centos-stream-10']) {
      for (const role of ['worker', 'control-plane'])
        expect(names(profile, role)).toContain('kernel-modules-extra');
      expect(names(profile, 'vanilla')).not.toContain('kernel-modules-extra');
    }
    for (const profile of ['almalinux-9', 'rocky-9', 'fedora-43', 'fedora-44']) {
      expect(names(profile, 'worker')).toEqual(expect.arrayContaining(['iptables-nft', 'socat']));
      expect(names(profile, 'worker')).not.toContain('kernel-modules-extra');
    }
  });

  it('of a profile without a family are those that every family has', () => {
    const list = [
      { name: 'curl' },
      { name: 'everywhere', repository: { fedora: 'Everything', el9: 'BaseOS', el10: 'AppStream' } },
      { name: 'somewhere', repository: { el10: 'BaseOS' } },
    ];
    const names = (family?: 'el10') => packagesFor(family, list, [{ name: 'curl' }]).map(({ name }) => name);
    expect(names()).toEqual(['curl', 'everywhere']);
    expect(names('el10')).toEqual(['curl', 'everywhere', 'somewhere']);
  });

  it.each([
    [{ name: 'curl', repository: '' }, '0.repository'],
    [{ name: 'curl', repository: {} }, '0.repository'],
    [{ name: 'curl', repository: { el8: 'BaseOS' } }, '0.repository'],
    [{ name: 'curl', repo: 'BaseOS' }, '0'],
    [{ name: 'a b' }, '0'],
    [{ name: 'curl' }, '0'],
    ['a b', '0'],
  ])('are refused as %j', (entry, path) => {
    const [issue] = profileSchema.shape.packages.safeParse([entry]).error?.issues ?? [];
    expect(issue?.path.join('.')).toBe(path);
    if (path === '0') {
      expect(issue?.message).toBe(
        'must be a package or group name, or { name, repository } with a repository or one for each family',
      );
    }
  });
});
