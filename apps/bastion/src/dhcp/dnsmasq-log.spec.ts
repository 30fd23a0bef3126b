import { describe, expect, it } from '@jest/globals';
import { parseDnsmasqLine } from './dnsmasq-log.js';

const MAC = '52:54:00:00:00:12';

// Lines of dnsmasq 2.90 as they came, with `log-dhcp` and without.
describe("dnsmasq's log", () => {
  it.each([
    [
      `dnsmasq-dhcp[5701]: 4097 DHCPDISCOVER(lab0) ${MAC} `,
      { type: 'discover', xid: '4097', interface: 'lab0', address: null, mac: MAC, text: '' },
    ],
    [`dnsmasq-dhcp[5701]: DHCPDISCOVER(lab0) 192.168.77.9 ${MAC} `, { xid: null, address: '192.168.77.9' }],
    [
      `dnsmasq-dhcp: 4097 DHCPOFFER(lab0) 192.168.77.152 ${MAC} `,
      { type: 'offer', address: '192.168.77.152' },
    ],
    [`dnsmasq-dhcp[1]: DHCPDISCOVER(vs) ${MAC} no address available`, { text: 'no address available' }],
    [`dnsmasq-dhcp[1]: DHCPACK(vs) 1.2.3.4 ${MAC} address in use`, { type: 'ack', text: 'address in use' }],
    [`dnsmasq-dhcp[1]: DHCPNAK(vs) 1.2.3.4 ${MAC} address in use`, { type: 'nak', text: 'address in use' }],
    [`dnsmasq-dhcp[1]: 9 PXE(vs) ${MAC} proxy`, { type: 'pxe', text: 'proxy', address: null }],
    [`dnsmasq-dhcp[1]: PXE(vs) 10.0.0.5 ${MAC} undionly.kpxe`, { type: 'pxe', address: '10.0.0.5' }],
    [`dnsmasq-dhcp[1]: DHCPRELEASE(eth0.100) 10.0.0.5 ${MAC} unknown lease`, { interface: 'eth0.100' }],
  ])('says in %j what was exchanged', (line, expected) => {
    expect(parseDnsmasqLine(line)).toMatchObject({ kind: 'dhcp', ...expected });
  });

  it.each([
    [
      'dnsmasq-dhcp[1]: 7 vendor class: PXEClient:Arch:00007:UNDI:003016',
      'vendor-class',
      'PXEClient:Arch:00007:UNDI:003016',
    ],
    ['dnsmasq-dhcp[1]: 7 user class: iPXE', 'user-class', 'iPXE'],
    ['dnsmasq-dhcp[1]: 7 bootfile name: ipxe.efi', 'boot-file', 'ipxe.efi'],
    [
      'dnsmasq-dhcp[1]: 7 sent size: 14 option: 67 bootfile-name  undionly.kpxe',
      'boot-file',
      'undionly.kpxe',
    ],
  ])('says in %j more of an exchange', (line, what, text) => {
    expect(parseDnsmasqLine(line)).toEqual({ kind: 'detail', xid: '7', what, text });
  });

  it.each([
    [
      'dnsmasq-tftp[1]: sent /tmp/a to b/ipxe.efi to 10.0.0.5',
      { kind: 'tftp-sent', path: '/tmp/a to b/ipxe.efi', address: '10.0.0.5' },
    ],
    [
      'dnsmasq-tftp[1]: error 8 User aborted the transfer received from 10.0.0.5',
      { kind: 'tftp-client-error', code: 8, address: '10.0.0.5' },
    ],
    [
      'dnsmasq-tftp[1]: file /t/x not found for 1.1.1.1 not found for 10.0.0.5',
      { kind: 'tftp-failed', address: '10.0.0.5' },
    ],
    ['dnsmasq-tftp[1]: failed sending /t/ipxe.efi to 10.0.0.5', { kind: 'tftp-failed', address: '10.0.0.5' }],
    ['dnsmasq-tftp[1]: cannot access /etc/shadow: Permission denied', { kind: 'tftp-failed', address: null }],
  ])('says in %j what TFTP brought', (line, expected) => {
    expect(parseDnsmasqLine(line)).toMatchObject(expected);
  });

  it.each([
    'dnsmasq-dhcp[1]: no address range available for DHCP request via 10.9.200.1',
    'dnsmasq-dhcp[1]: 4097 no address range available for DHCP request via lab0',
    'dnsmasq-dhcp[1]: not using configured address 10.0.0.5 because it is leased to 52:54:00:00:00:01',
    'dnsmasq[1]: bad DHCP host name at line 1 of /x/dnsmasq.hosts',
    'dnsmasq-dhcp[1]: duplicate dhcp-host IP address 10.0.0.5 at line 2 of /x',
    'dnsmasq-dhcp[1]: failed to write /x/leases: No space left on device (retry in 60 s)',
  ])('has a finding in %j', (line) => {
    expect(parseDnsmasqLine(line)).toMatchObject({ kind: 'finding' });
  });

  it.each([
    '',
    'dnsmasq[1]: started, version 2.90 DNS disabled',
    'dnsmasq-dhcp[1]: 4097 tags: n0, bios, lab0',
    'dnsmasq-dhcp[1]: 4097 sent size:  4 option: 51 lease-time  10m',
    'dnsmasq-dhcp[1]: DHCPACK(lab0) 10.0.0.5 not-a-mac host',
    'dnsmasq-dhcp[1]: DHCPACK(lab0) 10.0.0.5 06-00:11:22:33:44:55:66:77 host',
    'dnsmasq-dhcp[1]: DHCPWHAT(lab0) 10.0.0.5 52:54:00:00:00:01 host',
    // What a machine calls itself stands behind words of dnsmasq's own.
    'dnsmasq-dhcp[1]: 7 client provides name: DHCPACK(lab0) 10.0.0.5 52:54:00:00:00:01',
    'DHCPACK(lab0) 10.0.0.5 52:54:00:00:00:01 host',
  ])('has nothing to say in %j', (line) => {
    expect(parseDnsmasqLine(line)).toBeNull();
  });

  it('is read without delay, whatever a stranger put into it', () => {
    for (const filler of [' to ', '1.', 'a:', ' not found for ', ': ']) {
      const text = filler.repeat(200).slice(0, 480);
      for (const part of ['', '-dhcp', '-tftp']) parseDnsmasqLine(`dnsmasq${part}[1]: ${text}`);
    }
  });
});
