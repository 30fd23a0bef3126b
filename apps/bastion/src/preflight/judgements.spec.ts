import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { judgeIpxe, judgeProfiles } from './boot-files.check.js';
import { discover, readOffer } from './dhcp-packet.js';
import type { HeardOffer } from './dhcp-probe.js';
import { judgeDhcpServers, type AskedSegment } from './dhcp-servers.js';
import { judgeDnsmasq } from './dnsmasq.check.js';
import type { Finding } from './finding.js';
import { judgeFolder, type FolderFacts } from './folder.check.js';
import { judgeInterface, type InterfaceFacts } from './interfaces.check.js';
import { judgeClock, judgeLabd, labdFacts, type LabdFacts } from './labd.check.js';
import { judgeListening, type ListeningFacts } from './listening.check.js';
import { judgePort, socketsIn, type NeededPort, type UsedPort } from './ports.check.js';
import { judgeReach } from './reach.check.js';
import { judgeRights } from './rights.check.js';
import { judgeOwnLink, judgeRunning, type RunningBastion } from './running-bastion.js';
import { servedInterfaces, type ServedInterface } from './site.js';

const said = (findings: Finding | readonly Finding[]): string[] =>
  [findings].flat().map(({ status, message }) => `${status}: ${message}`);
const GIB = 2 ** 30;

describe('a folder', () => {
  const facts: FolderFacts = {
    ...{ folder: '/var/lib/lab', exists: true, nearest: '/var/lib/lab', isFolder: true, refusal: null },
    ...{ fileSystem: 0xef53, freeBytes: 20 * GIB, freeFiles: 1000 },
  };
  it.each<[Partial<FolderFacts>, string]>([
    [{}, 'ok: /var/lib/lab, 20.0 GiB free'],
    [{ exists: false, nearest: '/var/lib' }, 'ok: /var/lib/lab, 20.0 GiB free; made at the start'],
    [{ isFolder: false, nearest: '/var/lib/lab' }, 'failed: /var/lib/lab is no folder'],
    [{ refusal: 'EACCES' }, 'failed: nothing can be written into /var/lib/lab: EACCES'],
    [{ refusal: 'ENOSPC' }, 'failed: nothing can be written into /var/lib/lab: it is full'],
    [{ refusal: 'EROFS' }, 'failed: nothing can be written into /var/lib/lab: it is mounted read-only'],
    [
      { fileSystem: 0x01021994 },
      'warning: /var/lib/lab is in memory: a restart of this machine loses machines, logs and the credential for labd',
    ],
    [
      { folder: '/tmp/lab-bastion' },
      'warning: /tmp/lab-bastion lies where files are removed by themselves, after days or at a restart',
    ],
    [{ folder: '/tmpfoo' }, 'ok: /tmpfoo, 20.0 GiB free'],
    [{ freeBytes: GIB }, 'warning: 1.0 GiB free in /var/lib/lab'],
    [{ freeBytes: 5 * 2 ** 20 }, 'failed: 5 MiB free in /var/lib/lab'],
    [{ freeFiles: 0 }, 'failed: no file can be made in /var/lib/lab: no inodes are left'],
    [{ freeFiles: null }, 'ok: /var/lib/lab, 20.0 GiB free'],
  ])('%j', (over, expected) => {
    expect(said(judgeFolder({ ...facts, ...over }))).toEqual([expected]);
  });
});

describe('an interface', () => {
  const facts: InterfaceFacts = {
    ...{ name: 'lab0', exists: true, isUp: true, hasCarrier: true, mtu: 1500, isBridge: false, master: null },
    ...{
      addresses: [{ address: '192.168.77.1', netmask: '255.255.255.0' }],
      isWireless: false,
      others: ['eth0', 'lab0'],
    },
  };
  const range = { from: '192.168.77.100', to: '192.168.77.200', netmask: null };
  const wanted: ServedInterface = { name: 'lab0', mode: 'full', range };
  it.each<[Partial<InterfaceFacts>, Partial<ServedInterface>, string]>([
    [{}, {}, 'ok: lab0 is up, with 192.168.77.1, MTU 1500'],
    [{}, { range: null }, 'ok: lab0 is up, with 192.168.77.1, MTU 1500'],
    [{ exists: false }, {}, 'failed: there is no interface lab0'],
    [{ isUp: false, hasCarrier: null }, {}, 'failed: lab0 is down'],
    [{ hasCarrier: false }, {}, 'failed: lab0 has no link'],
    [{ hasCarrier: false, isBridge: true }, {}, 'failed: the bridge lab0 has no port with a link'],
    [{ master: 'br0' }, {}, 'failed: lab0 is a port of br0, which has the address and gets the packets'],
    [
      { isWireless: true },
      {},
      "warning: lab0 is wireless: access points don't pass on what netboot needs from other addresses",
    ],
    [{ addresses: [] }, {}, 'failed: lab0 has no IPv4 address'],
    [
      { addresses: [{ address: '10.0.0.1', netmask: '255.255.255.0' }] },
      {},
      'failed: lab0 has 10.0.0.1 (255.255.255.0): no address in the network of BASTION_DHCP_RANGE, which begins at 192.168.77.100',
    ],
    [
      { addresses: [{ address: '10.0.0.1', netmask: '255.255.255.0' }, ...facts.addresses] },
      {},
      'ok: lab0 is up, with 10.0.0.1, 192.168.77.1, MTU 1500',
    ],
    [
      {},
      { range: { ...range, to: '192.168.78.9' } },
      'failed: BASTION_DHCP_RANGE goes from 192.168.77.100 to 192.168.78.9, beyond the network of lab0 (192.168.77.1 (255.255.255.0))',
    ],
    [
      {},
      { range: { ...range, netmask: '255.255.0.0' } },
      'failed: BASTION_DHCP_RANGE gives machines the netmask 255.255.0.0, lab0 has 255.255.255.0',
    ],
    [
      {},
      { range: { ...range, to: '192.168.77.255' } },
      'failed: BASTION_DHCP_RANGE holds the last address of its network, which no machine may have',
    ],
    [
      {},
      { mode: 'proxy', range: { from: '192.168.77.0', to: '192.168.77.0', netmask: null } },
      'ok: lab0 is up, with 192.168.77.1, MTU 1500',
    ],
    [
      { mtu: 1400 },
      {},
      'warning: lab0 has an MTU of 1400: machines begin with 1500, and what they send in one piece may not arrive',
    ],
    [
      { mtu: 9000 },
      {},
      'warning: lab0 has an MTU of 9000: firmware and installers begin with 1500, and each switch between has to take more',
    ],
    [{ mtu: null, hasCarrier: null }, {}, 'ok: lab0 is up, with 192.168.77.1, MTU unknown'],
  ])('%j, wanted as %j', (over, want, expected) => {
    expect(said(judgeInterface({ ...facts, ...over }, { ...wanted, ...want }))).toEqual([expected]);
  });
});

describe('other DHCP servers', () => {
  const offer = (server: string, over: Partial<HeardOffer> = {}): HeardOffer => ({
    ...{
      server,
      address: '192.168.77.50',
      netmask: null,
      router: null,
      domain: null,
      bootFile: null,
      isPxe: false,
    },
    ...{ kind: 'plain', mac: null, ...over },
  });
  const judge = (offers: HeardOffer[], over: { mode?: 'full' | 'proxy'; isServing?: boolean } = {}) => {
    const served: ServedInterface = { name: 'lab0', mode: over.mode ?? 'full', range: null };
    const segment: AskedSegment = {
      served,
      own: ['192.168.77.1'],
      isServing: over.isServing ?? false,
      answers: { offers },
    };
    return said(judgeDhcpServers(segment));
  };
  const NONE =
    'ok: no other DHCP server answered on lab0; that no other server answered is no proof: switches may keep answers back (DHCP snooping)';
  const proxy = { address: '0.0.0.0', isPxe: true, kind: 'pxe' as const };

  it.each<[string, string[], string[]]>([
    ['nobody', judge([]), [NONE]],
    ['our own, which serves', judge([offer('192.168.77.1')], { isServing: true }), [NONE]],
    [
      'our own machine, not our bastion',
      judge([offer('192.168.77.1')]),
      [
        "failed: a DHCP server of this machine itself answers on lab0 as 192.168.77.1, and it isn't this bastion's",
      ],
    ],
    [
      'our own is silent',
      judge([], { isServing: true }),
      ["warning: the bastion's own DHCP server offered nothing on lab0"],
    ],
    [
      'two, each once, in order',
      judge([
        offer('192.168.77.9'),
        offer('192.168.77.10'),
        offer('192.168.77.9', { kind: 'pxe', bootFile: 'x' }),
      ]),
      [
        'failed: another DHCP server gives addresses on lab0: 192.168.77.9 (offered 192.168.77.50, boot file "x")',
        'failed: another DHCP server gives addresses on lab0: 192.168.77.10 (offered 192.168.77.50)',
      ],
    ],
    [
      'a foreign proxy',
      judge([offer('192.168.77.9', proxy)]),
      ['failed: another netboot server answers machines on lab0: 192.168.77.9'],
    ],
    [
      'proxy mode, the site’s server',
      judge([offer('192.168.77.9')], { mode: 'proxy' }),
      ['ok: 192.168.77.9 gives the addresses on lab0'],
    ],
    [
      'proxy mode, nobody',
      judge([offer('192.168.77.1', proxy)], { mode: 'proxy', isServing: true }),
      ['failed: no DHCP server gives addresses on lab0, and in proxy mode the bastion gives none either'],
    ],
    [
      'proxy mode, a server with a boot file of its own',
      judge([offer('192.168.77.9', { bootFile: 'pxelinux.0' })], { mode: 'proxy' }),
      [
        'warning: the DHCP server of lab0 tells machines what to boot: 192.168.77.9 (offered 192.168.77.50, boot file "pxelinux.0")',
      ],
    ],
    [
      'proxy mode, a second proxy',
      judge([offer('192.168.77.9'), offer('192.168.77.10', proxy)], { mode: 'proxy' }),
      [
        'ok: 192.168.77.9 gives the addresses on lab0',
        'failed: another netboot server answers machines on lab0: 192.168.77.10',
      ],
    ],
  ])('%s', (_, findings, expected) => {
    expect(findings).toEqual(expected);
  });

  it('says why nobody was asked', () => {
    const segment: AskedSegment = {
      served: { name: 'lab0', mode: 'full', range: null },
      own: [],
      isServing: false,
      answers: { refusal: 'this user may not use port 68' },
    };
    expect(said(judgeDhcpServers(segment))).toEqual([
      'skipped: whether another DHCP server is on lab0 was not asked: this user may not use port 68',
    ]);
  });
});

describe('a DHCP packet', () => {
  const mac = Buffer.from('024c41000001', 'hex');
  const reply = (options: number[], over: (packet: Buffer) => void = () => undefined): Buffer => {
    const packet = Buffer.concat([
      discover({ xid: 7, mac, kind: 'plain' }).subarray(0, 240),
      Buffer.from([53, 1, 2, ...options, 255]),
    ]);
    packet[0] = 2;
    over(packet);
    return packet;
  };
  it('is an offer by its type, its number and its cookie', () => {
    expect(readOffer(reply([54, 4, 10, 0, 0, 1]), 7, 'x')).toMatchObject({
      server: '10.0.0.1',
      address: '0.0.0.0',
      isPxe: false,
    });
    expect(readOffer(reply([]), 7, '10.0.0.2')?.server).toBe('10.0.0.2');
    expect(readOffer(reply([]), 8, 'x')).toBeUndefined();
    expect(
      readOffer(
        reply([], (packet) => (packet[0] = 1)),
        7,
        'x',
      ),
    ).toBeUndefined();
    expect(
      readOffer(
        reply([], (packet) => (packet[236] = 0)),
        7,
        'x',
      ),
    ).toBeUndefined();
    expect(
      readOffer(
        reply([], (packet) => (packet[242] = 5)),
        7,
        'x',
      ),
    ).toBeUndefined();
  });
  it('has texts that are shown without control characters, at a bounded length', () => {
    const domain = [...Buffer.from(`a\u001b[2J${'x'.repeat(200)}`)];
    const offer = readOffer(reply([15, domain.length, ...domain]), 7, 'x');
    expect(offer?.domain).toMatch(/^a\uFFFD\[2Jx+…$/);
    expect(offer?.domain?.length).toBe(80);
  });
  it('may be cut anywhere, or be noise, and is then no more than what is whole in it', () => {
    const whole = reply([54, 4, 10, 0, 0, 1, 15, 3, 108, 97, 98]);
    for (let length = 0; length <= whole.length; length += 1) {
      const offer = readOffer(whole.subarray(0, length), 7, 'from');
      expect(offer === undefined || ['10.0.0.1', 'from'].includes(offer.server)).toBe(true);
    }
    expect(readOffer(reply([15, 255, 1]), 7, 'from')?.domain).toBeNull();
    expect(readOffer(reply([54, 2, 1, 1]), 7, 'from')?.server).toBe('from');
  });
  it('takes the file field for options where the server says so', () => {
    const named = (packet: Buffer): void => void packet.write('boot.efi', 108, 'latin1');
    expect(readOffer(reply([], named), 7, 'x')?.bootFile).toBe('boot.efi');
    expect(readOffer(reply([52, 1, 1, 67, 1, 97], named), 7, 'x')?.bootFile).toBe('a');
  });
});

describe('a port', () => {
  const needed: NeededPort = {
    ...{ protocol: 'udp', port: 67, purpose: 'DHCP', addresses: ['192.168.77.1'] },
    shared: true,
    fix: 'End it.',
  };
  const used = (over: Partial<UsedPort> = {}): UsedPort => ({
    ...{ protocol: 'udp', address: '0.0.0.0', port: 67, inode: '1' },
    owner: undefined,
    ...over,
  });
  const owner = (command: string, isOurs = false) => ({ pid: 5, command, isOurs });
  it.each<[string, UsedPort[], Partial<NeededPort>, string]>([
    ['nobody', [], {}, 'ok: udp 67 (DHCP) is free'],
    ['ours', [used({ owner: owner('dnsmasq', true) })], {}, 'ok: udp 67 (DHCP) is held by this bastion'],
    [
      'another',
      [used({ owner: owner('/usr/sbin/dhcpd -f') })],
      {},
      'failed: udp 67 (DHCP) is in use by /usr/sbin/dhcpd -f (process 5) on all addresses',
    ],
    [
      'libvirt',
      [used({ owner: owner('/usr/sbin/dnsmasq --conf-file=x') })],
      {},
      'warning: udp 67 (DHCP) is in use by /usr/sbin/dnsmasq --conf-file=x (process 5) on all addresses',
    ],
    [
      'a dnsmasq on a port that is not shared',
      [used({ owner: owner('dnsmasq') })],
      { shared: false },
      'failed: udp 67 (DHCP) is in use by dnsmasq (process 5) on all addresses',
    ],
    [
      'unseen',
      [used()],
      {},
      'failed: udp 67 (DHCP) is in use by a process that only root may see on all addresses',
    ],
    ['on another address', [used({ address: '10.0.0.1' })], {}, 'ok: udp 67 (DHCP) is free'],
    [
      'on ours',
      [used({ address: '192.168.77.1' })],
      {},
      'failed: udp 67 (DHCP) is in use by a process that only root may see on 192.168.77.1',
    ],
    [
      'every address is wanted',
      [used({ address: '10.0.0.1' })],
      { addresses: ['0.0.0.0'] },
      'failed: udp 67 (DHCP) is in use by a process that only root may see on 10.0.0.1',
    ],
    ['by TCP', [used({ protocol: 'tcp' })], {}, 'ok: udp 67 (DHCP) is free'],
  ])('%s', (_, sockets, over, expected) => {
    expect(said(judgePort({ ...needed, ...over }, sockets))).toEqual([expected]);
  });

  it('is read from the kernel’s tables', () => {
    const table = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref pointer drops
   0: 014DA8C0:0043 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 11 2 0 0
   1: 00000000:0045 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 12 2 0 0
   2: 0100007F:0045 0100007F:0046 01 00000000:00000000 00:00000000 00000000     0        0 13 2 0 0
   3: 00000000000000000000000000000000:0045 00000000000000000000000000000000:0000 07 00000000:00000000 00:00000000 00000000 0 0 14 2 0 0
   4: 0000000000000000FFFF0000014DA8C0:0045 00000000000000000000000000000000:0000 07 00000000:00000000 00:00000000 00000000 0 0 15 2 0 0
`;
    expect(socketsIn(table, 'udp').map(({ address, port, inode }) => [address, port, inode])).toEqual([
      ['192.168.77.1', 67, '11'],
      ['0.0.0.0', 69, '12'],
      ['::', 69, '14'],
      ['192.168.77.1', 69, '15'],
    ]);
    expect(socketsIn('', 'tcp')).toEqual([]);
  });
});

describe('dnsmasq', () => {
  const version = (text: string, options = 'IPv6 GNU-getopt DHCP DHCPv6 TFTP') => ({
    output: `Dnsmasq version ${text}  Copyright (c) 2000-2022 Simon Kelley\nCompile time options: ${options}\n`,
  });
  it.each<[Parameters<typeof judgeDnsmasq>[1], 'full' | 'proxy', string]>([
    [version('2.90'), 'full', 'ok: version 2.90'],
    [version('2.92'), 'full', 'ok: version 2.92'],
    [
      version('2.92'),
      'proxy',
      'failed: dnsmasq 2.92 breaks PXE beside another DHCP server: its answers on port 4011 go to the wrong port',
    ],
    [version('2.93'), 'proxy', 'ok: version 2.93'],
    [
      version('2.92rc1'),
      'proxy',
      'failed: dnsmasq 2.92 breaks PXE beside another DHCP server: its answers on port 4011 go to the wrong port',
    ],
    [version('2.76'), 'full', 'failed: dnsmasq 2.76 is too old'],
    [version('2.90', 'no-DHCP no-TFTP'), 'full', 'failed: dnsmasq 2.90 was built without DHCP and TFTP'],
    [
      { output: 'BusyBox\u001b v1' },
      'full',
      'failed: dnsmasq is another program: it said "BusyBox\uFFFD v1"',
    ],
    [{ error: 'it is not installed' }, 'full', "failed: dnsmasq can't be run: it is not installed"],
  ])('%j in %s mode', (answer, mode, expected) => {
    expect(said(judgeDnsmasq('dnsmasq', answer, mode))).toEqual([expected]);
  });
});

it.each<[string, boolean, string]>([
  ['000001ffffffffff', true, 'ok: DHCP may be served'],
  ['0000000000003400', true, 'ok: DHCP may be served'],
  [
    '0000000000000000',
    false,
    "failed: DHCP can't be served: CAP_NET_BIND_SERVICE, CAP_NET_ADMIN, CAP_NET_RAW are missing",
  ],
  ['0000000000001400', true, "failed: DHCP can't be served: CAP_NET_RAW is missing"],
  ['000001ffffffffff', false, "failed: DHCP can't be served: CAP_NET_BIND_SERVICE is missing"],
])('rights %s, low port %s', (effective, canBind, expected) => {
  expect(said(judgeRights({ effective, canBind }))).toEqual([expected]);
});

it('iPXE that is missing is grave for those who need it', () => {
  const facts = { servesDhcp: true, efi: '/x/ipxe.efi', bios: '/x/undionly.kpxe', places: '/x' };
  expect(said(judgeIpxe(facts))).toEqual(['ok: /x/ipxe.efi, /x/undionly.kpxe']);
  expect(said(judgeIpxe({ ...facts, bios: null }))).toEqual([
    "warning: iPXE for BIOS machines (undionly.kpxe) is not in /x: they can't netboot",
  ]);
  expect(said(judgeIpxe({ ...facts, efi: null }))).toEqual(['failed: iPXE for UEFI machines is not in /x']);
  expect(said(judgeIpxe({ ...facts, efi: null, servesDhcp: false }))).toEqual([
    'warning: iPXE for UEFI machines is not in /x',
  ]);
});

it('the profile of discovery has to be whole, others once they are ordered; the fix names the command', () => {
  const missing = ['a', 'b', 'c', 'd'];
  const judge = (...profiles: [string, string[]][]) =>
    judgeProfiles(
      profiles.map(([name, files]) => ({ name, missing: files })),
      'fedora-43',
    );
  expect(said(judge(['fedora-43', []], ['rocky-9', missing]))).toEqual([
    'ok: not here, and refused if ordered: rocky-9 (labctl bastion assets pull NAME)',
    'ok: can be installed: fedora-43',
  ]);
  const [first] = judge(['fedora-43', missing], ['rocky-9', []]);
  expect(first?.message).toBe('fedora-43, which machines are discovered with, misses a, b, c and 1 more');
  expect(first?.fix).toContain('labctl bastion assets pull fedora-43');
  expect(said(judge(['rocky-9', []]))[0]).toMatch(/^failed: there is no profile fedora-43/);
  expect(said(judge(['fedora-43', missing], ['rocky-9', missing]))[1]).toBe(
    'warning: no profile can be installed: rocky-9 miss files, too',
  );
});

describe('labd', () => {
  const facts: LabdFacts = {
    ...{ url: 'https://labd', unreachable: null, aheadMs: 0, credential: 'accepted' },
    joinToken: undefined,
  };
  it.each<[Partial<LabdFacts>, string[]]>([
    [{}, ['ok: https://labd answers', 'ok: agrees with labd', 'ok: labd accepts this bastion']],
    [
      { credential: 'refused' },
      [
        'ok: https://labd answers',
        'ok: agrees with labd',
        "failed: labd doesn't accept this bastion's credential: it was revoked, or the bastion was deleted",
      ],
    ],
    [
      { credential: 'none' },
      [
        'ok: https://labd answers',
        'ok: agrees with labd',
        'failed: this bastion is not enrolled with https://labd, and has no join token',
      ],
    ],
    [
      { credential: 'none', joinToken: null },
      [
        'ok: https://labd answers',
        'ok: agrees with labd',
        'ok: not enrolled yet; there is a join token for the first start',
      ],
    ],
    [
      { credential: 'none', joinToken: 'ENOENT' },
      [
        'ok: https://labd answers',
        'ok: agrees with labd',
        "failed: this bastion is not enrolled with https://labd, and its join token can't be read: ENOENT",
      ],
    ],
    [
      { unreachable: 'ECONNREFUSED', credential: 'unknown' },
      [
        "failed: labd at https://labd doesn't answer: ECONNREFUSED",
        'skipped: not compared: labd is not reached',
      ],
    ],
  ])('%j', (over, expected) => {
    expect(said(judgeLabd({ ...facts, ...over }))).toEqual(expected);
  });
  it.each<[number | null, RegExp]>([
    [null, /^skipped: not compared/],
    [-5_000, /^ok: agrees/],
    [5_001, /^warning: this machine's clock is 5 s ahead of labd's$/],
    [-60_000, /^warning: this machine's clock is 60 s behind labd's$/],
    [60_001, /^failed: this machine's clock is 60 s ahead of labd's: tokens/],
    [-7_200_000, /^failed: this machine's clock is 2 h behind/],
  ])('a clock that is ahead by %s ms', (ahead, expected) => {
    expect(said(judgeClock(ahead))).toEqual([expect.stringMatching(expected)]);
  });
});

describe('the address for machines', () => {
  const facts: ListeningFacts = {
    url: 'http://192.168.77.1:7071',
    host: '0.0.0.0',
    servesDhcp: true,
    own: ['127.0.0.1', '192.168.77.1'],
  };
  it.each<[Partial<ListeningFacts>, string]>([
    [{}, 'ok: machines are told http://192.168.77.1:7071'],
    [
      { host: '127.0.0.1' },
      'failed: the bastion listens on 127.0.0.1, where only programs of this machine reach it',
    ],
    [
      { host: '127.0.0.1', servesDhcp: false },
      'warning: the bastion listens on 127.0.0.1, where only programs of this machine reach it',
    ],
    [{ url: 'http://127.0.0.1:1' }, 'failed: machines are told http://127.0.0.1:1, which is themselves'],
    [
      { url: 'http://10.0.0.1' },
      'warning: machines are told http://10.0.0.1, which is no address of this machine',
    ],
    [
      { host: '10.1.1.1' },
      'warning: machines are told http://192.168.77.1:7071, but the bastion listens on 10.1.1.1',
    ],
  ])('%j', (over, expected) => {
    expect(said(judgeListening({ ...facts, ...over }))).toEqual([expected]);
  });
});

it('what was not tried says how to try it', () => {
  const [finding] = judgeReach({
    name: 'eth1',
    address: '10.0.0.1',
    httpPort: 7071,
    servesTftp: true,
    answers: { untried: 'eth1 is no bridge' },
  });
  expect(finding).toMatchObject({
    status: 'skipped',
    fix: expect.stringContaining('tftp://10.0.0.1/ipxe.efi, and curl http://10.0.0.1:7071/readyz'),
  });
});

it('a bastion that runs says how it is, and whether labd has it', () => {
  const readiness = { status: 'ready', dhcp: 'running', link: 'established' };
  const running: RunningBastion = { pid: 5, url: 'http://127.0.0.1:7071', environment: {}, readiness };
  expect(said(judgeRunning(running, '/x'))).toEqual([
    'ok: process 5 at http://127.0.0.1:7071 is ready; DHCP running',
  ]);
  expect(said(judgeRunning({ ...running, readiness: null }, '/x'))).toEqual([
    'failed: process 5 does not answer at http://127.0.0.1:7071',
  ]);
  expect(
    said(judgeRunning({ ...running, readiness: { ...readiness, dhcp: 'down' }, environment: null }, '/x')),
  ).toEqual([
    'failed: process 5 runs, but its DHCP server is down: machines get no addresses',
    "warning: the settings of process 5 can't be read: those of this shell are taken for them",
  ]);
  expect(said(judgeOwnLink(running))).toEqual(['ok: the link with labd is up']);
  expect(said(judgeOwnLink({ ...running, readiness: { ...readiness, link: 'enrolling' } }))).toEqual([
    'failed: the link with labd is enrolling',
  ]);
});

it('labd’s network of an interface says how it is served, else the environment does', () => {
  const range = { from: '192.168.77.100', to: '192.168.77.200', netmask: null, lease: '1h' };
  const dhcp = { interfaces: ['lab0', 'lab1'], range, mode: 'full' as const };
  const local = [
    { name: 'lab0', addresses: [{ address: '192.168.77.1', netmask: '255.255.255.0' }] },
    { name: 'lab1', addresses: [{ address: '10.0.8.1', netmask: '255.255.255.0' }] },
  ];
  const served = (...networks: { cidr: string; mode: 'full' | 'proxy' }[]) =>
    servedInterfaces({ dhcp }, networks, local).map((entry) => [
      entry.name,
      entry.mode,
      entry.range?.from ?? null,
    ]);
  expect(served({ cidr: '10.0.8.0/24', mode: 'proxy' })).toEqual([
    ['lab0', 'full', '192.168.77.100'],
    ['lab1', 'proxy', null],
  ]);
  expect(served({ cidr: '192.168.0.0/16', mode: 'proxy' }, { cidr: 'nonsense', mode: 'full' })[0]).toEqual([
    'lab0',
    'proxy',
    null,
  ]);
  expect(servedInterfaces({ dhcp: null }, [], local)).toEqual([]);
});

it('leaves a damaged credential where it is', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'lab-preflight-'));
  try {
    await writeFile(join(folder, 'labd-credential.json'), '{');
    const facts = await labdFacts({ url: 'http://127.0.0.1:9', joinTokenFile: null }, folder, true);
    expect(facts).toMatchObject({ credential: 'none', unreachable: expect.any(String) });
    expect(await readdir(folder)).toEqual(['labd-credential.json']);
  } finally {
    await rm(folder, { recursive: true });
  }
});
