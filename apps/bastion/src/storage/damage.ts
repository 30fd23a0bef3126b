import { constants } from 'node:fs';
import { copyFile, open, rename, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { systemClock, type Clock } from '@lab/domain';
import type { BastionLog } from '../logger.js';
import { syncFolder } from './atomic-file.js';
import { isMissing } from './storage-error.js';

/**
 * What is found unreadable in the bastion's folder is kept beside it as `NAME.damaged-<time>`, for a person to look at, and said
 * in the log. Nothing that can still be read is given up with it.
 */
export class Damage {
  constructor(
    private readonly log: Pick<BastionLog, 'error'> = { error: () => undefined },
    private readonly clock: Clock = systemClock,
  ) {}

  /** A copy of the file goes aside, and it can be mended in place. Answers the copy's path. */
  async copyAside(path: string, hint: string): Promise<string> {
    const aside = await this.#freeName(path);
    // Costs nothing where the file system can share blocks.
    await copyFile(path, aside, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE);
    const copy = await open(aside, 'r+');
    await copy.sync().finally(() => copy.close());
    await syncFolder(dirname(path));
    this.say(path, aside, hint);
    return aside;
  }

  /** The file or folder itself goes aside: nothing is left under its name. */
  async moveAside(path: string, hint: string): Promise<string> {
    const aside = await this.#freeName(path);
    await rename(path, aside);
    await syncFolder(dirname(path));
    this.say(path, aside, hint);
    return aside;
  }

  say(file: string, aside: string, hint: string): void {
    this.log.error({ file, aside, hint }, 'a file was damaged, and was set aside');
  }

  async #freeName(path: string): Promise<string> {
    const time = new Date(this.clock.now()).toISOString().replace(/[-:]|\.\d+/g, '');
    for (let attempt = 1; ; attempt += 1) {
      const name = `${path}.damaged-${time}${attempt === 1 ? '' : `-${attempt}`}`;
      const isFree = await stat(name).then(() => false, isMissing);
      if (isFree) return name;
    }
  }
}
