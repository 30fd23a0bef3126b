import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import type { Networks, Reservation, ServedNetwork } from '@lab/protocol';
import type { BastionLog } from '../logger.js';
import { readFileIfThere, writeFileAtomically } from '../storage/atomic-file.js';

/** All that labd wants to be served. */
export interface NetworksLevel {
  revision: string;
  networks: readonly ServedNetwork[];
  reservations: readonly Reservation[];
}

/** labd's networks, kept on disk: what the bastion serves while labd is away. */
export class NetworksStore {
  #level: NetworksLevel | null;
  /** The parts of a revision that isn't whole yet. */
  #parts = new Map<number, Networks>();
  #keeping: Promise<void> = Promise.resolve();
  #listeners = new Set<() => void>();

  private constructor(
    private readonly file: string,
    level: NetworksLevel | null,
    private readonly log: BastionLog,
  ) {
    this.#level = level;
  }

  /** A file that is damaged is set aside: labd sends its networks again. */
  static async open(folder: string, log: BastionLog): Promise<NetworksStore> {
    const file = join(folder, 'networks.json');
    const text = await readFileIfThere(file);
    const level = text === undefined ? null : parse(text);
    if (level === undefined) {
      await rename(file, `${file}.damaged`);
      log.error({ file: `${file}.damaged` }, "labd's networks were damaged on disk, and are set aside");
    }
    return new NetworksStore(file, level ?? null, log);
  }

  /** Null: labd has never said. */
  get level(): NetworksLevel | null {
    return this.#level;
  }

  /** Calls back after the level has changed. */
  onChanged(listener: () => void): void {
    this.#listeners.add(listener);
  }

  /** Takes a part. Once all of its revision are there, they are the level. */
  take(part: Networks): void {
    if (part.part > part.parts) return;
    const [before] = this.#parts.values();
    if (before !== undefined && (before.revision !== part.revision || before.parts !== part.parts)) {
      this.#parts.clear();
    }
    this.#parts.set(part.part, part);
    if (this.#parts.size < part.parts) return;
    const parts = [...this.#parts.values()].toSorted((a, b) => a.part - b.part);
    this.#parts.clear();
    // Sent after each welcome: most often it is what is served already.
    if (this.#level?.revision === part.revision) return;
    this.#level = {
      revision: part.revision,
      networks: parts.flatMap(({ networks }) => networks),
      reservations: parts.flatMap(({ reservations }) => reservations),
    };
    this.#keep(this.#level);
    for (const listener of this.#listeners) listener();
  }

  /** Resolves when what was taken is on the disk, or could not be put there. */
  async close(): Promise<void> {
    await this.#keeping;
  }

  #keep(level: NetworksLevel): void {
    this.#keeping = this.#keeping
      .then(() => writeFileAtomically(this.file, `${JSON.stringify(level)}\n`))
      .catch((error: unknown) => {
        this.log.error(
          { err: error },
          "labd's networks could not be kept: after a restart they come from labd",
        );
      });
  }
}

/** Our own file: what is JSON was validated when it came. */
function parse(text: string): NetworksLevel | undefined {
  try {
    const level = JSON.parse(text) as NetworksLevel | null;
    return Array.isArray(level?.networks) && Array.isArray(level.reservations) ? level : undefined;
  } catch {
    return undefined;
  }
}
