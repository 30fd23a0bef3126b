import { beforeEach, describe, expect, it } from '@jest/globals';
import { MAX_NETBOOT_EVENTS } from '@lab/protocol';
import { macOf } from '../../test/bastion-fixture.js';
import { parseDnsmasqLine } from './dnsmasq-log.js';
import { NetbootJournal } from './netboot-journal.js';
import { NetbootNarrator } from './netboot-narrator.js';

const MAC = macOf('52:54:00:00:00:12');
const OTHER = macOf('52:54:00:00:00:34');
const machineNumber = (number: number) =>
  macOf(
    `52:54:00:${[16, 8, 0].map((shift) => ((number >> shift) & 255).toString(16).padStart(2, '0')).join(':')}`,
  );

describe('What happened to a machine', () => {
  let now: number;
  let known: Set<string>;
  let journal: NetbootJournal;
  let narrator: NetbootNarrator;
  let findings: string[];
  beforeEach(() => {
    now = 1_000_000;
    known = new Set();
    findings = [];
    journal = new NetbootJournal({ isKnown: (mac) => known.has(mac), clock: { now: () => now } });
    narrator = new NetbootNarrator({
      add: (mac, event) => journal.add(mac, event),
      finding: (text) => findings.push(text),
      neighbours: (address) => Promise.resolve(address === '10.0.0.77' ? OTHER : null),
    });
  });
  const say = (...lines: string[]): void => {
    for (const line of lines) {
      const parsed = parseDnsmasqLine(line);
      if (parsed !== null) narrator.take(parsed);
    }
    narrator.flush();
  };
  const of = (mac = MAC): string[] =>
    journal.of(mac).map(({ type, address, text }) => `${type} ${address ?? '-'} ${text}`);
  const dhcp = (text: string): string => `dnsmasq-dhcp[1]: ${text}`;
  const tftp = (text: string): string => `dnsmasq-tftp[1]: ${text}`;

  it('is told from power-on to iPXE, in full mode', () => {
    say(
      dhcp('7 vendor class: PXEClient:Arch:00007:UNDI:003016'),
      dhcp(`7 DHCPDISCOVER(lab0) ${MAC} `),
      dhcp(`7 DHCPOFFER(lab0) 10.0.0.5 ${MAC} `),
      dhcp('7 sent size:  9 option: 67 bootfile-name  ipxe.efi'),
      dhcp(`7 DHCPREQUEST(lab0) 10.0.0.5 ${MAC} `),
      dhcp(`7 DHCPACK(lab0) 10.0.0.5 ${MAC} node1`),
      dhcp('7 bootfile name: ipxe.efi'),
      tftp('error 8 User aborted the transfer received from 10.0.0.5'),
      tftp('sent /lab/tftp/ipxe.efi to 10.0.0.5'),
      tftp('sent /lab/tftp/ipxe.efi to 10.0.0.5'),
      tftp('file /lab/tftp/autoexec.ipxe not found for 10.0.0.5'),
    );
    expect(of()).toEqual([
      'discover - firmware (UEFI x64) asks for an address',
      'offer 10.0.0.5 was offered an address; boot file ipxe.efi',
      'lease 10.0.0.5 got its address as node1; boot file ipxe.efi',
      // The first "sent" is of the question for the size, which the machine broke off.
      'boot-file 10.0.0.5 fetched ipxe.efi by TFTP',
    ]);
  });

  it('is told in proxy mode, where the address is of another server', async () => {
    say(
      dhcp('8 vendor class: PXEClient:Arch:00000:UNDI:002001'),
      dhcp(`8 PXE(lab0) ${OTHER} proxy`),
      dhcp('9 vendor class: PXEClient:Arch:00099:UNDI:002001'),
      dhcp(`9 PXE(lab0) ${MAC} proxy-ignored`),
      tftp('sent /lab/tftp/undionly.kpxe to 10.0.0.77'),
      tftp('sent /lab/tftp/undionly.kpxe to 10.0.0.78'),
    );
    await Promise.resolve();
    expect(of(OTHER)).toEqual([
      'offer - firmware (BIOS) was told where to boot from',
      'boot-file 10.0.0.77 fetched undionly.kpxe by TFTP',
    ]);
    expect(of()).toEqual([
      'discover - firmware (unknown architecture 99) asks what to boot: there is nothing for it',
    ]);
  });

  it('is told when it goes wrong', () => {
    say(
      dhcp(`1 DHCPDISCOVER(lab0) ${MAC} no address available`),
      dhcp(`2 DHCPNAK(lab0) 10.0.0.9 ${MAC} wrong network`),
      dhcp(`3 DHCPACK(lab0) 10.0.0.5 ${MAC} wrong network`),
      tftp('file /lab/tftp/nothing not found for 10.0.0.5'),
      tftp('error 3 Disk full received from 10.0.0.5'),
      tftp('cannot access /lab/tftp/x: Permission denied'),
      dhcp('no address range available for DHCP request via 10.9.200.1'),
    );
    expect(of()).toEqual([
      'no-address - the machine asks for an address, and all are taken',
      'refused 10.0.0.9 wrong network',
      'lease 10.0.0.5 got its address as wrong network',
      'tftp-error 10.0.0.5 TFTP: asked for /lab/tftp/nothing, which is not here',
      'tftp-error 10.0.0.5 TFTP error 3: Disk full',
    ]);
    expect(findings).toEqual([
      "TFTP can't read /lab/tftp/x: Permission denied",
      'no address range available for DHCP request via 10.9.200.1',
    ]);
  });

  it('again and again is counted, not written down again', () => {
    for (let count = 0; count < 50; count += 1) {
      now += 4_000;
      say(dhcp(`${count} DHCPDISCOVER(lab0) ${MAC} `), dhcp(`${count} DHCPOFFER(lab0) 10.0.0.5 ${MAC} `));
    }
    expect(of()).toEqual([
      'discover - the machine asks for an address (50 times)',
      'offer 10.0.0.5 was offered an address (50 times)',
    ]);
    expect(journal.of(MAC)[0]?.at).toBe(new Date(now).toISOString());
  });

  it('at the next boot is an event of its own', () => {
    const sent = { type: 'boot-file', address: '10.0.0.77', text: 'fetched ipxe.efi by TFTP' } as const;
    const told = { type: 'decision', address: '10.0.0.77', text: 'was told to wait in discovery' } as const;
    for (const event of [sent, sent, told, told, sent, told]) journal.add(OTHER, event);
    expect(journal.of(OTHER).map(({ text }) => text)).toEqual([
      'fetched ipxe.efi by TFTP (2 times)',
      'was told to wait in discovery (2 times)',
      'fetched ipxe.efi by TFTP',
      'was told to wait in discovery',
    ]);
  });

  it('is kept to the newest of so many', () => {
    for (let count = 0; count < 100; count += 1)
      journal.add(MAC, { type: 'decision', text: `number ${count}` });
    expect(of()).toHaveLength(MAX_NETBOOT_EVENTS);
    expect(of().at(-1)).toBe('decision - number 99');
  });

  it('is cleaned of what a stranger put into it', () => {
    journal.add(MAC, { type: 'tftp-error', text: `a\n\u001b[31mred\u202e${'x'.repeat(5_000)}` });
    const [event] = journal.of(MAC);
    expect(event?.text).toMatch(/^a\uFFFD\uFFFD\[31mred\uFFFDx+$/);
    expect(event?.text.length).toBeLessThanOrEqual(500);
  });

  it('of a machine that is planned for outlives a flood of invented ones', () => {
    known.add(MAC);
    journal.add(MAC, { type: 'discover', text: 'asks' });
    for (let number = 0; number < 20_000; number += 1) {
      if (number % 1_000 === 0) now += 60_000;
      journal.add(machineNumber(0x1000 + number), { type: 'discover', text: 'asks' });
    }
    expect(of()).toEqual(['discover - asks']);
    expect(journal.since(0).machines.length).toBeLessThanOrEqual(1_000);
  });

  it('is lost beyond a pace that no site has', () => {
    for (let count = 0; count < 10_000; count += 1)
      journal.add(MAC, { type: 'decision', text: `number ${count}` });
    expect(of().at(-1)).toBe('decision - number 4999');
    now += 60_000;
    journal.add(MAC, { type: 'decision', text: 'later' });
    expect(of().at(-1)).toBe('decision - later');
  });

  it('is told of those with news only', () => {
    journal.add(MAC, { type: 'discover', text: 'asks' });
    const { machines, change } = journal.since(0);
    expect(machines.map(({ mac }) => mac)).toEqual([MAC]);
    expect(journal.since(change).machines).toEqual([]);
    journal.add(OTHER, { type: 'discover', text: 'asks' });
    expect(journal.since(change).machines.map(({ mac }) => mac)).toEqual([OTHER]);
  });
});
