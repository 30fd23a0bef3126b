import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import type { Clock } from '@lab/domain';
import { BastionSession, type FactSource, type SpooledFact } from './bastion-session.js';
import { encode } from './frames.js';
import { LabdSession, type LabdSessionOptions } from './labd-session.js';
import { PROTOCOL_VERSION, WINDOWS, type Fact, type Hello, type Welcome } from './messages.js';
import type { Plan } from './plan.js';
import { CLOSE, pipe, type FrameSocket } from './socket.js';

const clock: Clock = { now: () => Date.UTC(2026, 0, 1) };
const at = new Date(clock.now()).toISOString();
const installId = randomUUID();
const bastionId = randomUUID();

/** A log to look into. */
class Notes {
  readonly notes: string[] = [];
  debug = (_details: object, message: string) => void this.notes.push(message);
  warn = (_details: object, message: string) => void this.notes.push(message);
}

/** A spool in memory, with numbering as the real one has. */
class MemorySpool implements FactSource {
  readonly epoch = randomUUID();
  readonly facts: SpooledFact[] = [];
  ackedSeq = 0;
  #listeners = new Set<() => void>();

  append(fact: Fact): void {
    this.facts.push({ seq: this.facts.length + 1, fact });
    for (const listener of this.#listeners) listener();
  }
  readAfter = (seq: number, max: number) => Promise.resolve(this.facts.slice(seq, seq + max));
  acked(seq: number): Promise<void> {
    this.ackedSeq = seq;
    return Promise.resolve();
  }
  onAppended(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}

/** What labd has committed: survives its sessions, as the database does. */
class Committed {
  readonly positions = new Map<string, number>();
  readonly facts: Fact[] = [];

  accept = (hello: Hello): Promise<Welcome> =>
    Promise.resolve({
      bastionId,
      protocol: PROTOCOL_VERSION,
      windows: WINDOWS,
      acked: {
        facts: { epoch: hello.epochs.facts, seq: this.positions.get(hello.epochs.facts) ?? 0 },
        logs: { epoch: hello.epochs.logs, seq: this.positions.get(hello.epochs.logs) ?? 0 },
      },
    });
  commit = (_stream: string, epoch: string, facts: readonly SpooledFact[]): Promise<void> => {
    for (const { seq, fact } of facts) {
      this.positions.set(epoch, seq);
      this.facts.push(fact);
    }
    return Promise.resolve();
  };
}

const logFact = (number: number): Fact => ({
  type: 'bastion-log',
  payload: { installId, lines: [{ number, at, source: 'anaconda', stage: null, text: `line ${number}` }] },
});
const progressFact = (message: string): Fact => ({
  type: 'bastion-progress',
  payload: { installId, stage: 'disk', event: 'started', at, message, failure: null, facts: null },
});

const helloOf = (spools: { facts: FactSource; logs: FactSource }): Hello => ({
  name: 'site-a',
  softwareVersion: '0.1.0',
  protocol: { min: 1, max: 1 },
  epochs: { facts: spools.facts.epoch, logs: spools.logs.epoch },
  profiles: [],
  planGeneration: 0,
  url: 'http://127.0.0.1:7071',
});

const spools = () => ({ facts: new MemorySpool(), logs: new MemorySpool() });

function bastionOn(
  socket: FrameSocket,
  sources: ReturnType<typeof spools>,
  onPlan: (plan: Plan) => Promise<void> = () => Promise.resolve(),
) {
  const log = new Notes();
  return {
    log,
    session: new BastionSession({ socket, sources, hello: helloOf(sources), onPlan, clock, log }),
  };
}

function labdOn(socket: FrameSocket, database: Committed, options: Partial<LabdSessionOptions> = {}) {
  const log = new Notes();
  const session = new LabdSession({
    socket,
    clock,
    log,
    accept: database.accept,
    commit: database.commit,
    heard: () => undefined,
    inventory: () => undefined,
    planAcked: () => undefined,
    ...options,
  });
  return { log, session };
}

async function until(condition: () => boolean): Promise<void> {
  for (let turn = 0; turn < 10_000; turn += 1) {
    if (condition()) return;
    await new Promise((resolve) => setImmediate(resolve));
  }
  throw new Error('the condition did not come true');
}

describe('the link', () => {
  it('greets, sends what is spooled, and lets the spool forget what is committed', async () => {
    const [left, right] = pipe();
    const sources = spools();
    for (let number = 1; number <= 3 * WINDOWS.logs; number += 1) sources.logs.append(logFact(number));
    sources.facts.append(progressFact('one'));
    const database = new Committed();
    labdOn(right, database);
    const { session } = bastionOn(left, sources);
    expect((await session.established).bastionId).toBe(bastionId);
    await until(() => sources.logs.ackedSeq === 3 * WINDOWS.logs && sources.facts.ackedSeq === 1);
    expect(database.facts).toHaveLength(3 * WINDOWS.logs + 1);
    sources.facts.append(progressFact('two'));
    await until(() => sources.facts.ackedSeq === 2);
    session.close();
    expect(await session.closed).toMatchObject({ code: CLOSE.goingAway });
  });

  it('does not let a flood of log lines delay progress', async () => {
    const [left, right] = pipe();
    const sources = spools();
    for (let number = 1; number <= 500; number += 1) sources.logs.append(logFact(number));
    const database = new Committed();
    const stuck = Promise.withResolvers<undefined>();
    labdOn(right, database, {
      commit: async (stream, epoch, facts) => {
        if (stream === 'logs') await stuck.promise;
        await database.commit(stream, epoch, facts);
      },
    });
    bastionOn(left, sources);
    sources.facts.append(progressFact('through'));
    await until(() => sources.facts.ackedSeq === 1);
    expect(sources.logs.ackedSeq).toBe(0);
    stuck.resolve(undefined);
    await until(() => sources.logs.ackedSeq === 500);
  });

  it('says whom the bastion has heard of, but not before the welcome', async () => {
    const [left, right] = pipe();
    const told: unknown[] = [];
    labdOn(right, new Committed(), { heard: ({ installs }) => told.push(...installs) });
    const { session } = bastionOn(left, spools());
    session.sendHeard({ installs: [{ installId, agoMs: 1 }] });
    await session.established;
    session.sendHeard({ installs: [{ installId, agoMs: 2 }] });
    await until(() => told.length > 0);
    expect(told).toEqual([{ installId, agoMs: 2 }]);
  });

  it('never has more than the window unacked on the wire', async () => {
    const [left, right] = pipe();
    const sources = spools();
    for (let number = 1; number <= 1000; number += 1) sources.logs.append(logFact(number));
    let most = 0;
    let committed = 0;
    const database = new Committed();
    labdOn(right, database, {
      commit: (_stream, _epoch, facts) => {
        const last = facts.at(-1)?.seq ?? 0;
        most = Math.max(most, last - committed);
        committed = last;
        return Promise.resolve();
      },
    });
    bastionOn(left, sources);
    await until(() => sources.logs.ackedSeq === 1000);
    expect(most).toBeLessThanOrEqual(WINDOWS.logs);
  });

  it('loses and repeats nothing when it is cut again and again', async () => {
    const sources = spools();
    const database = new Committed();
    const total = 2000;
    let appended = 0;
    for (let cut = 0; appended < total || sources.logs.ackedSeq < total; cut += 1) {
      const [left, right] = pipe();
      let commits = 0;
      labdOn(right, database, {
        commit: async (stream, epoch, facts) => {
          commits += 1;
          // Every third cut falls between commit and ack, every third before the commit.
          if (commits > cut % 5 && cut % 3 === 0) throw new Error('the database went away');
          await database.commit(stream, epoch, facts);
          if (commits > cut % 7 && cut % 3 === 1) right.close(1006, 'cut');
        },
      });
      const { session } = bastionOn(left, sources);
      const closed = session.closed.then(() => true);
      while (appended < total && appended < (cut + 1) * 100) sources.logs.append(logFact((appended += 1)));
      let over = false;
      void closed.then(() => (over = true));
      await until(() => over || sources.logs.ackedSeq === appended);
      session.close();
    }
    const numbers = database.facts.flatMap((fact) =>
      fact.type === 'bastion-log' ? fact.payload.lines.map((line) => line.number) : [],
    );
    expect(numbers).toEqual(Array.from({ length: total }, (_, index) => index + 1));
  });

  it('acks a replay again and does not commit it twice', async () => {
    const [left, right] = pipe();
    const sources = spools();
    const database = new Committed();
    const frames: string[] = [];
    labdOn(right, database);
    left.onFrame((frame) => frames.push(frame));
    left.send(encode('bastion-hello', helloOf(sources), clock));
    const fact = progressFact('once');
    if (fact.type !== 'bastion-progress') throw new Error('unreachable');
    await until(() => frames.length === 1);
    left.send(encode('bastion-progress', fact.payload, clock, 1));
    await until(() => frames.length === 2);
    left.send(encode('bastion-progress', fact.payload, clock, 1));
    await until(() => frames.length === 3);
    expect(database.facts).toHaveLength(1);
    expect(frames.slice(1).map((frame) => (JSON.parse(frame) as { type: string }).type)).toEqual([
      'labd-ack',
      'labd-ack',
    ]);
  });

  it('closes on a gap, so that nothing is skipped', async () => {
    const [left, right] = pipe();
    const sources = spools();
    const database = new Committed();
    const { session } = labdOn(right, database);
    left.onFrame(() => undefined);
    left.send(encode('bastion-hello', helloOf(sources), clock));
    await session.established;
    left.send(
      encode(
        'bastion-log',
        { installId, lines: [{ number: 1, at, source: 'x', stage: null, text: '' }] },
        clock,
        2,
      ),
    );
    expect(await session.closed).toMatchObject({ code: CLOSE.gap });
    expect(database.facts).toEqual([]);
  });

  it('ignores an unknown type and answers an invalid frame, and stays', async () => {
    const [left, right] = pipe();
    const sources = spools();
    const frames: string[] = [];
    const { log, session } = labdOn(right, new Committed());
    left.onFrame((frame) => frames.push(frame));
    left.send(encode('bastion-hello', helloOf(sources), clock));
    await session.established;
    left.send(JSON.stringify({ v: 2, type: 'bastion-dance', id: 'x', ts: at, payload: {} }));
    left.send('{"v":1');
    left.send(
      JSON.stringify({
        v: 1,
        type: 'bastion-progress',
        id: 'p1',
        seq: 1,
        ts: at,
        payload: { installId, stage: 'tea' },
      }),
    );
    left.send(
      JSON.stringify({
        v: 1,
        type: 'bastion-progress',
        id: 'p2',
        ts: at,
        payload: progressFact('x').payload,
      }),
    );
    await until(() => frames.length >= 4);
    expect(log.notes).toContain('a message of a later protocol version was ignored');
    const errors = frames
      .slice(1)
      .map((frame) => (JSON.parse(frame) as { payload: { of: string | null; message: string } }).payload);
    expect(errors).toEqual([
      { of: null, code: 'invalid', message: 'the frame is not JSON' },
      expect.objectContaining({ of: 'p1', message: expect.stringContaining('payload.stage') }),
      expect.objectContaining({ of: 'p2', message: 'seq: missing on a fact' }),
    ]);
    left.send(encode('bastion-ack', { generation: 1 }, clock));
    session.close(1000, 'done');
    expect(await session.closed).toMatchObject({ code: 1000 });
  });

  it('refuses a bastion of another protocol version and says which is spoken', async () => {
    const [left, right] = pipe();
    const frames: string[] = [];
    const { session } = labdOn(right, new Committed());
    left.onFrame((frame) => frames.push(frame));
    left.send(encode('bastion-hello', { ...helloOf(spools()), protocol: { min: 7, max: 9 } }, clock));
    expect(await session.closed).toMatchObject({ code: CLOSE.unsupportedVersion });
    expect(frames[0]).toContain('this labd speaks protocol 1, the bastion 7 to 9');
  });

  it('acks a plan only when it is kept, and takes plans in order', async () => {
    const [left, right] = pipe();
    const acks: number[] = [];
    const taken: number[] = [];
    const first = Promise.withResolvers<undefined>();
    const { session } = labdOn(right, new Committed(), { planAcked: (generation) => acks.push(generation) });
    bastionOn(left, spools(), async (plan) => {
      if (plan.generation === 1) await first.promise;
      taken.push(plan.generation);
    });
    await session.established;
    session.sendPlan({ generation: 1, full: true, servers: [], removed: [] });
    session.sendPlan({ generation: 2, full: false, servers: [], removed: [] });
    await new Promise((resolve) => setImmediate(resolve));
    expect(acks).toEqual([]);
    first.resolve(undefined);
    await until(() => acks.length === 2);
    expect(taken).toEqual([1, 2]);
  });
});
