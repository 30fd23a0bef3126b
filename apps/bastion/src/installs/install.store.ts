import { mkdir, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { isId, type MacAddress } from '@lab/domain';
import { Damage } from '../storage/damage.js';
import { Journal } from '../storage/journal.js';
import { OpenPool } from '../storage/open-pool.js';
import { folderError, storageError } from '../storage/storage-error.js';
import type { InstallEvent } from './install-event.js';
import { recordOf, type InstallRecord } from './install-record.js';

/** How much of past installs is kept here; the oldest that are over go first. labd has them all. */
export interface Retention {
  installs: number;
  /** Of all their files together. */
  bytes: number;
}

const MAX_INSTALLS = 2_000;
const OPEN_FILES = 256;

/** The installs that this bastion has served, each with its events in a file of its own. */
export class InstallStore {
  #records = new Map<string, InstallRecord>();
  #byKickstart = new Map<string, InstallRecord>();
  #byReport = new Map<string, InstallRecord>();
  #byMac = new Map<MacAddress, InstallRecord[]>();
  #turns = new Map<string, Promise<unknown>>();
  #files: OpenPool<Journal>;

  private constructor(
    private readonly folder: string,
    private readonly keep: Retention,
    private readonly damage: Damage,
  ) {
    this.#files = new OpenPool(OPEN_FILES, (installId) => this.#openFile(installId));
  }

  static async open(
    bastionFolder: string,
    keep: Partial<Retention> = {},
    damage = new Damage(),
  ): Promise<InstallStore> {
    const folder = join(bastionFolder, 'installs');
    await mkdir(folder, { recursive: true, mode: 0o700 }).catch((error: unknown) => {
      throw folderError(error, folder);
    });
    const store = new InstallStore(folder, { installs: MAX_INSTALLS, bytes: Infinity, ...keep }, damage);
    for (const installId of (await readdir(folder)).filter(isId)) await store.#load(installId);
    await store.#prune();
    return store;
  }

  get(installId: string): InstallRecord | undefined {
    return this.#records.get(installId);
  }

  /** The installs that a machine has had here, newest first. */
  ofMac(mac: MacAddress): InstallRecord[] {
    return [...(this.#byMac.get(mac) ?? [])].sort((a, b) => b.plannedAt - a.plannedAt);
  }

  ofKickstart(tokenHash: string): InstallRecord | undefined {
    return this.#byKickstart.get(tokenHash);
  }

  ofReport(tokenHash: string): InstallRecord | undefined {
    return this.#byReport.get(tokenHash);
  }

  all(): Iterable<InstallRecord> {
    return this.#records.values();
  }

  running(): InstallRecord[] {
    return [...this.#records.values()].filter((record) => !record.isOver);
  }

  /** The folder of an install's files. */
  folderOf(installId: string): string {
    return join(this.folder, installId);
  }

  /** Runs work on an install alone: nothing else changes it meanwhile. */
  async exclusive<T>(installId: string, work: () => Promise<T>): Promise<T> {
    const before = this.#turns.get(installId) ?? Promise.resolve();
    const turn = before.then(work);
    const settled = turn.catch(() => undefined);
    this.#turns.set(installId, settled);
    try {
      return await turn;
    } finally {
      if (this.#turns.get(installId) === settled) this.#turns.delete(installId);
    }
  }

  /** Puts events of an install on the disk, then into its record; the first one of an install makes it. */
  async append(installId: string, events: readonly InstallEvent[]): Promise<InstallRecord> {
    const known = this.#records.get(installId);
    if (known === undefined) await this.#makeFolder(installId);
    const lines = events.map((event) => `${JSON.stringify(event)}\n`).join('');
    await this.#files.use(installId, (file) => file.append(lines, true));
    if (known === undefined) {
      const record = recordOf(events);
      if (record === undefined) throw storageError(new Error('an install begins with its plan'), this.folder);
      this.#add(record);
      await this.#prune();
      return record;
    }
    this.#unindexTokens(known);
    for (const event of events) known.apply(event);
    this.#index(known);
    return known;
  }

  async close(): Promise<void> {
    await Promise.all(this.#turns.values());
    await this.#files.close();
  }

  async #makeFolder(installId: string): Promise<void> {
    const folder = this.folderOf(installId);
    await mkdir(folder, { recursive: true, mode: 0o700 }).catch((error: unknown) => {
      throw storageError(error, folder);
    });
  }

  async #openFile(installId: string): Promise<Journal> {
    try {
      return await Journal.open(this.#fileOf(installId), (line) => parse(line) !== undefined);
    } catch (error) {
      throw storageError(error, this.#fileOf(installId));
    }
  }

  #fileOf(installId: string): string {
    return join(this.folderOf(installId), 'events.ndjson');
  }

  async #load(installId: string): Promise<void> {
    const events: InstallEvent[] = [];
    const file = await Journal.open(
      this.#fileOf(installId),
      (line) => {
        const event = parse(line);
        if (event !== undefined) events.push(event);
        return event !== undefined;
      },
      this.damage,
    );
    await file.close();
    const record = readRecord(events);
    if (record !== undefined) this.#add(record);
    else if (file.bytes > 0) {
      await this.damage.moveAside(
        this.#fileOf(installId),
        'labd has what was reported of this install; the bastion begins it anew if its plan says so.',
      );
    }
  }

  #add(record: InstallRecord): void {
    this.#records.set(record.installId, record);
    this.#index(record);
  }

  #index(record: InstallRecord): void {
    for (const mac of record.macs) {
      const installs = this.#byMac.get(mac) ?? [];
      if (!installs.includes(record)) this.#byMac.set(mac, [...installs, record]);
    }
    for (const hash of record.kickstartHashes) this.#byKickstart.set(hash, record);
    for (const hash of record.reportHashes) this.#byReport.set(hash, record);
  }

  #unindexTokens(record: InstallRecord): void {
    for (const hash of record.kickstartHashes) this.#byKickstart.delete(hash);
    for (const hash of record.reportHashes) this.#byReport.delete(hash);
  }

  async #bytesOf(installId: string): Promise<number> {
    const folder = this.folderOf(installId);
    const files = await readdir(folder).catch(() => []);
    const sizes = await Promise.all(files.map((file) => stat(join(folder, file)).catch(() => ({ size: 0 }))));
    return sizes.reduce((sum, { size }) => sum + size, 0);
  }

  async #prune(): Promise<void> {
    const sizes = new Map<string, number>();
    for (const installId of this.#records.keys()) sizes.set(installId, await this.#bytesOf(installId));
    let bytes = [...sizes.values()].reduce((sum, size) => sum + size, 0);
    const over = [...this.#records.values()]
      .filter((record) => record.isOver)
      .sort((a, b) => a.plannedAt - b.plannedAt);
    for (const record of over) {
      if (this.#records.size <= this.keep.installs && bytes <= this.keep.bytes) return;
      bytes -= sizes.get(record.installId) ?? 0;
      this.#records.delete(record.installId);
      this.#unindexTokens(record);
      for (const mac of record.macs) {
        const rest = (this.#byMac.get(mac) ?? []).filter((other) => other !== record);
        if (rest.length > 0) this.#byMac.set(mac, rest);
        else this.#byMac.delete(mac);
      }
      await rm(this.folderOf(record.installId), { recursive: true, force: true });
    }
  }
}

/** Undefined where the events add up to nothing. */
function readRecord(events: readonly InstallEvent[]): InstallRecord | undefined {
  try {
    return recordOf(events);
  } catch {
    return undefined;
  }
}

/** Our own file: a line with these fields is an event that was written here. */
function parse(line: string): InstallEvent | undefined {
  try {
    const event = JSON.parse(line) as Partial<InstallEvent> | null;
    const isEvent = typeof event?.type === 'string' && typeof event.at === 'number';
    return isEvent ? (event as InstallEvent) : undefined;
  } catch {
    return undefined;
  }
}
