import { LabError } from '@lab/domain';
import { CliError } from './cli-error.js';
import { oneLine, paragraph } from './output/neutralise.js';

/**
 * What a person reads on stderr about an error: what and why, each wrong field, the evidence, `hint:`, the request ID.
 * A stack only with `debug`. Text from a server comes out without control characters.
 */
export function errorReport(error: unknown, { debug = false, colour = false } = {}): string {
  const [red, plain] = colour ? ['\u001b[31m', '\u001b[39m'] : ['', ''];
  const lines = [`${red}error:${plain} ${paragraph(messageOf(error))}`];
  if (error instanceof LabError) {
    lines.push(...fields(error));
    lines.push(...candidates(error).map((line) => `  ${line}`));
    if (error instanceof CliError) lines.push(...error.evidence.map((line) => `  ${paragraph(line)}`));
    if (error.hint !== undefined) lines.push(`hint: ${paragraph(error.hint)}`);
    const requestId = error.details['requestId'];
    if (typeof requestId === 'string') lines.push(`request ID: ${oneLine(requestId)}`);
  } else if (!debug) {
    lines.push(
      'hint: This is a fault in labctl. Run the command again with --debug and report what it prints.',
    );
  }
  if (debug) lines.push(...stacks(error));
  return `${lines.join('\n')}\n`;
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** Each wrong field, unless the message says it already. */
const fields = (error: LabError): string[] =>
  error.errors
    .filter((field) => !error.message.includes(field.message))
    .map((field) => `  ${oneLine(field.path)}: ${oneLine(field.message)}`);

/** The resources that an ambiguous name may mean. */
function candidates(error: LabError): string[] {
  const listed = error.details['candidates'];
  if (!Array.isArray(listed)) return [];
  return listed.slice(0, 20).map((entry: unknown) => {
    if (typeof entry !== 'object' || entry === null) return oneLine(String(entry));
    const name = 'name' in entry && typeof entry.name === 'string' ? oneLine(entry.name) : '<unknown>';
    const id = 'id' in entry && typeof entry.id === 'string' ? ` (${oneLine(entry.id)})` : '';
    return `${name}${id}`;
  });
}

function stacks(error: unknown): string[] {
  const lines: string[] = [];
  for (
    let cause: unknown = error, depth = 0;
    cause instanceof Error && depth < 5;
    cause = cause.cause, depth++
  ) {
    lines.push(`${depth === 0 ? '' : 'caused by '}${paragraph(cause.stack ?? cause.message)}`);
  }
  return lines;
}
