import type { ServerResponse } from 'node:http';
import { LabError, type MacAddress } from '@lab/domain';
import type { BastionLog } from '../logger.js';
import type { FollowCursor } from './follow-cursor.js';
import type { InstallFeed } from './install-feed.js';
import type { InstallLogBuffer } from './install-log-buffer.js';
import type { InstallRecord } from './install-record.js';
import { LogFollower } from './log-follower.js';

const MAX_FOLLOWERS = 2_000;

export interface Follow {
  mac: MacAddress;
  install: () => InstallRecord;
  response: ServerResponse;
  cursor: FollowCursor;
}

/** Everyone who follows a log now. */
export class FollowerRegistry {
  #followers = new Set<LogFollower>();

  constructor(
    private readonly logs: InstallLogBuffer,
    private readonly feed: InstallFeed,
    private readonly log: BastionLog,
  ) {}

  /** Raises `too-many-requests` when no more may follow. */
  checkRoom(): void {
    if (this.#followers.size >= MAX_FOLLOWERS) {
      throw new LabError('too-many-requests', `${MAX_FOLLOWERS} follow logs here already`, {
        hint: 'Follow through labd, or end other followers.',
      });
    }
  }

  /** Ends all streams: they come back with `Last-Event-ID`. */
  endAll(): void {
    for (const follower of this.#followers) follower.end();
  }

  /** Writes a stream until its reader is gone. */
  async run({ cursor, ...follow }: Follow): Promise<void> {
    const follower = new LogFollower({ ...follow, logs: this.logs, feed: this.feed }, cursor);
    this.#followers.add(follower);
    try {
      await follower.run();
    } catch (error) {
      this.log.warn({ err: error, mac: follow.mac }, 'a follower was lost');
      follow.response.destroy();
    } finally {
      this.#followers.delete(follower);
    }
  }
}
