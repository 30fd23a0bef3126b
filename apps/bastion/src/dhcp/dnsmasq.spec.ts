import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { systemClock } from '@lab/domain';
import { programs } from '@lab/testing';
import { pino } from 'pino';
import { temporaryFolder } from '../../test/bastion-fixture.js';
import type { DhcpNetwork } from './dhcp-network.js';
import { renderDnsmasqConfig, type DnsmasqValues } from './dnsmasq-config.js';
import { DnsmasqProcess } from './dnsmasq.process.js';
import { mappedUsers } from './dnsmasq-user.js';

const TEMPLATE = new URL('../../../../bastion-assets/dnsmasq/dnsmasq.conf.hbs', import.meta.url);
const silent = pino({ level: 'silent' });

const network = (over: Partial<DhcpNetwork> = {}): DhcpNetwork => ({
  networkId: null,
  mode: 'full',
  netmask: '255.255.255.0',
  address: '192.168.77.0',
  ranges: [{ first: '192.168.77.100', last: '192.168.77.200' }],
  leaseSeconds: 3_600,
  gateway: 'own',
  domain: null,
  nameservers: [],
  ...over,
});

const values = (over: Partial<DnsmasqValues> = {}): DnsmasqValues => ({
  networks: [network()],
  interfaces: ['lab0'],
  bastionUrl: 'http://192.168.77.1:7071',
  user: 'root',
  group: 'root',
  leaseFile: '/tmp/lab-dnsmasq.leases',
  hostsFile: '/tmp/lab-dnsmasq.hosts',
  tftpRoot: '/tmp',
  bios: true,
  arm64: false,
  ...over,
});

const proxy = network({ mode: 'proxy', address: '192.168.78.0', ranges: [] });

describe("dnsmasq's configuration", () => {
  let template: string;
  let dnsmasq: string;
  beforeAll(async () => {
    template = await readFile(TEMPLATE, 'utf8');
    ({ dnsmasq } = await programs(['dnsmasq']));
  });

  const test = async (text: string): Promise<number> => {
    await using folder = await temporaryFolder();
    const file = join(folder.path, 'dnsmasq.conf');
    await writeFile(file, text);
    const child = spawn(dnsmasq, ['--test', `--conf-file=${file}`], { stdio: 'ignore' });
    return Number((await once(child, 'exit'))[0]);
  };
  const linesOf = (over: Partial<DnsmasqValues>): string[] =>
    renderDnsmasqConfig(template, values(over))
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'));

  it.each<[string, Partial<DnsmasqValues>]>([
    ['one network', {}],
    ['no iPXE for BIOS, and another user', { bios: false, group: 'nogroup', user: 'nobody' }],
    ['iPXE for everything', { arm64: true }],
    ['a proxy', { networks: [proxy], arm64: true }],
    ['a proxy that takes the mask of its interface', { networks: [{ ...proxy, netmask: null }] }],
    ['both modes', { networks: [network(), proxy], interfaces: ['lab0', 'lab1'], arm64: true }],
    ['only reservations', { networks: [network({ ranges: [] })] }],
    [
      'gateway, domain and DNS',
      {
        networks: [
          network({
            gateway: { address: '192.168.77.254' },
            domain: 'lab.example',
            nameservers: ['1.2.3.4', '5.6.7.8'],
          }),
        ],
      },
    ],
    [
      'several ranges, and no gateway',
      {
        networks: [
          network({
            gateway: 'none',
            ranges: [
              { first: '192.168.77.10', last: '192.168.77.19' },
              { first: '192.168.77.30', last: '192.168.77.39' },
            ],
          }),
        ],
      },
    ],
  ])('is taken by dnsmasq, with %s', async (_name, over) => {
    expect(await test(renderDnsmasqConfig(template, values(over)))).toBe(0);
  });

  it.each(['my lab', 'a,b', 'a #b', '100% ü', `it's "mine"`, String.raw`\t\"`])(
    'is taken with a folder named %s',
    async (name) => {
      const text = renderDnsmasqConfig(
        template,
        values({
          tftpRoot: `/tmp/${name}/tftp`,
          leaseFile: `/tmp/${name}/leases`,
          hostsFile: `/tmp/${name}/hosts`,
        }),
      );
      expect(await test(text)).toBe(0);
    },
  );

  it('sends each kind of machine to its binary, and iPXE to the first script', () => {
    expect(linesOf({}).filter((line) => line.startsWith('dhcp-boot='))).toEqual([
      'dhcp-boot=tag:x64,tag:!x64http,tag:!ipxe,ipxe.efi',
      'dhcp-boot=tag:bios,tag:!httpclient,tag:!proxy,tag:!ipxe,undionly.kpxe',
      'dhcp-boot=tag:x64http,tag:!ipxe,http://192.168.77.1:7071/netboot/ipxe.efi',
      'dhcp-boot=tag:ipxe,http://192.168.77.1:7071/boot.ipxe',
    ]);
  });

  it.each<[string, Partial<DnsmasqValues>, boolean]>([
    ['in full mode, where they break UEFI', {}, false],
    ['in proxy mode, which is made of them', { networks: [proxy] }, true],
  ])('has what turns on PXE menus %s: %#', (_name, over, has) => {
    expect(linesOf(over).some((line) => /^(?:pxe-|dhcp-pxe-)/.test(line))).toBe(has);
  });

  it('listens on the named interfaces only', () => {
    expect(linesOf({ interfaces: ['lab0', 'lab1'] }).filter((line) => /interface|tftp=/.test(line))).toEqual([
      'interface=lab0',
      'interface=lab1',
      'except-interface=lo',
      'enable-tftp=lab0',
      'enable-tftp=lab1',
    ]);
  });

  it.each<[string, Partial<DnsmasqValues>]>([
    ['an interface with a newline', { interfaces: ['lab0\nport=53'] }],
    ['an interface with a comma', { interfaces: ['lab0,eth0'] }],
    ['a URL with a comma', { bastionUrl: 'http://1.2.3.4,5.6.7.8' }],
    ['a URL with a name', { bastionUrl: 'http://bastion:7071' }],
    ['a folder with a newline', { tftpRoot: '/tmp/a\nport=53' }],
    ['a folder that is none', { leaseFile: 'tmp/a' }],
    ['a hosts file with a newline', { hostsFile: '/tmp/a\nport=53' }],
    ['a user with a space', { user: 'a b' }],
    [
      'a range with a newline',
      { networks: [network({ ranges: [{ first: '1.2.3.4\n', last: '1.2.3.5' }] })] },
    ],
    ['a lease that is no time', { networks: [network({ leaseSeconds: Number.NaN })] }],
    ['a gateway with an option', { networks: [network({ gateway: { address: '1.2.3.4,5' } })] }],
    ['a domain with a newline', { networks: [network({ domain: 'lab\nport=53' })] }],
    ['a DNS server that is none', { networks: [network({ nameservers: ['::1'] })] }],
    ['a netmask that is none', { networks: [network({ netmask: '24' })] }],
  ])('refuses %s', (_name, over) => {
    expect(() => renderDnsmasqConfig(template, values(over))).toThrow(
      expect.objectContaining({ code: 'environment' }),
    );
  });
});

describe('The user that dnsmasq becomes', () => {
  it.each([
    ['the first user namespace', '         0          0 4294967295\n', 4_294_967_295],
    ['one that maps only root', '         0       1000          1\n', 1],
    ['a kernel without user namespaces', '', Number.MAX_SAFE_INTEGER],
  ])('is told from the map of %s', (_name, map, users) => {
    expect(mappedUsers(map)).toBe(users);
  });
});

/** As the real one says it, once it serves. */
const STARTED = 'echo "dnsmasq: started, version 2.90 DNS disabled" >&2; ';

describe('dnsmasq as a child', () => {
  /** A program in the place of dnsmasq, so that how it ends can be chosen. */
  const child = async (folder: string, script: string): Promise<DnsmasqProcess> => {
    const program = join(folder, 'dnsmasq');
    await writeFile(
      program,
      `#!/bin/bash\n[[ $1 == --test ]] && exit \${TEST_RC:-0}\necho "$$" >>'${folder}/pids'\n${script}\n`,
    );
    await chmod(program, 0o755);
    const configFile = join(folder, 'dnsmasq.conf');
    await writeFile(configFile, '');
    return new DnsmasqProcess({
      program,
      configFile,
      pidFile: join(folder, 'dnsmasq.pid'),
      canChangeUser: true,
      log: silent,
      clock: systemClock,
    });
  };
  const pids = async (folder: string): Promise<number[]> =>
    (await readFile(join(folder, 'pids'), 'utf8').catch(() => ''))
      .trim()
      .split('\n')
      .filter(Boolean)
      .map(Number);
  const until = async (isTrue: () => Promise<boolean>): Promise<void> => {
    while (!(await isTrue())) await new Promise((again) => setImmediate(again));
  };
  const isGone = (pid: number): boolean => {
    try {
      process.kill(pid, 0);
      return false;
    } catch {
      return true;
    }
  };

  it('ends with the bastion', async () => {
    await using folder = await temporaryFolder();
    const dnsmasq = await child(folder.path, `${STARTED}exec sleep 600`);
    await dnsmasq.start();
    expect(dnsmasq.isRunning).toBe(true);
    await dnsmasq.stop();
    const [pid] = await pids(folder.path);
    expect(isGone(pid ?? 0)).toBe(true);
  });

  it('is started again when it ends', async () => {
    await using folder = await temporaryFolder();
    const dnsmasq = await child(folder.path, `${STARTED}exec sleep 600`);
    await dnsmasq.start();
    process.kill((await pids(folder.path))[0] ?? 0, 'SIGKILL');
    await until(async () => (await pids(folder.path)).length === 2);
    await dnsmasq.stop();
  });

  it('that a killed bastion left behind is ended before a new one is started', async () => {
    await using folder = await temporaryFolder();
    const orphan = await child(folder.path, `trap 'kill $!; exit' TERM; ${STARTED}sleep 600 & wait`);
    await orphan.start();
    const [left] = await pids(folder.path);
    const dnsmasq = await child(folder.path, `${STARTED}exec sleep 600`);
    await dnsmasq.start();
    expect(isGone(left ?? 0)).toBe(true);
    await dnsmasq.stop();
    await orphan.stop();
  });

  it('that fails at once is why the bastion does not start, in its own words', async () => {
    await using folder = await temporaryFolder();
    const dnsmasq = await child(
      folder.path,
      'echo "dnsmasq: failed to bind DHCP server socket: Address already in use" >&2; exit 2',
    );
    await expect(dnsmasq.start()).rejects.toMatchObject({
      code: 'environment',
      message: expect.stringContaining('Address already in use'),
    });
    await mkdir(join(folder.path, 'after'));
  });

  it('that refuses its configuration is why the bastion does not start', async () => {
    await using folder = await temporaryFolder();
    const dnsmasq = await child(folder.path, '');
    await writeFile(
      join(folder.path, 'dnsmasq'),
      '#!/bin/bash\necho "dnsmasq: bad option at line 3" >&2; exit 1\n',
    );
    await expect(dnsmasq.start()).rejects.toMatchObject({
      message: expect.stringContaining('bad option at line 3'),
    });
  });
});
