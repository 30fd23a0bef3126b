import type { Clock } from '@lab/domain';
import type { InstallRecord } from './install-record.js';
import { PackageProgress } from './package-progress.js';
import type { ReportedLine } from './report-body.js';

/** Installs whose packages are counted at once. */
const MAX_INSTALLS = 1_000;

/** Of installs whose packages are being installed: how far they are, as the lines of the installer tell. */
export class PackageCounter {
  readonly #installs = new Map<string, PackageProgress>();

  constructor(private readonly clock: Clock) {}

  /** What there is to say after these lines, if anything. */
  take(record: InstallRecord, lines: readonly ReportedLine[]): string | undefined {
    const view = record.stages.get('packages');
    if (view?.state !== 'running') {
      this.#installs.delete(record.installId);
      return undefined;
    }
    let progress = this.#installs.get(record.installId);
    if (progress === undefined) {
      progress = new PackageProgress(view.message);
      this.#installs.set(record.installId, progress);
      const [oldest] = this.#installs.keys();
      if (oldest !== undefined && this.#installs.size > MAX_INSTALLS) this.#installs.delete(oldest);
    }
    return progress.take(lines, this.clock.now());
  }
}
