import { describe, expect, it } from '@jest/globals';
import { mac } from '@lab/domain';
import { withDisks } from '../../test/kickstart/fake-hardware.js';
import { RecordingBastion } from '../../test/kickstart/recording-bastion.js';
import { SectionMachine, installInput, section } from '../../test/kickstart/section-runner.js';
import type { InstallKickstartInput } from './install-kickstart.renderer.js';
import { networkCommands } from './network-commands.js';

const BOOT = mac('52:54:00:12:34:56');
const SECOND = mac('52:54:00:12:34:57');
type Interface = Parameters<typeof networkCommands>[0][number];
const an = (change: Partial<Interface>): Interface => ({
  ports: [SECOND],
  bond: null,
  vlan: null,
  method: 'dhcp',
  address: null,
  gateway: null,
  nameservers: [],
  ...change,
});
const dhcp = `network --device=@${BOOT}@ --bootproto=dhcp --onboot=yes --activate`;

describe('the network commands', () => {
  it.each<[string, Interface[], string[]]>([
    ['are DHCP on the NIC that boots without settings', [], [dhcp]],
    ['say the same when it is declared', [an({ ports: [BOOT] })], [dhcp]],
    [
      'leave the NIC that boots its DHCP beside a static one',
      [
        an({
          method: 'static',
          address: '10.1.2.3/20',
          gateway: '10.1.0.1',
          nameservers: ['10.1.0.1', '10.1.0.2'],
        }),
      ],
      [
        dhcp,
        `network --device=@${SECOND}@ --bootproto=static --ip=10.1.2.3 --netmask=255.255.240.0 --gateway=10.1.0.1 --nameserver=10.1.0.1,10.1.0.2 --onboot=yes --no-activate`,
      ],
    ],
    [
      'put a VLAN on a bond',
      [
        an({
          ports: [BOOT, SECOND],
          bond: { name: 'bond0', mode: '802.3ad' },
          vlan: 20,
          method: 'static',
          address: '2001:db8::5/64',
          gateway: '2001:db8::1',
        }),
      ],
      [
        `network --device=bond0 --bondslaves=@${BOOT}@,@${SECOND}@ --bondopts=mode=802.3ad,miimon=100 --vlanid=20 --noipv4 --ipv6=2001:db8::5/64 --ipv6gateway=2001:db8::1 --onboot=yes --no-activate`,
      ],
    ],
    [
      'leave a NIC without addresses',
      [an({ ports: [BOOT], method: 'none' })],
      [`network --device=@${BOOT}@ --noipv4 --noipv6 --onboot=yes --no-activate`],
    ],
  ])('%s', (_, interfaces, commands) => {
    expect(networkCommands(interfaces, BOOT)).toEqual(commands);
  });

  it.each([
    ['0.0.0.0', 0],
    ['128.0.0.0', 1],
    ['255.255.240.0', 20],
    ['255.255.255.255', 32],
  ])('write the netmask %s for a prefix length of %d', (netmask, prefix) => {
    const [, command] = networkCommands([an({ method: 'static', address: `10.0.0.1/${prefix}` })], BOOT);
    expect(command).toContain(`--netmask=${netmask} `);
  });
});

describe('%pre', () => {
  const interfaces: InstallKickstartInput['interfaces'] = [
    an({ bond: { name: 'bond0', mode: 'active-backup' }, ports: [BOOT, SECOND] }),
  ];
  const env = (machine: SectionMachine) => ({ LAB_MOUNTS: machine.path('mounts') });

  it('names the NICs as the machine’s kernel does', async () => {
    await using bastion = await RecordingBastion.start();
    await using machine = await SectionMachine.create();
    await withDisks(machine, [{ name: 'vda' }]);
    await machine.nic('enp2s0', SECOND.toUpperCase());
    await machine.put('sys/class/net/bond9/address', `${SECOND}\n`);
    const pre = await section('%pre', installInput(bastion.url, { interfaces }));
    expect((await machine.run(pre, env(machine))).code).toBe(0);
    expect(await machine.read('tmp/network.ks')).toBe(
      'network --device=bond0 --bondslaves=ens3,enp2s0 --bondopts=mode=active-backup,miimon=100 --bootproto=dhcp --onboot=yes --no-activate\n',
    );
  });

  it('fails for a NIC that the machine lacks, and says which ones it has', async () => {
    await using bastion = await RecordingBastion.start();
    await using machine = await SectionMachine.create();
    await withDisks(machine, [{ name: 'vda' }]);
    const pre = await section('%pre', installInput(bastion.url, { interfaces }));
    expect((await machine.run(pre, env(machine))).code).toBe(1);
    expect(bastion.progress.filter((report) => report.event === 'failed')).toMatchObject([
      {
        stage: 'network',
        message: `No NIC has the address ${SECOND}, which the server's record gives settings for. Seen: ens3 (${BOOT}).`,
      },
    ]);
  });
});
