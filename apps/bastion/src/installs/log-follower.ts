import type { ServerResponse } from 'node:http';
import type { MacAddress } from '@lab/domain';
import { formatCursor, type FollowCursor } from './follow-cursor.js';
import type { InstallFeed } from './install-feed.js';
import type { InstallLogBuffer } from './install-log-buffer.js';
import type { InstallRecord, NumberedReport } from './install-record.js';
import { reportView, stateView } from './install-view.js';

/** Lines that are read and written in one go. */
const LINES = 250;
/** A follower that takes nothing for so long is dropped, in ms; it comes back with `Last-Event-ID`. */
const STALLED_MS = 20_000;
/** A comment keeps proxies from closing a silent stream, in ms. */
const HEARTBEAT_MS = 15_000;

export interface FollowerParts {
  /** Any NIC of the machine. */
  mac: MacAddress;
  /** The install to follow now: always the same, or the machine's newest. */
  install: () => InstallRecord;
  logs: InstallLogBuffer;
  feed: InstallFeed;
  response: ServerResponse;
  stalledMs?: number;
}

/**
 * Writes one follower's SSE stream: `state`, then `stage` and `log` events as they come. It reads what is new from where
 * it stands, and never ahead of the socket: a slow follower costs one chunk, however much is logged.
 */
export class LogFollower {
  #cursor: FollowCursor;
  #shownState = '';
  #shownInstall = '';
  #ended = false;
  #news = false;
  #wake: () => void = () => undefined;

  constructor(
    private readonly parts: FollowerParts,
    cursor: FollowCursor,
  ) {
    this.#cursor = cursor;
  }

  /** Resolves when the follower is gone or was ended. */
  async run(): Promise<void> {
    const { feed, response } = this.parts;
    const stopListening = feed.listen(this.parts.mac, () => this.#notify());
    const heartbeat = setInterval(() => response.write(':\n\n'), HEARTBEAT_MS);
    response.once('close', () => this.end());
    try {
      response.write('retry: 1000\n\n');
      while (!this.#ended) {
        this.#news = false;
        if (!(await this.#writeNews())) await this.#pause();
      }
    } finally {
      clearInterval(heartbeat);
      stopListening();
      response.end();
    }
  }

  end(): void {
    this.#ended = true;
    this.#wake();
  }

  /** False if there was nothing new. */
  async #writeNews(): Promise<boolean> {
    const record = this.parts.install();
    if (record.installId !== this.#cursor.installId) {
      this.#cursor = { installId: record.installId, report: 0, line: 0 };
    }
    // First of all which install this is; how it ended comes after everything that led there.
    const before = record.installId === this.#shownInstall ? '' : this.#stateText(record);
    const reports = this.#reportsText(record);
    const { text: lines, isAll } = await this.#linesText(record);
    const text = before + reports + lines + (isAll ? this.#stateText(record) : '');
    if (text === '' || this.#ended) return false;
    if (!this.parts.response.write(text)) await this.#drained();
    return true;
  }

  #stateText(record: InstallRecord): string {
    const { stage: _stage, ...view } = stateView(record);
    const state = JSON.stringify(view);
    if (state === this.#shownState) return '';
    this.#shownState = state;
    this.#shownInstall = record.installId;
    return `event: state\nid: ${formatCursor(this.#cursor)}\ndata: ${state}\n\n`;
  }

  #reportsText(record: InstallRecord): string {
    const news = record.reports.filter((report) => report.number > this.#cursor.report);
    return news.map((report) => this.#reportText(report)).join('');
  }

  #reportText(report: NumberedReport): string {
    this.#cursor.report = report.number;
    return `event: stage\nid: ${formatCursor(this.#cursor)}\ndata: ${JSON.stringify(reportView(report))}\n\n`;
  }

  async #linesText(record: InstallRecord): Promise<{ text: string; isAll: boolean }> {
    const lines = await this.parts.logs.after(record.installId, record.ringMac, this.#cursor.line, LINES);
    let text = '';
    for (const line of lines) {
      this.#cursor.line = line.number;
      text += `event: log\nid: ${formatCursor(this.#cursor)}\ndata: ${JSON.stringify(line)}\n\n`;
    }
    return { text, isAll: lines.length < LINES };
  }

  /** Waits until the socket has room; ends the follower if it takes too long. */
  async #drained(): Promise<void> {
    const { response, stalledMs = STALLED_MS } = this.parts;
    const { promise, resolve } = Promise.withResolvers<boolean>();
    const timer = setTimeout(() => resolve(false), stalledMs);
    const drained = (): void => resolve(true);
    response.once('drain', drained);
    response.once('close', drained);
    const inTime = await promise;
    clearTimeout(timer);
    response.off('drain', drained);
    response.off('close', drained);
    if (inTime) return;
    response.write('event: dropped\ndata: {"reason":"too slow"}\n\n');
    this.end();
  }

  #notify(): void {
    this.#news = true;
    this.#wake();
  }

  async #pause(): Promise<void> {
    if (this.#news || this.#ended) return;
    await new Promise<void>((resolve) => (this.#wake = resolve));
    this.#wake = () => undefined;
  }
}
