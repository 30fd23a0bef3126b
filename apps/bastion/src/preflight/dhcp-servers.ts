import { failed, ok, skipped, warning, type Finding } from './finding.js';
import type { DhcpAnswers, HeardOffer } from './dhcp-probe.js';
import type { ServedInterface } from './site.js';

export interface AskedSegment {
  served: ServedInterface;
  /** This machine's addresses on that interface. */
  own: readonly string[];
  /** Whether the bastion runs and serves DHCP: then its own offer is expected. */
  isServing: boolean;
  answers: DhcpAnswers;
}

/** A server, from all that it offered. */
interface Server {
  id: string;
  mac: string | null;
  /** An address that it offered, with who may use it; null: it gives none. */
  offered: string | null;
  router: string | null;
  domain: string | null;
  bootFile: string | null;
  isPxe: boolean;
}

const SILENCE = 'that no other server answered is no proof: switches may keep answers back (DHCP snooping)';

export function judgeDhcpServers({ served, own, isServing, answers }: AskedSegment): Finding[] {
  const { name, mode } = served;
  if ('refusal' in answers)
    return [
      skipped(
        'dhcp',
        `whether another DHCP server is on ${name} was not asked: ${answers.refusal}`,
        'Run labctl bastion doctor as root, with no DHCP client on that interface.',
      ),
    ];
  const servers = serversOf(answers.offers);
  const ours = servers.filter(({ id }) => own.includes(id));
  const others = servers.filter(({ id }) => !own.includes(id));
  const findings: Finding[] = [];
  for (const server of ours) {
    if (!isServing)
      findings.push(
        failed(
          'dhcp',
          `a DHCP server of this machine itself answers on ${name} as ${server.id}, and it isn't this bastion's`,
          'See the finding on port 67 for its process, and end it.',
        ),
      );
  }
  findings.push(...others.map((server) => judgeOther(server, name, mode)));
  if (mode === 'proxy' && others.every(({ offered }) => offered === null))
    findings.push(
      failed(
        'dhcp',
        `no DHCP server gives addresses on ${name}, and in proxy mode the bastion gives none either`,
        'Turn on the DHCP server of that network, or let the bastion give the addresses: BASTION_DHCP_MODE=full, and a range of its own.',
      ),
    );
  if (mode === 'full' && isServing && ours.every(({ offered }) => offered === null))
    findings.push(
      warning(
        'dhcp',
        `the bastion's own DHCP server offered nothing on ${name}`,
        'Look for "no address available" and other words of dnsmasq in its log: labctl bastion status names the folder.',
      ),
    );
  if (findings.length === 0)
    findings.push(ok('dhcp', `no other DHCP server answered on ${name}; ${SILENCE}`));
  return findings;
}

function judgeOther(server: Server, name: string, mode: 'full' | 'proxy'): Finding {
  const who = described(server);
  if (mode === 'full') {
    const what =
      server.offered === null
        ? `another netboot server answers machines on ${name}`
        : `another DHCP server gives addresses on ${name}`;
    return failed(
      'dhcp',
      `${what}: ${who}`,
      server.offered === null
        ? 'Turn it off: machines follow whoever answers first.'
        : 'Turn it off, or leave the addresses to it: BASTION_DHCP_MODE=proxy.',
    );
  }
  if (server.offered === null)
    return failed(
      'dhcp',
      `another netboot server answers machines on ${name}: ${who}`,
      'Turn it off: machines follow whoever answers first.',
    );
  if (server.bootFile !== null || server.isPxe)
    return warning(
      'dhcp',
      `the DHCP server of ${name} tells machines what to boot: ${who}`,
      'Take its boot file and next server away (options 66 and 67, filename, next-server): some firmware follows it and not the bastion.',
    );
  return ok('dhcp', `${server.id} gives the addresses on ${name}`);
}

function described({ id, mac, offered, router, domain, bootFile }: Server): string {
  const parts = [
    ...(mac === null ? [] : [`MAC ${mac}`]),
    ...(offered === null ? [] : [`offered ${offered}`]),
    ...(router === null ? [] : [`router ${router}`]),
    ...(domain === null ? [] : [`domain ${JSON.stringify(domain)}`]),
    ...(bootFile === null ? [] : [`boot file ${JSON.stringify(bootFile)}`]),
  ];
  return parts.length === 0 ? id : `${id} (${parts.join(', ')})`;
}

/** By the server's own identifier (option 54): one server answers both questions. */
function serversOf(offers: readonly HeardOffer[]): Server[] {
  const servers = new Map<string, Server>();
  for (const offer of offers) {
    const before = servers.get(offer.server);
    const offered = offer.address === '0.0.0.0' ? null : offer.address;
    servers.set(offer.server, {
      id: offer.server,
      mac: before?.mac ?? offer.mac,
      offered: before?.offered ?? offered,
      router: before?.router ?? offer.router,
      domain: before?.domain ?? offer.domain,
      bootFile: before?.bootFile ?? offer.bootFile,
      isPxe: (before?.isPxe ?? false) || offer.isPxe,
    });
  }
  return [...servers.values()].toSorted((a, b) => a.id.localeCompare(b.id, 'en', { numeric: true }));
}
