import { printable, type Clock } from '@lab/domain';
import type { InstallRecord } from './install-record.js';
import type { InstallStore } from './install.store.js';
import type { InstallWriter } from './install-writer.js';

/** Who asks for a file: its address, and the MAC addresses that dracut sends along (`inst.ks.sendmac`). */
export interface FileAsker {
  address: string;
  macs: readonly string[];
}

export interface BootWatchParts {
  store: Pick<InstallStore, 'running'>;
  writer: Pick<InstallWriter, 'exclusive' | 'note' | 'report'>;
  clock: Clock;
  /**
   * How long a machine may ask in vain, or say nothing after its second stage, before the install counts as failed, in ms.
   * dracut asks again some two times a second, for minutes; a tree that is just being copied is whole by then.
   */
  patienceMs: number;
}

/** dracut loads it again only if what came was no file system: it comes once in a boot. */
const TOO_OFTEN = 3;
const MAX_FILES = 16;

/** The second stage; dracut asks for the other one when the first isn't there (anaconda dracut/anaconda-lib.sh). */
const STAGE2 = 'images/install.img';
/** Asked for by every healthy boot, and hardly ever there. */
const OPTIONAL = /(?:^|\/)(?:\.?treeinfo|updates\.img|product\.img|LiveOS\/squashfs\.img|autoexec\.ipxe)$/;

/** What one boot of one install has asked for so far. */
interface Boot {
  /** The token of its boot script: another script is another boot. */
  key: string;
  missing: Map<string, { count: number; since: number }>;
  stage2: number;
  timer: NodeJS.Timeout | undefined;
}

/**
 * Watches what machines ask for before anything of ours runs on them: iPXE and dracut tell nobody what went wrong, but a
 * file that isn't there, a second stage that is loaded over and over, a kickstart that is never asked for say enough.
 * The cause goes into the install's log at once, and fails it when the machine doesn't get further, or starts again.
 */
export class BootWatch {
  readonly #boots = new WeakMap<InstallRecord, Boot>();

  constructor(private readonly parts: BootWatchParts) {}

  /** A file was asked for that isn't there. */
  async missing(asker: FileAsker, profile: string, path: string): Promise<void> {
    const record = this.#booting(asker);
    if (record === undefined || OPTIONAL.test(path)) return;
    const boot = this.#boot(record);
    const now = this.parts.clock.now();
    const miss = boot.missing.get(path) ?? { count: 0, since: now };
    if (miss.count === 0 && boot.missing.size >= MAX_FILES) return;
    miss.count += 1;
    boot.missing.set(path, miss);
    const what = `${printable(path)} of the profile "${printable(profile)}", which is not there (404)`;
    const message = `${path.endsWith('.img') && path.includes('install') ? 'failed to fetch stage2: ' : ''}the machine asked for ${what}`;
    if (miss.count === 1) await this.parts.writer.note(record, message);
    const times = miss.count === 1 ? message : `${message}, ${miss.count} times`;
    record.bootTrouble = times;
    if (now - miss.since >= this.parts.patienceMs) await this.#fail(record, boot, times);
  }

  /** A file was sent to its end. */
  async sent(asker: FileAsker, profile: string, path: string): Promise<void> {
    const record = this.#booting(asker);
    if (record === undefined) return;
    const boot = this.#boot(record);
    if (boot.missing.delete(path) && boot.missing.size === 0) record.bootTrouble = null;
    if (path !== STAGE2) return;
    boot.stage2 += 1;
    if (boot.stage2 >= TOO_OFTEN) {
      const message = `the machine loaded ${path} of the profile "${printable(profile)}" ${boot.stage2} times: what it gets is no file system that it can start`;
      if (boot.stage2 === TOO_OFTEN) await this.parts.writer.note(record, message);
      record.bootTrouble = message;
    }
    if (record.open.length === 0) return;
    clearTimeout(boot.timer);
    boot.timer = setTimeout(() => void this.#silentSince(record, boot), this.parts.patienceMs).unref();
  }

  /** It had its second stage, after which dracut asks for the kickstart at once. */
  async #silentSince(record: InstallRecord, boot: Boot): Promise<void> {
    if (this.#keyOf(record) !== boot.key || !isBooting(record) || record.open.length === 0) return;
    const message =
      record.bootTrouble ??
      'the kickstart was asked of somebody else: the machine loaded its second stage and never came for the kickstart, so what it has is not from this bastion (an inst.ks of the profile, a proxy, a login page)';
    await this.#fail(record, boot, message);
  }

  async #fail(record: InstallRecord, boot: Boot, message: string): Promise<void> {
    await this.parts.writer.exclusive(record.installId, async () => {
      if (this.#keyOf(record) !== boot.key || !isBooting(record)) return;
      await this.parts.writer.note(record, message);
      const stage = record.currentStage ?? 'boot';
      await this.parts.writer.report(record, [{ stage, event: 'failed', message }]);
    });
  }

  /** The install that the asker is booting: by its address, else by its MAC addresses. */
  #booting({ address, macs }: FileAsker): InstallRecord | undefined {
    const booting = this.parts.store.running().filter(isBooting);
    return (
      booting.find(
        ({ open, binding }) =>
          open.some((each) => each.address === address) || binding?.addresses.includes(address) === true,
      ) ?? booting.find((record) => macs.some((mac) => record.open.some((each) => each.mac === mac)))
    );
  }

  #boot(record: InstallRecord): Boot {
    const key = this.#keyOf(record);
    const known = this.#boots.get(record);
    if (known?.key === key) return known;
    clearTimeout(known?.timer);
    const boot: Boot = { key, missing: new Map(), stage2: 0, timer: undefined };
    this.#boots.set(record, boot);
    return boot;
  }

  #keyOf(record: InstallRecord): string {
    return record.open.at(-1)?.hash ?? record.binding?.kickstartHash ?? '';
  }
}

/** Between its boot script and the first word of `%pre`. */
const isBooting = ({ isOver, currentStage }: InstallRecord): boolean =>
  !isOver && (currentStage === 'boot' || currentStage === 'kickstart');
