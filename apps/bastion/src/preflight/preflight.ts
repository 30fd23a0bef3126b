import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { LabError, printable } from '@lab/domain';
import { efiBinary, biosBinary } from '../assets/ipxe-binaries.js';
import { inventoryOf } from '../assets/inventory.js';
import { loadConfig, machineUrlOf, type BastionSettings, type LabdConfig } from '../config.js';
import { labdOf } from '../uplink/joined-labd.js';
import { loadAssets } from '../kickstart/assets.loader.js';
import { judgeIpxe, judgeProfiles } from './boot-files.check.js';
import { askForOffers } from './dhcp-probe.js';
import { judgeDhcpServers } from './dhcp-servers.js';
import { dnsmasqAnswer, judgeDnsmasq } from './dnsmasq.check.js';
import { failed, ok, skipped, type Finding } from './finding.js';
import { folderFacts, judgeFolder } from './folder.check.js';
import { interfaceFacts, judgeInterface, type InterfaceFacts } from './interfaces.check.js';
import { Untouched, judgeLabd, labdFacts } from './labd.check.js';
import { judgeListening } from './listening.check.js';
import { judgePort, usedPorts, type NeededPort } from './ports.check.js';
import { judgeReach } from './reach.check.js';
import type { Attempt } from './reach-attempt.js';
import { tryFromNamespace } from './reach-namespace.js';
import { judgeRights, rightsFacts } from './rights.check.js';
import { judgeOwnLink, judgeRunning, runningBastion, type RunningBastion } from './running-bastion.js';
import { localSite, type ServedInterface } from './site.js';

interface Preflight {
  config: BastionSettings;
  running: RunningBastion | undefined;
  interfaces: readonly { served: ServedInterface; facts: InterfaceFacts }[];
  /** Where HTTP is, or will be, served; null: any free port. */
  httpPort: number | null;
}

const DEFAULT_FOLDER = '/tmp/lab-bastion';

/** All that a bastion needs on this machine, looked at from outside; of one that runs with its own settings. */
export async function* preflight(environment: NodeJS.ProcessEnv): AsyncGenerator<Finding> {
  const folder = environment['BASTION_DIR'] ?? DEFAULT_FOLDER;
  const running = await runningBastion(folder);
  let config: BastionSettings;
  try {
    config = loadConfig({ ...(running?.environment ?? environment), BASTION_DIR: folder });
  } catch (error) {
    yield fromError('settings', error, 'Correct these environment variables.');
    return;
  }
  yield* judgeRunning(running, folder);
  const interfaces = await Promise.all(
    (await localSite(config)).map(async (served) => ({ served, facts: await interfaceFacts(served.name) })),
  );
  const site: Preflight = { config, running, interfaces, httpPort: httpPortOf(config, running) };
  for (const [name, check] of CHECKS) {
    try {
      yield* check(site);
    } catch (error) {
      // One look that fails must not hide the others.
      yield fromError(name, error, 'Tell its makers: this look was not foreseen to fail.');
    }
  }
}

const CHECKS: readonly (readonly [string, (site: Preflight) => AsyncGenerator<Finding>])[] = [
  ['folder', checkFolder],
  ['url', checkListening],
  ['interface', checkInterfaces],
  ['rights', checkRights],
  ['port', checkPorts],
  ['dnsmasq', checkPrograms],
  ['profile', checkProfiles],
  ['labd', checkLabd],
  ['dhcp', checkDhcpServers],
  ['firewall', checkReach],
];

async function* checkFolder({ config }: Preflight): AsyncGenerator<Finding> {
  yield* judgeFolder(await folderFacts(config.folder));
}

// eslint-disable-next-line @typescript-eslint/require-await -- as the others
async function* checkListening({ config, running, httpPort }: Preflight): AsyncGenerator<Finding> {
  const own = Object.values(networkInterfaces()).flatMap((entries) =>
    (entries ?? []).map(({ address }) => address),
  );
  const base = { host: config.host, servesDhcp: config.dhcp !== null, own };
  try {
    const url = machineUrlOf(
      config,
      httpPort ?? (running === undefined ? 0 : Number(new URL(running.url).port)),
    );
    yield judgeListening({ ...base, url });
  } catch (error) {
    yield fromError('url', error, 'Set BASTION_URL.');
  }
}

// eslint-disable-next-line @typescript-eslint/require-await -- as the others
async function* checkInterfaces({ interfaces }: Preflight): AsyncGenerator<Finding> {
  if (interfaces.length === 0)
    yield skipped(
      'interface',
      'BASTION_DHCP_INTERFACE is not set: this bastion serves no DHCP, and machines are sent here by other means',
    );
  for (const { served, facts } of interfaces) yield* judgeInterface(facts, served);
}

async function* checkRights({ interfaces, running }: Preflight): AsyncGenerator<Finding> {
  if (interfaces.length === 0) return;
  // What serves has shown that it may.
  if (running?.readiness?.dhcp === 'running') yield ok('rights', 'DHCP is being served');
  else yield judgeRights(await rightsFacts());
}

async function* checkPorts({ config, running, interfaces, httpPort }: Preflight): AsyncGenerator<Finding> {
  const needed = neededPorts(config, interfaces, httpPort);
  const used = await usedPorts(new Set(needed.map(({ port }) => port)), running?.pid);
  for (const port of needed) yield judgePort(port, used);
}

function neededPorts(
  config: BastionSettings,
  interfaces: Preflight['interfaces'],
  httpPort: number | null,
): NeededPort[] {
  const addresses = interfaces.flatMap(({ facts }) => facts.addresses.map(({ address }) => address));
  const end = 'End that program, or keep it off this interface.';
  const udp = (port: number, purpose: string, shared: boolean): NeededPort => ({
    protocol: 'udp',
    port,
    purpose,
    addresses,
    shared,
    fix: end,
  });
  return [
    ...(interfaces.length === 0 ? [] : [udp(67, 'DHCP', true), udp(69, 'TFTP', false)]),
    ...(interfaces.some(({ served }) => served.mode === 'proxy') ? [udp(4011, 'PXE', true)] : []),
    ...(httpPort === null
      ? []
      : [
          {
            protocol: 'tcp',
            port: httpPort,
            purpose: 'HTTP',
            addresses: [config.host],
            shared: false,
            fix: 'End that program, or set BASTION_PORT to another port.',
          } as const,
        ]),
  ];
}

async function* checkPrograms({ config, interfaces }: Preflight): AsyncGenerator<Finding> {
  const [first] = interfaces;
  if (first !== undefined) {
    const mode = interfaces.some(({ served }) => served.mode === 'proxy') ? 'proxy' : first.served.mode;
    yield* judgeDnsmasq(config.dnsmasq, await dnsmasqAnswer(config.dnsmasq), mode);
  }
  const [efi, bios] = await Promise.all([efiBinary(config).catch(() => undefined), biosBinary(config)]);
  const path = (binary: typeof efi): string | null =>
    binary === undefined ? null : join(binary.folder, binary.name);
  yield* judgeIpxe({
    servesDhcp: first !== undefined,
    efi: path(efi),
    bios: path(bios),
    places: config.ipxeDir ?? 'the usual folders',
  });
}

async function* checkProfiles({ config }: Preflight): AsyncGenerator<Finding> {
  try {
    const assets = await loadAssets(
      config.assetsDir,
      config.profilesDir === null ? [] : [config.profilesDir],
    );
    const { profiles } = await inventoryOf(assets, config);
    yield* judgeProfiles(
      profiles.map(({ name, missing }) => ({ name, missing: missing ?? [] })),
      config.discoveryProfile,
    );
  } catch (error) {
    yield fromError('profile', error, 'Set BASTION_ASSETS_DIR to the folder bastion-assets of this release.');
  }
}

async function* checkLabd({ config, running }: Preflight): AsyncGenerator<Finding> {
  let labd: LabdConfig;
  try {
    labd = await labdOf(config, new Untouched());
  } catch (error) {
    yield fromError('labd', error, 'Set LABD_URL.');
    return;
  }
  const facts = await labdFacts(labd, config.folder, running === undefined);
  const findings = judgeLabd(facts);
  yield* running === undefined ? findings : findings.filter(({ check }) => check !== 'link');
  if (running !== undefined) yield judgeOwnLink(running);
}

async function* checkDhcpServers({ interfaces, running }: Preflight): AsyncGenerator<Finding> {
  // Side by side: each waits some seconds for what may come.
  const asked = await Promise.all(
    interfaces.map(async ({ served, facts }): Promise<Finding[]> => {
      const own = facts.addresses.map(({ address }) => address);
      const [address] = own;
      if (address === undefined || !facts.isUp || facts.master !== null)
        return [
          skipped(
            'dhcp',
            `whether another DHCP server is on ${served.name} was not asked: the interface can't be used`,
          ),
        ];
      const isServing = running?.readiness?.dhcp === 'running';
      return judgeDhcpServers({ served, own, isServing, answers: await askForOffers(address) });
    }),
  );
  yield* asked.flat();
}

async function* checkReach({ interfaces, running, httpPort, config }: Preflight): AsyncGenerator<Finding> {
  for (const { served, facts } of interfaces) {
    const [own] = facts.addresses;
    if (own === undefined || !facts.isUp) continue;
    const { name, range, mode } = served;
    const attempts = attemptsFor(mode, running, httpPort);
    const order = { bridge: name, address: own.address, netmask: own.netmask, range, attempts };
    const answers = facts.isBridge
      ? await tryFromNamespace(order)
      : // drivers/net/macvlan.c: packets between a macvlan or ipvlan and its own lower interface's host go nowhere.
        { untried: `${name} is no bridge, and nothing on this machine can send to it as a machine would` };
    yield* judgeReach({
      name,
      address: own.address,
      httpPort: httpPort ?? config.port,
      servesTftp: true,
      answers,
    });
  }
}

/** A bastion that runs is asked itself; in place of one that doesn't, its ports answer for as long as they are tried. */
function attemptsFor(
  mode: 'full' | 'proxy',
  running: RunningBastion | undefined,
  httpPort: number | null,
): Attempt[] {
  if (running === undefined) {
    const udp = [67, 69, ...(mode === 'proxy' ? [4011] : [])];
    return [
      ...udp.map((port): Attempt => ({ kind: 'echo', protocol: 'udp', port })),
      ...(httpPort === null ? [] : [{ kind: 'echo', protocol: 'tcp', port: httpPort } as const]),
    ];
  }
  const http: Attempt[] = httpPort === null ? [] : [{ kind: 'http', port: httpPort, path: '/readyz' }];
  if (running.readiness?.dhcp !== 'running') return http;
  return [
    ...(mode === 'full' ? [{ kind: 'dhcp' } as const] : []),
    { kind: 'tftp', file: 'ipxe.efi' },
    ...http,
  ];
}

function httpPortOf(config: BastionSettings, running: RunningBastion | undefined): number | null {
  if (running !== undefined) return Number(new URL(running.url).port) || 80;
  return config.port === 0 ? null : config.port;
}

function fromError(check: string, error: unknown, fix: string): Finding {
  const message = error instanceof Error ? error.message : String(error);
  const text = error instanceof LabError ? message : printable(message);
  return failed(check, text, error instanceof LabError ? (error.hint ?? fix) : fix);
}
