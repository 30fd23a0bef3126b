import { printable, type Clock, type ConditionType } from '@lab/domain';
import { MAX_CONTESTED, type BastionCondition, type BastionStatus } from '@lab/protocol';
import type { BastionLimits } from '../config.js';
import type { DhcpFindings } from '../dhcp/dhcp-findings.js';
import type { DhcpService } from '../dhcp/dhcp.service.js';
import type { DiscoveryLimit } from '../discovery/discovery-limit.js';
import type { ConnectionGuard } from '../http/connection-guard.js';
import type { InstallRecord } from '../installs/install-record.js';
import type { Refusal } from '../installs/refusal-book.js';
import type { InstallStore } from '../installs/install.store.js';
import type { MachineStore } from '../machines/machine.store.js';

/** A condition is stated until nothing of it has happened for so long, in ms. */
const QUIET_MS = 600_000;
/** Of an install that has ended, so long, in ms: labd may have been away. */
const ENDED_MS = 3_600_000;
const MOST_NAMED = 2;

/** labd finds bastions by the conditions that it knows. */
type StatedCondition = BastionCondition & { type: ConditionType };

export interface StatusSources {
  limits: BastionLimits;
  discovery: DiscoveryLimit;
  machines: MachineStore;
  connections: ConnectionGuard;
  installs: InstallStore;
  dhcp: Pick<DhcpService, 'trouble'>;
  findings: DhcpFindings;
  clock: Clock;
}

/** How it stands with the bastion. Numbers are rough, so that one who asks in a loop changes nothing with every request. */
export function bastionStatus(sources: StatusSources): BastionStatus {
  return { conditions: conditionsOf(sources), contested: contestedOf(sources) };
}

function conditionsOf({
  limits,
  discovery,
  machines,
  connections,
  dhcp,
  findings,
  clock,
}: StatusSources): StatedCondition[] {
  const conditions: StatedCondition[] = [];
  const heldBack = discovery.heldBackWithin(QUIET_MS);
  if (heldBack !== null) {
    const { burst, perMinute } = limits.newMachinesPerAddress;
    conditions.push({
      type: 'DiscoveryFlooded',
      since: new Date(heldBack.firstAt).toISOString(),
      reason: 'TooManyNewMachines',
      message: `New machines were held back ${roughly(heldBack.count)}, most of them reported by ${printable(heldBack.address)}: an address may report ${burst} at once and ${perMinute} a minute. Look at what is at that address; real machines report themselves again.`,
    });
  }
  const { dropped } = machines;
  if (dropped.count > 0 && clock.now() - dropped.lastAt <= QUIET_MS) {
    conditions.push({
      type: 'UnconfirmedDropped',
      since: new Date(dropped.firstAt).toISOString(),
      reason: 'TooManyUnconfirmed',
      message: `${limits.unconfirmedMachines} machines that nobody has confirmed are all that this bastion keeps: those that were heard of longest ago made room ${roughly(dropped.count)}. Name or forget what was discovered.`,
    });
  }
  const refused = connections.refusedWithin(QUIET_MS);
  if (refused !== null) {
    conditions.push({
      type: 'ConnectionsRefused',
      since: new Date(refused.firstAt).toISOString(),
      reason: 'TooManyConnections',
      message: `Connections were refused ${roughly(refused.count)}, the last one of ${printable(refused.address)}: an address may hold ${limits.connectionsPerAddress}, all together ${limits.connections}.`,
    });
  }
  const trouble = dhcp.trouble ?? findings.within(QUIET_MS);
  if (trouble !== null) {
    conditions.push({
      type: 'DhcpProblem',
      since: new Date(trouble.since).toISOString(),
      reason: dhcp.trouble === null ? 'DnsmasqComplained' : 'NotServed',
      message: trouble.text.slice(0, 500),
    });
  }
  return conditions;
}

function contestedOf({ installs, clock }: StatusSources): BastionStatus['contested'] {
  const now = clock.now();
  const contested = [...installs.all()].filter(
    ({ refusals, endedAt }) => refusals.all.length > 0 && (endedAt === null || now - endedAt <= ENDED_MS),
  );
  return contested
    .toSorted((a, b) => b.plannedAt - a.plannedAt)
    .slice(0, MAX_CONTESTED)
    .map((record) => ({
      installId: record.installId,
      since: new Date(Math.min(...record.refusals.all.map(({ firstAt }) => firstAt))).toISOString(),
      message: contestedMessage(record).slice(0, 500),
    }));
}

function contestedMessage({ refusals, binding }: InstallRecord): string {
  const byAddress = Map.groupBy(refusals.all, ({ address }) => address);
  const named = [...byAddress]
    .slice(0, MOST_NAMED)
    .map(([address, all]) => `${printable(address)}${linkText(all)} asked for ${wanted(all)}`);
  const more = byAddress.size > MOST_NAMED || refusals.others > 0 ? '; so did others' : '';
  const bound =
    binding === null
      ? 'It is another machine than labd knows under this MAC address'
      : `The install is bound to ${binding.addresses.join(', ')}, which fetched its kickstart`;
  return `${named.join('; ')}${more}: refused. ${bound}. Find out what is there.`;
}

const linkText = ([first]: readonly Refusal[]): string =>
  first === undefined || first.link === null ? '' : ` (${first.link})`;

const wanted = (refusals: readonly Refusal[]): string =>
  refusals.map(({ what, count }) => `its ${what} ${roughly(count)}`).join(', ');

/** 1 → once, 7 → a few times, 4321 → more than 1000 times. */
function roughly(count: number): string {
  if (count <= 1) return 'once';
  if (count < 10) return 'a few times';
  return `more than ${10 ** Math.floor(Math.log10(count))} times`;
}
