import { LabError } from '@lab/domain';
import { errorReport, exitCodeOf } from '@lab/cli-kit';
import type { Terminal } from '@lab/cli-kit';

/** Does something with each of the servers. Of several, one that is refused is told, and the others go on. */
export async function eachServer(
  refs: readonly string[],
  terminal: Terminal,
  work: (ref: string) => Promise<void>,
): Promise<void> {
  for (const ref of refs) {
    try {
      await work(ref);
    } catch (error) {
      if (refs.length === 1 || !(error instanceof LabError)) throw error;
      terminal.note(errorReport(error, terminal));
      process.exitCode = Math.max(Number(process.exitCode ?? 0), exitCodeOf(error));
    }
  }
}

/** The name that --confirm gives for one of several: its own, else one that is refused. */
export const confirmedName = (given: readonly string[] | undefined, name: string): string | undefined =>
  given?.find((one) => one === name) ?? given?.[0];
