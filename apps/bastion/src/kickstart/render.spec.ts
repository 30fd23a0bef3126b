import { beforeAll, describe, expect, it } from '@jest/globals';
import { LabError } from '@lab/domain';
import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { spawnSync } from 'node:child_process';
import { ASSETS, assets as loadedAssets, installInput } from '../../test/kickstart/section-runner.js';
import { loadAssets, loadProfiles, type BastionAssets } from './assets.loader.js';
import { shellData, shellWord } from './context-values.js';
import { renderDiscoveryKickstart } from './discovery-kickstart.renderer.js';
import { renderInstallKickstart, type InstallKickstartInput } from './install-kickstart.renderer.js';
import { renderDiscoverIpxe } from './ipxe-script.renderer.js';
import { checkSections, sectionsOf } from './kickstart-sections.js';
import { compileTemplates } from './template.js';

const URL_ = 'http://192.168.77.1:7071';
const MACHINE = {
  bastionUrl: URL_,
  bastion: 'site-a',
  mac: '52:54:00:12:34:56',
  profile: 'fedora-43',
  reason: 'the machine is not known',
};
const KEY = `ssh-ed25519 ${'A'.repeat(68)}`;

const STATIC: NonNullable<InstallKickstartInput['interfaces']>[number] = {
  ports: ['52:54:00:12:34:56'],
  bond: null,
  vlan: null,
  method: 'static',
  address: '10.0.0.5/24',
  gateway: null,
  nameservers: [],
};

function errorOf(run: () => unknown): LabError {
  try {
    run();
  } catch (error) {
    if (error instanceof LabError) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}

let assets: BastionAssets;
beforeAll(async () => {
  assets = await loadedAssets();
});

describe('the install kickstart', () => {
  it('has its sections in the order in which the installer runs them', () => {
    const text = renderInstallKickstart(assets, installInput(URL_));
    expect(sectionsOf(text).map((section) => section.opener)).toEqual([
      '%packages',
      '%pre --interpreter=/bin/bash --erroronfail',
      '%pre-install --interpreter=/bin/bash --erroronfail',
      '%post --nochroot --interpreter=/bin/bash',
      '%post --interpreter=/bin/bash --erroronfail',
      '%post --nochroot --interpreter=/bin/bash',
      '%onerror --interpreter=/bin/bash',
    ]);
    expect(text).toContain('\nnetwork --hostname=node1\n');
    expect(text).toContain('\n%include /tmp/network.ks\n%include /tmp/disk.ks\n');
  });

  it('lists the packages of profile and role once each', () => {
    const [packages] = sectionsOf(
      renderInstallKickstart(assets, installInput(URL_, { role: 'control-plane' })),
    );
    const lines = packages?.body.trim().split('\n') ?? [];
    expect(lines).toEqual(expect.arrayContaining(['@core', 'curl', 'efibootmgr', 'container-selinux']));
    expect(new Set(lines).size).toBe(lines.length);
  });

  it('renders for every profile, role and layout', () => {
    for (const profile of assets.profiles.keys()) {
      for (const role of assets.roles.keys()) {
        for (const layout of [null, ...assets.layouts.keys()]) {
          const text = renderInstallKickstart(assets, installInput(URL_, { profile, role, layout }));
          expect(text).toContain('logvol / --vgname=lab');
          expect(text).toContain(`url --url=${URL_}/assets/${profile}\n`);
          expect(text).toContain(`# ${assets.profiles.get(profile)?.title ?? '?'} on node1 (${role})`);
        }
      }
    }
    expect([...assets.profiles.keys()]).toEqual([
      ...['almalinux-10', 'almalinux-9', 'centos-stream-10', 'centos-stream-9', 'fedora-43', 'fedora-44'],
      ...['rocky-10', 'rocky-9'],
    ]);
  });

  it('gives each release the options that its installer knows', () => {
    const options = (name: string): readonly string[] => assets.profiles.get(name)?.arguments ?? [];
    expect(options('fedora-44')).toContain('inst.noninteractive');
    for (const name of ['almalinux-9', 'rocky-10', 'centos-stream-10']) {
      expect(options(name)).not.toContain('inst.noninteractive');
      expect(options(name)).toContain('inst.cmdline');
    }
  });

  it('has only layouts that fit on the disk they ask for', () => {
    for (const layout of assets.layouts.values()) {
      const mib = 600 + 1024 + 64 + layout.volumes.reduce((sum, volume) => sum + volume.sizeMiB, 0);
      expect(mib * 1_048_576).toBeLessThan(layout.minDiskBytes);
    }
  });

  const evil = [
    'x\n%end\n%post --nochroot\nrm -rf /',
    '$(reboot)',
    '`reboot`',
    "x'; reboot; '",
    'x"y',
    'a\u2028b',
    'a\rb',
    'a\u0000b',
    '${IFS}',
  ];
  const fields: [string, (value: string) => Partial<InstallKickstartInput>][] = [
    ['hostname', (hostname) => ({ hostname })],
    ['server', (server) => ({ server })],
    ['mac', (mac) => ({ mac })],
    ['bastionUrl', (bastionUrl) => ({ bastionUrl })],
    ['bastionUrl', (path) => ({ bastionUrl: `http://10.0.0.1/${path}` })],
    ['reportToken', (reportToken) => ({ reportToken: `${reportToken}0123456789abcdef` })],
    ['installId', (installId) => ({ installId })],
    ['disk.serial', (serial) => ({ disk: { serial } })],
    ['disk.byId', (byId) => ({ disk: { byId } })],
    ['sshKeys.0', (comment) => ({ sshKeys: [`${KEY} ${comment}`] })],
    ['users.0.name', (name) => ({ users: [{ name }] })],
    ['users.0.groups.0', (group) => ({ users: [{ name: 'ops', groups: [group] }] })],
    ['caCertificates.0', (text) => ({ caCertificates: [text] })],
    ['interfaces.0.address', (address) => ({ interfaces: [{ ...STATIC, address }] })],
    ['interfaces.0.gateway', (gateway) => ({ interfaces: [{ ...STATIC, gateway }] })],
    ['interfaces.0.nameservers.0', (server) => ({ interfaces: [{ ...STATIC, nameservers: [server] }] })],
    [
      'interfaces.0.bond.name',
      (name) => ({ interfaces: [{ ...STATIC, bond: { name, mode: 'active-backup' } }] }),
    ],
  ];
  it.each(fields.flatMap(([path, change]) => evil.map((value) => ({ path, value, change }))))(
    'refuses $value as $path, naming the field',
    ({ path, value, change }) => {
      const error = errorOf(() => renderInstallKickstart(assets, installInput(URL_, change(value))));
      expect(error.code).toBe('invalid');
      expect(error.errors.map((field) => field.path)).toContain(path);
      expect(error.hint).toContain(path);
      expect(`${error.message}${error.hint ?? ''}`).not.toContain(value);
    },
  );

  it.each(['profile', 'role', 'layout'] as const)('says which %s there are when one is unknown', (kind) => {
    const error = errorOf(() => renderInstallKickstart(assets, installInput(URL_, { [kind]: 'no\nsuch' })));
    expect(error.code).toBe('not-found');
    expect(error.hint).toMatch(/fedora-43|worker/);
    expect(error.message).not.toContain('\n');
  });
});

describe('a value in the shell data block', () => {
  it.each([
    "it's",
    '$(touch pwned)',
    '`id`',
    '"',
    '\\',
    "'; reboot #",
    '${x}',
    '!!',
    'LAB-DATA-END',
    '*',
    'ä €',
    '',
  ])('comes out of bash as it went in: %s', (value) => {
    const block = `(cat) <<'LAB-DATA-END' >data\n${shellData({ V: value, LIST: [value, 'b'] })}\nLAB-DATA-END\n. ./data; printf '%s|' "$V" "\${LIST[@]}"`;
    const run = spawnSync('bash', ['-c', `cd "$(mktemp -d)" && ${block}`], { encoding: 'utf8' });
    expect(run.stdout).toBe(`${value}|${value}|b|`);
  });

  it('is refused with control characters', () => {
    expect(errorOf(() => shellWord('LAB_X', "a'\nLAB-DATA-END\nreboot")).errors[0]?.path).toBe('LAB_X');
  });
});

describe('templates', () => {
  it('fail for a placeholder that nobody knows, in partials too', () => {
    const render = compileTemplates(
      new Map([
        ['a', '{{known}}{{unknown}}'],
        ['b', '{{> p}}'],
      ]),
      new Map([['p', '{{@root.scripts.none}}']]),
    );
    expect(errorOf(() => render('a', { known: 'x' })).code).toBe('internal');
    expect(errorOf(() => render('b', { scripts: {} })).code).toBe('internal');
    expect(errorOf(() => render('c', {})).code).toBe('not-found');
  });

  it.each([
    '%pre\nx\n',
    '%pre\n%post\n%end\n',
    '%end\n',
    '%pre\n%include /etc/shadow\n%end\n',
    '%pre\n\u001b[2J\n%end\n',
  ])('never make a broken kickstart: %j', (text) => {
    expect(errorOf(() => checkSections(text)).code).toBe('internal');
  });
});

describe('profiles', () => {
  const folder = async (text: string): Promise<string> => {
    const dir = await mkdtemp(join(tmpdir(), 'lab-profiles-'));
    await writeFile(join(dir, 'profile.yaml'), text);
    return dir;
  };
  const minimal =
    'name: test-1\ntitle: Test\nos: test\nversion: "1"\narch: x86_64\nkernel: vmlinuz\ninitrd: initrd.img\n';

  it('come from further folders too', async () => {
    const more = await loadAssets(ASSETS, [await folder(minimal)]);
    expect([...more.profiles.keys()]).toEqual([...assets.profiles.keys(), 'test-1']);
    const script = renderDiscoverIpxe(more, { ...MACHINE, profile: 'test-1' });
    expect(script).toContain(
      `kernel ${URL_}/assets/test-1/vmlinuz initrd=initrd.img inst.ks=${URL_}/ks/discovery`,
    );
    expect(renderInstallKickstart(more, installInput(URL_, { profile: 'test-1' }))).not.toContain('\nurl ');
  });

  it('may be there once only', async () => {
    const dir = await folder(minimal);
    await expect(loadProfiles([dir, await folder(minimal)])).rejects.toMatchObject({ code: 'invalid' });
  });

  it('may extend another, also of another folder', async () => {
    const dirs = [join(ASSETS, 'profiles'), await folder('extends: rocky-9\nname: mine-9\ntitle: Mine\n')];
    const profiles = await loadProfiles(dirs);
    expect(profiles.get('mine-9')).toEqual({ ...profiles.get('rocky-9'), name: 'mine-9', title: 'Mine' });
  });

  it.each([
    ['extends: nowhere-1\nname: a-1\n', "isn't there"],
    ['extends: a-1\nname: a-1\n', 'itself'],
    ['extends: [x]\nname: a-1\n', "isn't there"],
  ])('that extend what they can not are refused: %j', async (text, why) => {
    await expect(loadProfiles([await folder(text)])).rejects.toMatchObject({
      code: 'invalid',
      message: expect.stringContaining(why),
      errors: [{ path: 'extends' }],
    });
  });

  it('bring layouts of their own', async () => {
    const dir = await folder(minimal);
    await mkdir(join(dir, 'layouts'));
    const layout =
      'name: tiny\ntitle: Tiny\nminDiskBytes: 9000000000\ngroup: lab\nvolumes: [{ name: root, mount: /, sizeMiB: 4096 }]\n';
    await writeFile(join(dir, 'layouts/tiny.yaml'), layout);
    const more = await loadAssets(ASSETS, [dir]);
    expect(renderInstallKickstart(more, installInput(URL_, { layout: 'tiny' }))).toContain('--size=4096');
    await writeFile(join(dir, 'layouts/small.yaml'), layout.replace('tiny', 'small'));
    await expect(loadAssets(ASSETS, [dir])).rejects.toMatchObject({ code: 'invalid' });
  });

  it.each([
    ['kernel: ../../etc/passwd', 'kernel'],
    ['arguments: ["a b"]', 'arguments.0'],
    ['arguments: ["x=${net0/ip}"]', 'arguments.0'],
    ['packages: ["curl\\n%end"]', 'packages.0'],
    ['title: "a\\nb"', 'title'],
    ['colour: red', '(file)'],
  ])('with %s are refused, naming file and field', async (line, path) => {
    const key = line.split(':')[0] ?? '';
    const text = `${minimal.replace(new RegExp(`^${key}:.*\n`, 'm'), '')}${line}\n`;
    await expect(loadProfiles([await folder(text)])).rejects.toMatchObject({
      code: 'invalid',
      message: expect.stringContaining('profile.yaml'),
      errors: expect.arrayContaining([expect.objectContaining({ path })]),
    });
  });

  it('with an address template that asks for an unknown value are refused when used', async () => {
    const more = await loadAssets(ASSETS, [await folder(`${minimal}stage2: "{{secret}}/x"\n`)]);
    expect(errorOf(() => renderDiscoverIpxe(more, { ...MACHINE, profile: 'test-1' })).errors[0]?.path).toBe(
      'stage2',
    );
  });

  it('in a folder that is not there are an error of the environment', async () => {
    await expect(loadAssets('/nowhere')).rejects.toMatchObject({ code: 'environment' });
  });
});

it('the discovery kickstart holds no secret and one section', () => {
  const text = renderDiscoveryKickstart(assets, { bastionUrl: URL_ });
  expect(text).not.toContain('TOKEN');
  expect(sectionsOf(text)).toHaveLength(1);
});
