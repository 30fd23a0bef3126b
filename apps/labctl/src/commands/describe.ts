import { LabError } from '@lab/domain';
import { LabCommand, textAt, usageError } from '@lab/cli-kit';
import type { LabClient } from '@lab/cli-kit';
import { eventLines } from '../describe/event-lines.js';
import { networkDescription } from '../describe/network-description.js';
import { resourceDescription } from '../describe/resource-description.js';
import { serverDescription } from '../describe/server-description.js';

/** Changes that are shown of each. */
const EVENTS = 20;
/** Leases that are asked for at once. */
const PAGE = 1000;

export default class DescribeCommand extends LabCommand {
  static override summary = 'Show all that is known about resources';
  static override description =
    'Of a server its phase and conditions, hardware, NICs and disks, how it netbooted, the stages of its newest install with the cause of a failure, and what to do next. Of a network how it is served with DHCP, its leases and who has them. Administrators see the last changes, too.';
  static override usage = ['describe TYPE NAME…', 'describe TYPE/NAME…'];
  static override examples = [
    '<%= config.bin %> describe server node1',
    '<%= config.bin %> describe srv 52:54:00:12:34:56',
    '<%= config.bin %> describe cluster/prod network/lab',
  ];
  static override strict = false;

  override async run(): Promise<void> {
    const { argv, flags } = await this.parse(DescribeCommand);
    const lab = this.lab(flags);
    const selections = await this.selections(argv.map(String), 'describe', () => lab);
    const output = this.paged(this.terminal(flags));
    const { client } = await lab;
    let isFirst = true;
    try {
      for (const { kind, refs } of selections) {
        if (refs.length === 0)
          throw usageError(
            `describe which ${kind.singular}?`,
            `Write labctl describe ${kind.singular} NAME.`,
          );
        for (const ref of refs) {
          const [text, name] =
            kind.kind === 'Server'
              ? await describedServer(client, ref)
              : kind.kind === 'Network'
                ? await describedNetwork(client, ref)
                : await describedResource(client, kind, ref);
          const events = await changesOf(client, kind.kind, name);
          if (!(await output.write(`${isFirst ? '' : '\n\n'}${text}${events}`))) return;
          isFirst = false;
        }
      }
    } finally {
      await output.end();
    }
  }
}

async function describedServer(client: LabClient, ref: string): Promise<[string, string]> {
  const server = await client.getServer(ref);
  const summary = server.status.install;
  const install = summary === null ? undefined : await client.install(summary.id);
  const netboot = await unlessUnknown(client.netboot(ref), { events: [], leases: [] });
  return [serverDescription(server, install, netboot, Date.now()), server.metadata.name];
}

async function describedNetwork(client: LabClient, ref: string): Promise<[string, string]> {
  const network = await client.network(ref);
  const leases = await unlessUnknown(all(client.leases(ref, { limit: PAGE })), []);
  const reservations = await unlessUnknown(all(client.reservations(ref, { limit: PAGE })), []);
  const text = networkDescription(network, leases, reservations, Date.now());
  return [text, network.metadata.name];
}

async function all<T>(pages: AsyncIterable<readonly T[]>): Promise<T[]> {
  const items: T[] = [];
  for await (const page of pages) items.push(...page);
  return items;
}

/** A labd that is older than we are doesn't know the question. */
async function unlessUnknown<T>(asked: Promise<T>, otherwise: T): Promise<T> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof LabError && error.code === 'not-found') return otherwise;
    throw error;
  }
}

async function describedResource(
  client: LabClient,
  kind: { plural: string },
  ref: string,
): Promise<[string, string]> {
  const resource = await client.resource(kind, ref);
  return [resourceDescription(resource, Date.now()), textAt(resource, 'metadata.name') ?? ref];
}

/** The last changes, for those who may read the audit log. */
async function changesOf(client: LabClient, kind: string, name: string): Promise<string> {
  try {
    for await (const page of client.pages('audit', { kind, name, limit: EVENTS }))
      return eventLines(page, Date.now());
  } catch (error) {
    if (!(error instanceof LabError)) throw error;
  }
  return '';
}
