import { spawn } from 'node:child_process';
import { LabError, printable } from '@lab/domain';

/** Any moment will do: the same parts make the same bytes. 2020-01-01; FAT knows no year before 1980. */
export const MEDIUM_DATE = new Date('2020-01-01T00:00:00Z');

const TIMEOUT_MS = 30_000;
const MAX_SAID = 4_000;

/** env(1): "the command can't be found". */
const NO_SUCH_PROGRAM = 127;

const PACKAGES = { xorriso: 'xorriso', mformat: 'mtools', mmd: 'mtools', mcopy: 'mtools' } as const;
export type MediaTool = keyof typeof PACKAGES;

/** Runs one of these programs with its arguments. */
export type MediaTools = (tool: MediaTool, args: readonly string[]) => Promise<void>;

/** The programs on that PATH. */
export const mediaTools =
  (path: string): MediaTools =>
  (tool, args) =>
    run(path, tool, args);

/** Runs a program of xorriso or mtools to its end. Raises `not-found` that says what to install, `timed-out`, `internal`. */
async function run(path: string, tool: MediaTool, args: readonly string[]): Promise<void> {
  const environment = [
    `PATH=${path}`,
    'LC_ALL=C',
    'TZ=UTC0',
    `SOURCE_DATE_EPOCH=${MEDIUM_DATE.getTime() / 1000}`,
  ];
  // No settings of the user that the bastion runs as.
  environment.push('MTOOLSRC=/dev/null', 'MTOOLS_SKIP_CHECK=1');
  const child = spawn('env', [...environment, tool, ...args], {
    stdio: ['ignore', 'ignore', 'pipe'],
    timeout: TIMEOUT_MS,
    killSignal: 'SIGKILL',
  });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said = (said + text).slice(-MAX_SAID);
  });
  const [code, signal] = await new Promise<[number | null, string | null]>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (...how) => resolve(how));
  });
  if (code === 0) return;
  if (code === NO_SUCH_PROGRAM) {
    throw new LabError('not-found', `${tool} is not installed on this bastion, so it makes no boot media`, {
      hint: `Install it there (Debian: apt-get install ${PACKAGES[tool]}; Fedora: dnf install ${PACKAGES[tool]}).`,
    });
  }
  if (signal !== null) {
    throw new LabError('timed-out', `${tool} did not end within ${TIMEOUT_MS / 1000} s`, {
      hint: 'The bastion is busy, or its disk is slow; ask again.',
    });
  }
  const last = printable(said.trim().split('\n').slice(-3).join(' / '));
  throw new LabError('not-ready', `${tool} failed (${code}): ${last}`, {
    hint: 'Look at the disk that holds BASTION_DIR: is it full?',
  });
}
