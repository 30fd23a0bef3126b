import { failed, ok, skipped, warning, type Finding } from './finding.js';
import type { Attempt, Outcome } from './reach-attempt.js';
import type { ReachAnswers } from './reach-namespace.js';

export interface ReachFacts {
  name: string;
  /** This machine's address on it. */
  address: string;
  httpPort: number;
  servesTftp: boolean;
  answers: ReachAnswers;
}

export function judgeReach({ name, address, httpPort, servesTftp, answers }: ReachFacts): Finding[] {
  if ('untried' in answers) {
    const tftp = servesTftp ? `curl -o /dev/null tftp://${address}/ipxe.efi, and ` : '';
    return [
      skipped(
        'firewall',
        `whether machines get through to ${name} was not tried: ${answers.untried}`,
        `Try it from another host of that network while the bastion runs: ${tftp}curl http://${address}:${httpPort}/readyz.`,
      ),
    ];
  }
  const findings = answers.outcomes.map(({ attempt, outcome }) => judgeOutcome(name, attempt, outcome));
  const isFine = findings.every(({ status }) => status === 'ok');
  // One line says it all when nothing is in the way.
  if (!isFine) return findings;
  const what = answers.outcomes.map(({ attempt }) => titleOf(attempt)).join(', ');
  return [ok('firewall', `tried from a namespace of its own on ${name}: ${what}`)];
}

function judgeOutcome(name: string, attempt: Attempt, outcome: Outcome): Finding {
  const title = titleOf(attempt);
  switch (outcome.result) {
    case 'answered':
      return ok('firewall', `${title} gets through on ${name}`);
    case 'wrong':
      return warning(
        'firewall',
        `${title} gets through on ${name}, but answers: ${outcome.detail}`,
        "Look at the bastion's log.",
      );
    case 'refused':
    case 'silent':
      return failed(
        'firewall',
        `${title} does not get through on ${name} (${outcome.result === 'refused' ? 'rejected' : outcome.detail}): a firewall of this machine is in the way`,
        fixOf(name, attempt),
      );
  }
}

const titleOf = (attempt: Attempt): string => {
  switch (attempt.kind) {
    case 'echo':
      return `${attempt.protocol} ${attempt.port}`;
    case 'tftp':
      return `TFTP (${attempt.file})`;
    case 'http':
      return `HTTP (port ${attempt.port})`;
    case 'dhcp':
      return 'DHCP';
  }
};

function fixOf(name: string, attempt: Attempt): string {
  const [protocol, port] =
    attempt.kind === 'echo'
      ? [attempt.protocol, attempt.port]
      : attempt.kind === 'http'
        ? ['tcp', attempt.port]
        : ['udp', attempt.kind === 'tftp' ? 69 : 67];
  return (
    `Let ${protocol} ${port} in on ${name}. firewalld: firewall-cmd --permanent --zone=trusted --change-interface=${name} && firewall-cmd --reload. ` +
    `ufw: ufw allow in on ${name} to any port ${port} proto ${protocol}. nftables: iifname "${name}" ${protocol} dport ${port} accept.`
  );
}
