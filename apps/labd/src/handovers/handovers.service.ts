import { timingSafeEqual } from 'node:crypto';
import { LabError, isId, isResourceName, printable, type Clock } from '@lab/domain';
import {
  HANDOVER_KINDS,
  isUniqueViolation,
  sqlStateOf,
  type HandoverKind,
  type TransactionClient,
} from '@lab/database';
import { Inject, Injectable } from '@nestjs/common';
import { AuditTrail, type AuditEntry } from '../audit/audit-trail.repository.js';
import { hashOf } from '../auth/tokens.js';
import { EnrolmentRepository } from '../bastions/enrolment.repository.js';
import { FeedWriter } from '../feed/feed-writer.repository.js';
import { CLOCK } from '../injection-tokens.js';
import { ResourceFeed } from './resource-feed.query.js';
import { ResourceService } from '../resources/resource.service.js';
import { ServerChanges } from '../servers/server-changes.repository.js';
import { HandoverConflicts } from './handover-conflicts.query.js';
import type {
  CheckHandoverDto,
  HandoverCheckedDto,
  HandoverConflictDto,
  HandoverPartDto,
  HandoverStateDto,
  OpenHandoverDto,
} from './handover.dto.js';
import { parseRows, type HandoverRow } from './handover-rows.js';
import { HandoverRows } from './handover-rows.repository.js';
import { HandoversRepository, type StoredHandover } from './handovers.repository.js';

interface Origin {
  requestId: string;
  address: string;
}

const BEARER = /^Bearer (lab_bastion_[A-Za-z0-9_-]{43})$/i;
/** Servers that are told of in one transaction. */
const TOLD_AT_ONCE = 500;
const FIRST_ID = '00000000-0000-0000-0000-000000000000';
const NAMED: Partial<Record<HandoverKind, string>> = {
  networks: 'Network',
  servers: 'Server',
  clusters: 'Cluster',
};

/**
 * Takes in what a bastion brings along from the labd that it had for itself. The join token that enrols it is the permission, and
 * says where all of it will be; after that its credential is. Each part is one transaction and counts once.
 */
@Injectable()
export class HandoversService {
  constructor(
    private readonly resources: ResourceService,
    @Inject(CLOCK) private readonly clock: Clock,
    private readonly bastions: EnrolmentRepository,
    private readonly handovers: HandoversRepository,
    private readonly rows: HandoverRows,
    private readonly conflicts: HandoverConflicts,
    private readonly servers: ServerChanges,
    private readonly resourceFeed: ResourceFeed,
    private readonly feed: FeedWriter,
    private readonly audit: AuditTrail,
  ) {}

  check({ token, name, servers, networks, clusters }: CheckHandoverDto): Promise<HandoverCheckedDto> {
    return this.resources.transaction(true, async (tx) => {
      const place = await this.handovers.placeOfToken(tx, hashOf(token), this.#now());
      if (place === undefined) throw badToken();
      requireName(name);
      const macs = servers.flatMap(({ macs, ...server }) => macs.map((mac) => ({ ...server, mac })));
      const coming = { bastionId: undefined, bastion: name, servers, macs, networks, clusters };
      return { ...place, conflicts: await this.conflicts.find(tx, coming) };
    });
  }

  /** Once for each ID: who lost the answer asks again and goes on where it was. */
  open(request: OpenHandoverDto, origin: Origin): Promise<HandoverStateDto> {
    const { id, token, name, credential, planGeneration, streams } = request;
    requireName(name);
    const announced = countsIn(request.counts);
    return this.resources.transaction(false, async (tx) => {
      const known = await this.handovers.find(tx, id);
      if (known !== undefined) {
        if (isCredentialOf(known, credential)) return stateOf(known);
        throw new LabError('exists', 'There is a hand-over with that ID, and its credential is another', {
          hint: 'Make the hand-over anew.',
        });
      }
      const now = this.#now();
      const used = await this.bastions.useToken(tx, 'bastion', hashOf(token), now);
      if (used === undefined) throw badToken();
      if (await this.bastions.nameExists(tx, name)) {
        throw new LabError('exists', `There is a bastion ${name} already`, {
          hint: 'Choose another name: labctl bastion join … --name NAME.',
        });
      }
      const bastionId = await this.bastions.add(tx, name, hashOf(credential), used);
      await this.handovers.add(tx, { id, bastionId, announced }, { planGeneration, streams }, now);
      const { cloud, environment } = used;
      await this.audit.record(tx, [
        {
          ...{
            at: now,
            actor: `token:${used.name}`,
            action: 'enrol',
            kind: 'Bastion',
            resourceId: bastionId,
          },
          ...{ resourceName: name, cloud, environment, after: { name, handover: id, announced } },
          ...{ requestId: origin.requestId, source: origin.address },
        },
      ]);
      return { id, bastionId, state: 'receiving', receivedParts: 0, received: {} };
    });
  }

  async take(
    id: string,
    authorization: string | undefined,
    { part, kind: stated, rows: given }: HandoverPartDto,
    origin: Origin,
  ): Promise<HandoverStateDto> {
    const kind = HANDOVER_KINDS.find((known) => known === stated) ?? 'lines';
    try {
      return await this.resources.transaction(false, async (tx) => {
        const handover = await this.#authorised(tx, id, authorization);
        if (part <= handover.receivedParts) return stateOf(handover);
        if (part !== handover.receivedParts + 1 || handover.state === 'complete') throw outOfTurn(handover);
        const rows = parseRows(kind, given);
        const receiver = { ...handover, handoverId: id };
        await this.rows.requireOwn(tx, kind, rows, receiver);
        await this.#refuseConflicts(tx, handover, kind, rows);
        await this.rows.insert(tx, kind, rows, receiver);
        await this.#tell(tx, handover, kind, rows, origin);
        const clusters = kind === 'clusters' ? rows.map((row) => String(row['id'])) : [];
        return stateOf(await this.handovers.advance(tx, handover, kind, rows.length, clusters, this.#now()));
      });
    } catch (error) {
      if (!isUniqueViolation(error)) throw impossible(kind, part, error) ?? error;
      throw new LabError('exists', `${kind}: part ${part} has something that is here already`, {
        hint: 'See labctl bastion join --dry-run, delete or rename what is in the way, then run the join again.',
        cause: error,
      });
    }
  }

  async complete(id: string, authorization: string | undefined, origin: Origin): Promise<HandoverStateDto> {
    const handover = await this.resources.transaction(false, (tx) => this.#authorised(tx, id, authorization));
    if (handover.state === 'complete') return stateOf(handover);
    const missing = Object.entries(handover.announced).filter(
      ([kind, count]) => (handover.received[kind] ?? 0) !== count,
    );
    if (missing.length > 0) {
      const said = missing.map(([kind, count]) => `${handover.received[kind] ?? 0} of ${count} ${kind}`);
      throw new LabError(
        'illegal-transition',
        `The hand-over is not complete: ${said.join(', ')} have come`,
        {
          hint: 'Run labctl bastion join again: it goes on where it was.',
        },
      );
    }
    await this.#tellOfServers(handover.bastionId);
    return this.resources.transaction(false, async (tx) => {
      const now = this.#now();
      await this.handovers.complete(tx, id, now);
      const { bastionId, bastion, cloud, environment, received } = handover;
      await this.audit.record(tx, [
        {
          ...{
            at: now,
            actor: `bastion:${bastion}`,
            action: 'import',
            kind: 'Bastion',
            resourceId: bastionId,
          },
          ...{ resourceName: bastion, cloud, environment, after: { handover: id, received } },
          ...{ requestId: origin.requestId, source: origin.address },
        },
      ]);
      return stateOf({ ...handover, state: 'complete' });
    });
  }

  /** With NICs, disks and installs, and with the plan of the bastion; in the order of their IDs, so that it may be cut and begun again. */
  async #tellOfServers(bastionId: string): Promise<void> {
    let after = FIRST_ID;
    for (;;) {
      const from = after;
      const ids = await this.resources.transaction(false, async (tx) => {
        const found = await this.rows.serversAfter(tx, bastionId, from, TOLD_AT_ONCE);
        await this.rows.mendCurrentInstalls(tx, found);
        const changes = found.map((id) => ({ type: 'added' as const, id }));
        await this.servers.record(tx, changes, this.#now());
        return found;
      });
      const last = ids.at(-1);
      if (last === undefined) return;
      after = last;
    }
  }

  async #authorised(
    tx: TransactionClient,
    id: string,
    authorization: string | undefined,
  ): Promise<StoredHandover> {
    const credential = BEARER.exec(authorization ?? '')?.[1];
    const handover = credential === undefined || !isId(id) ? undefined : await this.handovers.find(tx, id);
    if (handover !== undefined && isCredentialOf(handover, credential ?? '')) return handover;
    throw new LabError('not-logged-in', 'There is no such hand-over for this credential', {
      hint: 'Open it first, with a join token.',
    });
  }

  async #refuseConflicts(
    tx: TransactionClient,
    handover: StoredHandover,
    kind: HandoverKind,
    rows: readonly HandoverRow[],
  ): Promise<void> {
    const named = rows.map((row) => ({ id: text(row['id']), name: text(row['name']) }));
    const macs = rows
      .filter((row) => row['boot'] === true || row['declared'] === true)
      .map((row) => ({ id: text(row['server_id']), name: text(row['mac']), mac: text(row['mac']) }));
    const found = await this.conflicts.find(tx, {
      bastionId: handover.bastionId,
      bastion: undefined,
      servers: kind === 'servers' ? named : [],
      macs: kind === 'nics' ? macs : [],
      networks: kind === 'networks' ? named.map(({ name }) => name) : [],
      clusters: kind === 'clusters' ? named.map(({ name }) => name) : [],
    });
    if (found.length > 0) throw conflicting(found);
  }

  async #tell(
    tx: TransactionClient,
    { bastion, cloud, environment }: StoredHandover,
    kind: HandoverKind,
    rows: readonly HandoverRow[],
    origin: Origin,
  ): Promise<void> {
    const named = NAMED[kind];
    if (named === undefined) return;
    const now = this.#now();
    const { requestId, address: source } = origin;
    await this.audit.record(
      tx,
      rows.map((row): AuditEntry => ({
        ...{ at: now, actor: `bastion:${bastion}`, action: 'import', kind: named, cloud, environment },
        ...{ resourceId: text(row['id']), resourceName: text(row['name']), requestId, source },
        after: { name: row['name'], labels: row['labels'], annotations: row['annotations'] },
      })),
    );
    // Servers are told of when all of them has come.
    if (kind === 'servers') return;
    const ids = rows.map((row) => text(row['id']));
    await this.feed.record(tx, await this.resourceFeed.added(tx, named, ids, now));
  }

  #now(): Date {
    return new Date(this.clock.now());
  }
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

const stateOf = ({ id, bastionId, state, receivedParts, received }: StoredHandover): HandoverStateDto => ({
  ...{ id, bastionId, state, receivedParts, received },
});

function isCredentialOf({ credentialHash }: StoredHandover, credential: string): boolean {
  const given = Buffer.from(hashOf(credential));
  const right = Buffer.from(credentialHash ?? '');
  return given.length === right.length && timingSafeEqual(given, right);
}

function requireName(name: string): void {
  if (isResourceName(name)) return;
  throw new LabError('invalid', `name: "${printable(name)}" is not a name for a bastion`, {
    hint: 'Use lower-case letters, digits and dashes, at most 63 a label (RFC 1123): --name site-a.',
    errors: [{ path: 'name', message: 'must be an RFC 1123 host name' }],
  });
}

/** What every kind comes to. */
function countsIn(given: Readonly<Record<string, unknown>>): Record<string, number> {
  return Object.fromEntries(
    HANDOVER_KINDS.map((kind) => {
      const count = given[kind] ?? 0;
      if (typeof count === 'number' && Number.isSafeInteger(count) && count >= 0) return [kind, count];
      throw new LabError('invalid', `counts.${kind}: must be a whole number`, {
        errors: [{ path: `counts.${kind}`, message: 'must be a whole number' }],
      });
    }),
  );
}

const badToken = (): LabError =>
  new LabError('not-logged-in', 'The join token is not valid, has expired or is used up', {
    hint: 'Make another with: labctl create token --kind bastion',
  });

const outOfTurn = ({ receivedParts, state }: StoredHandover): LabError =>
  new LabError(
    'illegal-transition',
    state === 'complete' ? 'The hand-over is complete' : `Part ${receivedParts + 1} comes next`,
    { hint: 'Run labctl bastion join again: it goes on where it was.', details: { receivedParts } },
  );

/** A null, a number or a reference that the table doesn't take: classes 22 and 23 of SQLSTATE. */
const impossible = (kind: HandoverKind, part: number, cause: unknown): LabError | undefined =>
  /^2[23]/.test(sqlStateOf(cause) ?? '')
    ? new LabError('invalid', `${kind}: part ${part} has a value that can't be`, {
        hint: 'Make the hand-over anew: the file is not whole.',
        cause,
      })
    : undefined;

function conflicting(conflicts: readonly HandoverConflictDto[]): LabError {
  const shown = conflicts
    .slice(0, 5)
    .map(({ kind, name, reason }) => `${kind.toLowerCase()}/${name}: ${reason}`);
  return new LabError('exists', `${shown.join('; ')}${conflicts.length > shown.length ? ' …' : ''}`, {
    hint: 'Rename or delete what is in the way here, then run the join again: it goes on where it was.',
    details: { conflicts },
  });
}
