import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { LabUnderTest, eventually } from '../lab-under-test.js';
import type { BastionResource, InstallLogs, ServerResource } from '../resources.js';
import { NetworkHost } from '../vm/network-host.js';
import { labNetwork, type LabNetwork } from '../vm/network.js';

const SUBNET = '192.168.90';
const EVIL = 'EVIL';

interface Victim {
  host: NetworkHost;
  mac: string;
  uuid: string;
  serial: string;
  /** Its life, once it is over. */
  life: Promise<{ boots: string[]; stages: string[] }>;
}

/** What a hostile host got for something that it tried. */
interface Loot {
  what: string;
  status: number;
  text: string;
}

const inPath = (mac: string): string => mac.replaceAll(':', '-');

/**
 * Three machines are installed while two hosts in their network do what they can. Every host is a process in a network
 * namespace of its own, on the bridge that the bastion listens on; labd and the bastion are the built programs.
 * The hostile hosts know what a network tells everyone: MAC addresses (ARP), UUIDs (PXE), and tokens that leaked. What they
 * don't know is a serial number.
 */
describe('two hostile hosts in the machines’ network', () => {
  let network: LabNetwork;
  let lab: LabUnderTest;
  const hosts: NetworkHost[] = [];
  const victims: Victim[] = [];
  const loot: Loot[] = [];

  const join = async (last: number): Promise<NetworkHost> => {
    const host = await NetworkHost.join(network, `${SUBNET}.${last}/24`, lab.lab.bastionUrl);
    hosts.push(host);
    return host;
  };
  const server = async (id: string): Promise<ServerResource> => {
    const found = await lab.get<ServerResource>(`/servers/${id}`);
    if (found === undefined) throw new Error(`the server ${id} is gone`);
    return found;
  };
  const servers = async (): Promise<ServerResource[]> =>
    (await lab.get<{ items: ServerResource[] }>('/servers?limit=1000'))?.items ?? [];
  const bastion = async (): Promise<BastionResource> => {
    const found = await lab.get<BastionResource>(`/bastions/${lab.lab.bastionName}`);
    if (found === undefined) throw new Error('the bastion is gone');
    return found;
  };

  beforeAll(async () => {
    network = await labNetwork({ bridge: 'hostile', cidr: `${SUBNET}.1/24` });
    lab = await LabUnderTest.create({ BASTION_HOST: network.address });
    await lab.start();
    for (const number of [1, 2, 3]) {
      const mac = `52:54:00:00:90:0${number}`;
      const host = await join(10 + number);
      const uuid = `00000000-0000-4000-8000-${mac.replaceAll(':', '')}`;
      const serial = `SN-${number}-${Math.random().toString(36).slice(2)}`;
      const life = host.machine({ mac, uuid, serial, pace: { stageMs: 150, pollMs: 200 }, linesPerStage: 2 });
      life.catch(() => undefined); // The test waits for it in its time.
      victims.push({ host, mac, uuid, serial, life });
    }
  }, 120_000);
  afterAll(async () => {
    await Promise.all(hosts.map((host) => host.leave()));
    await lab.stop();
    await network.close();
  }, 60_000);

  /** Everything that one host can try against one machine, once. */
  async function attack(hostile: NetworkHost, { mac, uuid, host }: Victim, number: number): Promise<void> {
    const keep = (what: string, { status, text }: Omit<Loot, 'what'>) => loot.push({ what, status, text });
    const own = `52:54:00:66:${hostile.address.split('.').at(-1) ?? '00'}:${(number % 90) + 10}`;
    // 7. Boots it, under its own name, under a UUID that PXE told, and under one that is wrong.
    for (const query of ['', `?uuid=${uuid}`, `?uuid=${uuid}&serial=${EVIL}`, `?uuid=&serial=${EVIL}`]) {
      keep(`boot ${query}`, await hostile.get(`/boot/${inPath(mac)}.ipxe${query}`));
    }
    // A1. Another MAC address, the machine's UUID.
    keep('boot by UUID', await hostile.get(`/boot/${inPath(own)}.ipxe?uuid=${uuid}`));
    // 6. Replays of whatever has leaked: the kickstart, its token, the end of the install.
    const { kickstarts, tokens } = await host.overheard();
    for (const url of kickstarts) keep('kickstart', await hostile.get(new URL(url).pathname));
    for (const token of tokens) {
      const facts = { hostname: EVIL, host_keys: [`ssh-ed25519 ${EVIL}`] };
      const report = { section: 'first-boot', seq: 90_000 + number, facts };
      keep(
        'first boot',
        await hostile.post('/api/progress', { stage: 'first-boot', event: 'ended', ...report }, token),
      );
      keep(
        'failure',
        await hostile.post('/api/progress', { stage: 'disk', event: 'failed', seq: 95_000 + number }, token),
      );
      keep('log', await hostile.post('/api/log', { source: 'syslog', text: EVIL }, token));
    }
    // A. The machine's MAC address, UUID and a NIC of it, in reports of another machine. The bastion may take them.
    const nics = [own, mac].map((each, index) => ({ name: `eth${index}`, mac: each }));
    const disks = [{ name: 'sda', size_bytes: 1_000_000_000, serial: EVIL }];
    await hostile.post('/api/discovery', { mac, uuid, serial: EVIL, disks });
    await hostile.post('/api/discovery', { mac: own, uuid, serial: EVIL, disks });
    await hostile.post('/api/discovery', { mac: own, uuid: null, serial: EVIL, nics, disks });
  }

  it('erase, take over, fail and learn nothing, from the order to the first boot', async () => {
    // By their IDs from here on: whoever reports a MAC address of theirs makes that ambiguous.
    const before = await Promise.all(victims.map(({ mac }) => lab.serverIn('discovered', mac)));
    const ids = before.map(({ metadata }) => metadata.id);
    const [first, second] = [await join(66), await join(67)];
    let isOver = false;
    let rounds = 0;
    const attacks = Promise.all(
      [first, second].map(async (hostile) => {
        for (let number = 0; !isOver; number += 1) {
          for (const victim of victims) await attack(hostile, victim, number);
          rounds += 1;
        }
      }),
    );
    attacks.catch(() => undefined); // Waited for when the installs are over.
    await eventually('both have tried everything before the order', () => (rounds >= 2 ? true : undefined));
    for (const [index, { serial }] of victims.entries()) {
      const order = {
        profile: 'fedora-43',
        role: 'worker',
        allowErase: true,
        disk: { serial: `D-${serial}` },
      };
      const response = await lab.request(`/servers/${ids[index] ?? ''}/provision`, {
        method: 'POST',
        body: order,
      });
      expect({ status: response.status, text: await response.text() }).toMatchObject({ status: 202 });
    }
    const installed = await Promise.all(ids.map((id) => lab.serverIn('installed', id)));
    const lives = await Promise.all(victims.map(({ life }) => life));
    isOver = true;
    await attacks;

    for (const [index, { mac, serial, uuid }] of victims.entries()) {
      expect(lives[index]?.boots).toEqual(['discover', 'install', 'local-disk']);
      // What the bastion states of an install comes to labd apart from its facts.
      const now = await eventually('the contest is stated', async () => {
        const known = await server(ids[index] ?? '');
        return known.status.conditions.some(({ type }) => type === 'InstallContested') ? known : undefined;
      });
      expect(now.status).toMatchObject({
        phase: 'installed',
        mac,
        hardware: { smbiosUuid: uuid, serial },
        disks: [{ name: 'vda', serial: `D-${serial}` }],
        system: { hostname: `sim-${inPath(mac)}` },
        install: { id: installed[index]?.status.install?.id, attempt: 1, state: 'succeeded' },
      });
      expect(JSON.stringify(now.status.system)).not.toContain(EVIL);
      expect(now.status.conditions).toContainEqual(
        expect.objectContaining({
          type: 'InstallContested',
          reason: 'SecondAddress',
          message: expect.stringMatching(
            /192\.168\.90\.6[67] \([0-9a-f:]{17}\) asked for its .*: refused\. The install is bound to 192/,
          ),
        }),
      );
      const logs = await lab.get<InstallLogs>(`/servers/${ids[index] ?? ''}/logs?limit=1000`);
      const lines = logs?.lines ?? [];
      expect(lines.length).toBeGreaterThan(10);
      expect(lines.filter(({ text }) => text === EVIL)).toEqual([]);
      expect(lines.filter(({ text }) => text.startsWith('refused: 192.168.90.6')).length).toBeGreaterThan(0);
    }
    // Nothing that they got leads to an install, and no token was of use to them.
    expect(loot.length).toBeGreaterThan(100);
    expect(loot.filter(({ text }) => /\/ks\/install\/|LAB_TOKEN|LAB_ALLOW_ERASE/.test(text))).toEqual([]);
    const tried = loot.filter(({ what }) => ['kickstart', 'first boot', 'failure', 'log'].includes(what));
    expect(tried.length).toBeGreaterThan(10);
    expect(tried.filter(({ status }) => ![401, 403, 404].includes(status))).toEqual([]);
    expect((await lab.labctl('describe', 'server', ids[0] ?? '')).stdout).toContain('InstallContested');
  }, 120_000);

  it('and leave room for a machine that is real, however many they invent and connections they hold', async () => {
    const [first, second] = [await join(76), await join(77)];
    const flood = [first, second].map(async (hostile, which) => {
      const statuses: number[] = [];
      for (let number = 0; number < 750; number += 25) {
        const batch = Array.from({ length: 25 }, (_, index) => {
          const octets = [number + index].flatMap((value) => [value >> 8, value & 0xff]);
          const tail = octets.map((value) => value.toString(16).padStart(2, '0')).join(':');
          return hostile.post('/api/discovery', {
            mac: `52:54:0${which}:77:${tail}`,
            serial: `${EVIL}-${number + index}`,
          });
        });
        for (const { status } of await Promise.all(batch)) statuses.push(status);
      }
      return statuses;
    });
    const held = first.hold(2_000, 'GET /healthz HTTP/1.1\r\nHost: x\r\nX-Slow: ');
    const mac = '52:54:00:00:90:aa';
    const real = await join(20);
    const life = real.machine({ mac, pace: { stageMs: 0, pollMs: 200 } });
    life.catch(() => undefined); // It waits in discovery for ever.
    await lab.serverIn('discovered', mac);
    const statuses = (await Promise.all(flood)).flat();
    const taken = statuses.filter((status) => status === 200).length;
    expect(taken).toBeLessThan(750);
    expect(statuses.filter((status) => status === 429).length).toBeGreaterThan(300);
    await held;
    await eventually('most of them were refused', async () =>
      (await first.held()).open <= 500 ? true : undefined,
    );
    expect((await real.get('/healthz')).status).toBe(200);
    const conditions = await eventually('the bastion says so', async () => {
      const { conditions: stated } = (await bastion()).status;
      return stated.length >= 2 ? stated : undefined;
    });
    expect(conditions).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ type: 'DiscoveryFlooded', reason: 'TooManyNewMachines' }),
        expect.objectContaining({ type: 'ConnectionsRefused', reason: 'TooManyConnections' }),
      ]),
    );
    const invented = (await servers()).filter(({ status }) => /^52:54:0[01]:77:/.test(status.mac ?? ''));
    expect(invented.length).toBeLessThanOrEqual(taken);
    expect((await lab.labctl('get', 'bastions')).stdout).toContain('DiscoveryFlooded');
  }, 120_000);
});
