import { spawn } from 'node:child_process';

const MOST_MS = 200_000;

/** A command of a transcript with what it is to print. */
export interface Step {
  /** In the file, from 1. */
  line: number;
  /** For bash, several lines with a here-document. */
  command: string;
  /** What is expected: stdout lines, `! ` before stderr's, `? N` for an exit code that isn't 0. */
  expected: string[];
  /** Remarks that stand before it. */
  remarks: string[];
}

/**
 * Reads a transcript: `$ command`, `> ` before its further lines, then what comes out: stdout as it is, `! ` before lines of
 * stderr, `? N` for an exit code other than 0. `#` begins a remark. In expected lines `…` stands for any text, and an age in a
 * column, or before "ago", for any age.
 */
export function parseTranscript(text: string): Step[] {
  const steps: Step[] = [];
  let remarks: string[] = [];
  for (const [index, line] of text.split('\n').entries()) {
    const step = steps.at(-1);
    if (line.startsWith('$ ')) {
      steps.push({ line: index + 1, command: line.slice(2), expected: [], remarks });
      remarks = [];
    } else if (line.startsWith('> ') || line === '>') {
      if (step !== undefined) step.command += `\n${line.slice(2)}`;
    } else if (line.startsWith('#')) remarks.push(line);
    else step?.expected.push(line);
  }
  // Blank lines between steps are for the eye.
  for (const step of steps) while (step.expected.at(-1) === '') step.expected.pop();
  return steps;
}

/** A step as a transcript has it, with `…` for what is another each time: IDs, dates, ages. */
export function stepText({ command, remarks }: Step, printed: readonly string[]): string {
  const steady = printed.map((line) =>
    line
      .replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, '…')
      .replace(/\d{4}-\d\d-\d\d[T ][0-9:.]+(Z| [+-]\d{4})?/g, '…')
      .replace(/\/tmp\/[\w-]+/g, '…')
      .replace(/\b(\d+[smhd])+ ago\b/g, '… ago')
      .replace(/\b(\d+[smhd])+$/g, '…'),
  );
  return [...remarks, `$ ${command.replaceAll('\n', '\n> ')}`, ...steady, ''].join('\n');
}

/** What a command prints, in a transcript's form. */
export async function runStep(command: string, env: NodeJS.ProcessEnv): Promise<string[]> {
  const child = spawn('bash', ['-c', command], { env, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  // A command that hangs ends with what it has printed, and its transcript fails there.
  const overdue = setTimeout(() => process.kill(-(child.pid ?? 0), 'SIGKILL'), MOST_MS);
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  clearTimeout(overdue);
  const lines = (text: string): string[] => (text === '' ? [] : text.replace(/\n$/, '').split('\n'));
  return [
    ...lines(stdout),
    ...lines(stderr).map((line) => `! ${line}`),
    ...(code === 0 ? [] : [`? ${code ?? 'signal'}`]),
  ];
}

/** The printed lines with those of the expectation in their place that they match, so that a comparison shows the rest. */
export function matched(printed: readonly string[], expected: readonly string[]): string[] {
  return printed.map((line, index) => {
    const pattern = expected[index];
    if (pattern === undefined) return line;
    const isMatch = patternOf(pattern).test(line) || patternOf(ageless(pattern)).test(ageless(line));
    return isMatch ? pattern : line;
  });
}

const AGE = /(?<=^| {2})(?:\d+[smhd]){1,2}(?= {2}|$)|(?:\d+[smhd]){1,2}(?= ago\b)/g;

/**
 * A line of which the age is what it will be on a machine that has other things to do: in a column, or before "ago". The
 * width of such a column goes with it, in its heading too.
 */
const ageless = (line: string): string =>
  line.search(AGE) >= 0 || /\bAGE\b/.test(line) ? line.replace(AGE, 'AGE').replace(/ {2,}/g, '  ') : line;

const patternOf = (line: string): RegExp =>
  new RegExp(
    `^${line
      .split('…')
      .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
      .join('.*')}$`,
    's',
  );
