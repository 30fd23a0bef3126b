import type { Diagnosis, Failure } from './diagnose.js';

interface Statement {
  /** What the bastion's message begins with. */
  prefix: string;
  cause: string;
  explanation: string;
  next: string;
}

/** Why a bastion itself fails an install: what it says is the cause, whatever the log holds beside it. */
const STATEMENTS: readonly Statement[] = [
  {
    prefix: 'kickstart: ',
    cause: 'the bastion could not write the kickstart',
    explanation:
      'What the order names was there when it was given, and is not any more: the bastion was restarted with other profiles, roles or layouts.',
    next: 'Compare with what it has now (labctl describe bastion), and order the install again.',
  },
  {
    prefix: 'no-profile: ',
    cause: 'the bastion no longer has the profile',
    explanation: 'It had the profile when the install was ordered, and was started without it since.',
    next: 'Give the bastion the profile again, or reprovision with one that it has (labctl describe bastion).',
  },
  {
    prefix: 'boot-loop: ',
    cause: 'the machine boots the install again and again',
    explanation:
      'It started over more often than an install may: it crashes, is reset, or loses power each time.',
    next: 'Look at its console during an install; its log shows how far it came each time.',
  },
];

/** The diagnosis of a failure that the bastion itself has stated; undefined: it is a machine's. Pure. */
export function statedByBastion({ section, stage, message }: Failure): Diagnosis | undefined {
  if (section !== null || message === null) return undefined;
  const found = STATEMENTS.find(({ prefix }) => message.startsWith(prefix));
  if (found === undefined) return undefined;
  const { prefix, cause, explanation, next } = found;
  return {
    rule: null,
    certainty: 'stated',
    cause: `${cause}: ${message.slice(prefix.length, prefix.length + 500)}`,
    explanation,
    next,
    runbook: null,
    evidence: [{ number: null, source: 'bastion', stage, text: message.slice(0, 500) }],
  };
}
