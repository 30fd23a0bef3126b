import { beforeAll, describe, expect, it } from '@jest/globals';
import { LabError } from '@lab/domain';
import { ipxeFaults } from '../../test/ipxe-commands.js';
import { assets as loadedAssets } from '../../test/kickstart/section-runner.js';
import type { BastionAssets } from './assets.loader.js';
import { bootMedium, reaches, type BootMedium } from './boot-medium.js';
import { ipxeText } from './context-values.js';
import {
  renderBootIpxe,
  renderDiscoverIpxe,
  renderInstallIpxe,
  renderLocalDiskIpxe,
  renderMediumIpxe,
} from './ipxe-script.renderer.js';
import { parseInput } from './render-input.js';

const URL_ = 'http://192.168.77.1:7071';
const BASTION = { bastionUrl: URL_, bastion: 'site-a' };
const MAC = '52:54:00:12:34:56';
const MACHINE = { ...BASTION, mac: MAC, reason: 'the server is installed' };
const KICKSTART_TOKEN = 'k'.repeat(43);

let assets: BastionAssets;
beforeAll(async () => {
  assets = await loadedAssets();
});

const medium = (input: object): BootMedium => parseInput(bootMedium, input, 'The boot medium');
const discover = (reason: string): string =>
  renderDiscoverIpxe(assets, { ...MACHINE, reason, profile: 'fedora-43' });
const install = (over: object = {}): string =>
  renderInstallIpxe(assets, {
    ...MACHINE,
    reason: 'an install is planned',
    server: 'node1',
    profile: 'fedora-43',
    kickstartToken: KICKSTART_TOKEN,
    ...over,
  });

function refusedPath(run: () => unknown): string | undefined {
  try {
    run();
  } catch (error) {
    if (error instanceof LabError) return error.errors[0]?.path;
    throw error;
  }
  throw new Error('nothing was refused');
}

const MEDIA: [string, object][] = [
  ['any machine', {}],
  ['one machine', { mac: [MAC, '52-54-00-AA-BB-CC'] }],
  ['an address', { address: '192.168.77.10/24' }],
  ['one machine with an address', { mac: [MAC], address: '10.1.2.3/8', gateway: '10.0.0.1', dns: '9.9.9.9' }],
];

describe('Every iPXE script', () => {
  it.each([
    ['the first one', () => renderBootIpxe(assets, BASTION)],
    ['discovery', () => discover('the machine is not known')],
    ['an install', () => install()],
    ['local boot', () => renderLocalDiskIpxe(assets, MACHINE)],
    ...MEDIA.map(([name, input]): [string, () => string] => [
      `a boot medium for ${name}`,
      () => renderMediumIpxe(assets, BASTION, medium(input)),
    ]),
  ])(
    'has only commands that iPXE knows, labels that are there, and no failure that ends it: %s',
    (_, render) => {
      expect(ipxeFaults(render())).toEqual([]);
    },
  );

  it('says which bastion it is from, on the screen', () => {
    const scripts = [
      renderBootIpxe(assets, BASTION),
      discover(''),
      install(),
      renderLocalDiskIpxe(assets, MACHINE),
    ];
    for (const script of scripts) expect(script).toContain(`\necho Bastion site-a at ${URL_}\n`);
  });

  it.each([
    'http://x/${net0/ip}',
    'http://x && reboot',
    'http://x/a\nshell',
    'http://x||y',
    'ftp://x',
    "http://x/'",
  ])('refuses the address %j', (bastionUrl) => {
    expect(refusedPath(() => renderBootIpxe(assets, { ...BASTION, bastionUrl }))).toBe('bastionUrl');
  });

  it('refuses a kickstart token that is not one', () => {
    expect(refusedPath(() => install({ kickstartToken: 'x && reboot ${net0/mac}' }))).toBe('kickstartToken');
  });

  it.each([
    ['no-profile: this bastion has no profile "x"', 'no-profile: this bastion has no profile x'],
    ['it’s ${net0/mac} && reboot || shell ; exit # all', 'its net0/mac reboot shell exit all'],
    ['a\nshell\r\u001b[2Jb\u2028c', 'a shell [2Jb c'],
    ['größer\u0000', 'gro er'],
    ['x'.repeat(500), `${'x'.repeat(157)}...`],
  ])('shows why as plain words: %j', (reason, shown) => {
    expect(ipxeText(reason)).toBe(shown);
    expect(discover(reason)).toContain(
      `\necho Discovery: reporting this machine (${ipxeText(reason)}`.slice(0, 120),
    );
    expect(ipxeFaults(discover(reason))).toEqual([]);
  });
});

describe('The checker of scripts', () => {
  it.each([
    ['an unknown command', 'reboott', /unknown command reboott/],
    ['a label that is not there', 'goto nowhere', /no such label/],
    ['a failure that ends the script', 'chain http://x', /would end the script/],
    ['an unknown option', 'chain --forever http://x || exit 1', /unknown option --forever/],
    ['too few arguments', 'iseq 1 || exit 1', /iseq takes 2/],
    ['a comment within a line', 'echo a # b', /comment/],
    ['an expansion that does not end', 'echo ${net0/mac', /does not end/],
    ['what is not ASCII', 'echo ä', /printable ASCII/],
  ])('finds %s', (_, line, fault) => {
    expect(ipxeFaults(`#!ipxe\n${line}\n`).join('\n')).toMatch(fault);
  });
});

describe('The first script', () => {
  it('chains to the machine’s own by the MAC of the port that booted', () => {
    expect(renderBootIpxe(assets, { ...BASTION, bastionUrl: `${URL_}/` })).toContain(
      `${URL_}/boot/\${net0/mac:hexhyp}.ipxe?uuid=\${uuid}&serial=\${serial:uristring}&platform=\${platform} || goto failed\n`,
    );
  });

  it('says what failed, what it tries again when, and what to look at', () => {
    expect(renderBootIpxe(assets, BASTION)).toMatch(
      /^echo The bastion site-a gave no answer \(the error is above\)\. Asking again in \$\{wait\} s\.\necho This port: .*\necho Check /m,
    );
  });
});

describe('The script of an installer', () => {
  const words = (script: string, line: number): string[] =>
    [...script.matchAll(/^kernel (.*)$/gm)][line]?.[1]?.split(' ') ?? [];

  it('boots the kernel with its kickstart', () => {
    expect(words(install(), 0)).toEqual([
      `${URL_}/assets/fedora-43/images/pxeboot/vmlinuz`,
      'initrd=initrd.img',
      `inst.ks=${URL_}/ks/install/${KICKSTART_TOKEN}`,
      'inst.ks.sendmac',
      'inst.ks.sendsn',
      `inst.stage2=${URL_}/assets/fedora-43`,
      `inst.repo=${URL_}/assets/fedora-43`,
      'BOOTIF=01-52-54-00-12-34-56',
      'rd.shell=0',
      'rd.emergency=reboot',
      'panic=60',
      ...(assets.profiles.get('fedora-43')?.arguments ?? []),
      '${medium}',
      '||',
      'goto',
      'failed',
    ]);
  });

  it('with a medium that brought an address has that one instead of DHCP, and all else', () => {
    const [dhcp, address] = [words(install(), 0), words(install(), 1)];
    expect(dhcp).toContain('ip=dhcp');
    expect(address).toEqual([
      ...dhcp.filter((word) => word !== 'ip=dhcp').slice(0, -4),
      '${ipargs}',
      '${medium}',
      '||',
      'goto',
      'failed',
    ]);
  });

  it('says what is installed on what, and why', () => {
    expect(install()).toContain('\necho Installing fedora-43 on node1 (an install is planned)\n');
    expect(discover('the machine is not known')).toContain(
      '\necho Discovery: reporting this machine (the machine is not known)\n',
    );
  });
});

describe('The script of local boot', () => {
  it('goes back to the firmware on UEFI and from a medium, and starts the first disk on BIOS', () => {
    const script = renderLocalDiskIpxe(assets, MACHINE);
    expect(script).toMatch(
      /\necho Booting from the local disk \(the server is installed\)\nisset \$\{medium\} && exit 1 \|\|\niseq \$\{platform\} pcbios \|\| exit 1\nsanboot --no-describe --drive 0x80 \|\| goto failed\n/,
    );
    expect(script).toMatch(/\nexit 1\n$/);
  });
});

describe('The script of a boot medium', () => {
  const script = (input: object): string => renderMediumIpxe(assets, BASTION, medium(input));

  it('asks for an address on each port in turn', () => {
    expect(script({})).toMatch(
      /\ndhcp net\$\{index\} \|\| goto closed\nchain [^\n]*\/boot\.ipxe \|\| goto closed\n/,
    );
    expect(script({})).not.toMatch(/iseq \$\{net|ipargs/);
  });

  it('for one machine goes on only with its ports, and says so on others', () => {
    const text = script({ mac: [MAC, '52-54-00-AA-BB-CC', MAC] });
    expect(text).toContain(
      `\niseq \${net\${index}/mac} ${MAC} || iseq \${net\${index}/mac} 52:54:00:aa:bb:cc || goto next\n`,
    );
    expect(text).toContain(`echo For the machine with the port ${MAC}, 52:54:00:aa:bb:cc only\n`);
    expect(text).toMatch(/:other\necho None of these is a port that this medium is for/);
  });

  it('is told apart from the network by what comes after it', () => {
    const told = /^set medium (.*)$/m.exec(script({}))?.[1];
    expect(told).toBe('lab.medium=1');
    expect(renderLocalDiskIpxe(assets, MACHINE)).toContain('isset ${medium} && exit 1 ||');
  });

  it('sets the address that it brings, and hands it to the installer', () => {
    const text = script({ address: '192.168.77.10/24', gateway: '192.168.77.254', dns: '192.168.77.53' });
    expect(text).not.toContain('\ndhcp');
    for (const line of [
      'set net${index}/ip 192.168.77.10',
      'set net${index}/netmask 255.255.255.0',
      'set net${index}/gateway 192.168.77.254',
      'set net${index}/dns 192.168.77.53',
      'set ipargs ip=192.168.77.10::192.168.77.254:255.255.255.0:::none nameserver=192.168.77.53',
    ]) {
      expect(text).toContain(`\n${line}\n`);
    }
    expect(script({ address: '10.9.8.6/30' })).toContain(
      '\nset ipargs ip=10.9.8.6:::255.255.255.252:::none\n',
    );
  });

  it.each([
    ['address', { address: '192.168.77.10' }],
    ['address', { address: '192.168.77.10/33' }],
    ['address', { address: '192.168.77.10/0' }],
    ['address', { address: '192.168.77.0/24' }],
    ['address', { address: '192.168.77.255/24' }],
    ['address', { address: '127.0.0.1/8' }],
    ['address', { address: '224.0.0.1/4' }],
    ['address', { address: '2001:db8::1/64' }],
    ['address', { address: '192.168.77.10/24 && reboot' }],
    ['address', { address: '${net0/ip}/24' }],
    ['gateway', { address: '192.168.77.10/24', gateway: '10.0.0.1' }],
    ['gateway', { address: '192.168.77.10/24', gateway: '192.168.77.10' }],
    ['gateway', { gateway: '192.168.77.1' }],
    ['dns', { dns: '192.168.77.1' }],
    ['dns', { address: '192.168.77.10/24', dns: 'dns.example' }],
    ['mac.0', { mac: ['52:54:00:12:34'] }],
    ['mac.1', { mac: [MAC, '${net0/mac}'] }],
    ['mac', { mac: Array.from({ length: 17 }, (_, index) => `52:54:00:00:00:${10 + index}`) }],
  ])('refuses %s in %j', (path, input) => {
    expect(refusedPath(() => medium(input))).toBe(path);
  });

  it('knows whether an address leads to the bastion', () => {
    const way = (input: object): boolean | null => {
      const { address } = medium(input);
      return address === null ? null : reaches(address, URL_);
    };
    expect(way({ address: '192.168.77.10/24' })).toBe(true);
    expect(way({ address: '10.0.0.2/24' })).toBe(false);
    expect(way({ address: '10.0.0.2/24', gateway: '10.0.0.1' })).toBe(true);
  });
});
