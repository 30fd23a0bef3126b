import {
  bootOrderProblem,
  type ConditionType,
  type InstallState,
  type ServerPhase,
  type StageName,
  type StageState,
} from '@lab/domain';
import type { TransactionClient } from '@lab/database';
import type { Progress, SystemFacts } from '@lab/protocol';
import { Injectable } from '@nestjs/common';
import type { InstallFailureDto } from './install.dto.js';
import { LASTING_CONDITIONS, lastingConditions } from './install-end.repository.js';
import type { InstallRecord, StageRecord } from './install-progress.js';

/** An install as progress is written into it, with its server. */
export interface ProgressRecord extends InstallRecord {
  id: string;
  attempt: number;
  profile: string;
  bastionId: string | null;
  facts: SystemFacts | null;
  /** When the machine said what is to be saved; null: nothing is. */
  heardAt: Date | null;
  server: {
    id: string;
    name: string;
    version: number;
    cloud: string;
    environment: string;
    bastionId: string | null;
    /** Whether this is its newest install. */
    current: boolean;
  };
}

interface Row {
  id: string;
  attempt: number;
  state: InstallState;
  phase_before: ServerPhase;
  profile: string;
  bastion_id: string | null;
  stage_revision: number;
  booted_at: Date | null;
  started_at: Date | null;
  finished_at: Date | null;
  failure: InstallFailureDto | null;
  facts: SystemFacts | null;
  kickstart_fetched_at: Date | null;
  disk_touched_at: Date | null;
  phase: ServerPhase;
  server_id: string;
  name: string;
  version: number;
  cloud: string;
  environment: string;
  server_bastion_id: string | null;
  current: boolean;
}

/** A stage beside its install, for each stage that is loaded; the columns hold what we have put there. */
interface JoinedRow extends Row {
  stage_name: StageName | null;
  stage_position: number;
  stage_state: StageState;
  stage_started_at: Date | null;
  stage_ended_at: Date | null;
  stage_message: string | null;
  stage_failure: InstallFailureDto | null;
  stage_rev: number;
}

/** Reads and writes the progress of many installs, a statement a table. */
@Injectable()
export class ProgressRepository {
  /**
   * The installs that reports are about, with the stages that these can change: those that they name and all that
   * have begun. Locks installs and servers until the end of the transaction.
   */
  async load(tx: TransactionClient, reports: readonly Progress[]): Promise<Map<string, ProgressRecord>> {
    const reportsOf = Map.groupBy(reports, ({ installId }) => installId);
    const wanted = [...reportsOf].map(([id, ofInstall]) => ({
      id,
      stages: ofInstall.map(({ stage }) => stage),
    }));
    const rows = await tx.$queryRaw<JoinedRow[]>`
      SELECT i.id, i.attempt, i.state, i.phase_before, i.profile, i.bastion_id, i.stage_revision, i.booted_at,
        i.started_at, i.finished_at, i.failure, i.facts, i.kickstart_fetched_at, i.disk_touched_at, s.phase, s.id AS server_id, s.name, s.version, s.cloud,
        s.environment, s.bastion_id AS server_bastion_id, s.current_install_id = i.id AS current,
        t.name AS stage_name, t.position AS stage_position, t.state AS stage_state, t.started_at AS stage_started_at,
        t.ended_at AS stage_ended_at, t.message AS stage_message, t.failure AS stage_failure, t.revision AS stage_rev
      FROM jsonb_to_recordset(${JSON.stringify(wanted)}::JSONB) AS w(id UUID, stages JSONB)
      JOIN installs i ON i.id = w.id JOIN servers s ON s.id = i.server_id
      LEFT JOIN install_stages t ON t.install_id = i.id AND (w.stages @> to_jsonb(t.name) OR t.started_at IS NOT NULL)
      ORDER BY i.id, t.position FOR UPDATE OF i, s`;
    const records = new Map<string, ProgressRecord>();
    for (const [id, ofInstall] of Map.groupBy(rows, (row) => row.id)) {
      const [row] = ofInstall;
      if (row !== undefined) records.set(id, recordOf(row, ofInstall.flatMap(stageOf)));
    }
    return records;
  }

  /** Writes installs and those of their stages that changed since `loaded`. */
  async save(
    tx: TransactionClient,
    loaded: ReadonlyMap<string, ProgressRecord>,
    records: readonly ProgressRecord[],
    now: Date,
  ): Promise<void> {
    if (records.length === 0) return;
    const stages = records.flatMap((record) => {
      const since = loaded.get(record.id)?.stageRevision ?? 0;
      return record.stages
        .filter((stage) => stage.revision > since)
        .map(({ name, state, startedAt, endedAt, message, failure, revision }) => ({
          ...{ install_id: record.id, name, state, message, failure, revision },
          ...{ started_at: startedAt, ended_at: endedAt },
        }));
    });
    await tx.$executeRaw`
      UPDATE install_stages SET state = v.state, started_at = v.started_at, ended_at = v.ended_at, message = v.message,
        failure = v.failure, revision = v.revision
      FROM jsonb_to_recordset(${JSON.stringify(stages)}::JSONB) AS v(install_id UUID, name TEXT, state TEXT,
        started_at TIMESTAMPTZ, ended_at TIMESTAMPTZ, message TEXT, failure JSONB, revision INT4)
      WHERE install_stages.install_id = v.install_id AND install_stages.name = v.name`;
    const installs = records.map(
      ({ id, state, stageRevision, bootedAt, startedAt, finishedAt, failure, facts, ...disk }) => ({
        ...{ id, state, failure, facts, stage_revision: stageRevision },
        ...{ booted_at: bootedAt, started_at: startedAt, finished_at: finishedAt },
        heard_at: disk.heardAt,
        ...{ kickstart_fetched_at: disk.kickstartFetchedAt, disk_touched_at: disk.diskTouchedAt },
      }),
    );
    await tx.$executeRaw`
      UPDATE installs SET state = v.state, stage_revision = v.stage_revision, booted_at = v.booted_at,
        started_at = v.started_at, finished_at = v.finished_at, failure = v.failure, facts = v.facts,
        last_heard_at = GREATEST(installs.last_heard_at, v.heard_at), kickstart_fetched_at = v.kickstart_fetched_at, disk_touched_at = v.disk_touched_at,
        version = installs.version + 1, updated_at = ${now}
      FROM jsonb_to_recordset(${JSON.stringify(installs)}::JSONB) AS v(id UUID, state TEXT, stage_revision INT4,
        booted_at TIMESTAMPTZ, started_at TIMESTAMPTZ, finished_at TIMESTAMPTZ, failure JSONB, facts JSONB,
        heard_at TIMESTAMPTZ, kickstart_fetched_at TIMESTAMPTZ, disk_touched_at TIMESTAMPTZ)
      WHERE installs.id = v.id`;
  }

  /** Writes the servers whose phase or install state changed; of a succeeded install, what its system reported. */
  async saveServers(tx: TransactionClient, records: readonly ProgressRecord[], now: Date): Promise<void> {
    if (records.length === 0) return;
    const servers = records.map(({ phase, state, profile, facts, server }) => ({
      id: server.id,
      phase,
      installed: state === 'succeeded',
      profile,
      os_name: facts?.os ?? null,
      kernel_version: facts?.kernel ?? null,
      addresses: facts?.addresses ?? [],
      host_keys: facts?.hostKeys ?? [],
      boot_order: facts?.bootOrder ?? null,
      stated: bootOrderConditions(facts, now),
    }));
    await tx.$executeRaw`
      UPDATE servers SET phase = v.phase,
        conditions = CASE WHEN v.phase = 'provisioning' THEN servers.conditions WHEN v.installed THEN ${lastingConditions([BOOT_ORDER_IGNORED])} || v.stated ELSE ${LASTING_CONDITIONS} END, version = servers.version + 1, updated_at = ${now},
        last_seen_at = GREATEST(servers.last_seen_at, ${now}::TIMESTAMPTZ),
        profile = CASE WHEN v.installed THEN v.profile ELSE servers.profile END,
        os_name = CASE WHEN v.installed THEN v.os_name ELSE servers.os_name END,
        kernel_version = CASE WHEN v.installed THEN v.kernel_version ELSE servers.kernel_version END,
        addresses = CASE WHEN v.installed THEN ARRAY(SELECT jsonb_array_elements_text(v.addresses))
          ELSE servers.addresses END,
        host_keys = CASE WHEN v.installed THEN v.host_keys ELSE servers.host_keys END,
        boot_order = CASE WHEN v.installed THEN NULLIF(v.boot_order, 'null'::JSONB) ELSE servers.boot_order END
      FROM jsonb_to_recordset(${JSON.stringify(servers)}::JSONB) AS v(id UUID, phase TEXT, installed BOOLEAN,
        profile TEXT, os_name TEXT, kernel_version TEXT, addresses JSONB, host_keys JSONB, boot_order JSONB,
        stated JSONB)
      WHERE servers.id = v.id`;
  }
}

const BOOT_ORDER_IGNORED = 'BootOrderIgnored' satisfies ConditionType;

/** What a first boot says of the firmware's order, as conditions of its server. */
function bootOrderConditions(facts: SystemFacts | null, now: Date): object[] {
  const problem = facts?.bootOrder == null ? undefined : bootOrderProblem(facts.bootOrder);
  if (problem === undefined) return [];
  return [{ type: BOOT_ORDER_IGNORED, status: 'True', since: now.toISOString(), ...problem }];
}

const recordOf = (row: Row, stages: StageRecord[]): ProgressRecord => ({
  id: row.id,
  attempt: row.attempt,
  state: row.state,
  phase: row.phase,
  phaseBefore: row.phase_before,
  profile: row.profile,
  bastionId: row.bastion_id,
  stageRevision: row.stage_revision,
  bootedAt: row.booted_at,
  startedAt: row.started_at,
  finishedAt: row.finished_at,
  failure: row.failure,
  facts: row.facts,
  heardAt: null,
  kickstartFetchedAt: row.kickstart_fetched_at,
  diskTouchedAt: row.disk_touched_at,
  stages,
  server: {
    id: row.server_id,
    name: row.name,
    version: row.version,
    cloud: row.cloud,
    environment: row.environment,
    bastionId: row.server_bastion_id,
    current: row.current,
  },
});

const stageOf = (row: JoinedRow): StageRecord[] =>
  row.stage_name === null
    ? []
    : [
        {
          name: row.stage_name,
          position: row.stage_position,
          state: row.stage_state,
          startedAt: row.stage_started_at,
          endedAt: row.stage_ended_at,
          message: row.stage_message,
          failure: row.stage_failure,
          revision: row.stage_rev,
        },
      ];
