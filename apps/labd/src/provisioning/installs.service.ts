import { STAGES, awaitedIn, isStageName, type InstallState, type StageState } from '@lab/domain';
import { Injectable } from '@nestjs/common';
import type { Caller } from '../auth/caller.js';
import { ServerReferenceQuery } from '../servers/server-reference.query.js';
import { ResourceQuery, type ResourceList } from '../resources/resource.query.js';
import type { AwaitedDto, InstallDto, InstallStageDto } from './install.dto.js';
import { InstallsRepository } from './installs.repository.js';
import type { LogPageDto, LogsQueryDto } from './install-log.dto.js';
import { InstallLogQuery } from './install-log.query.js';
import { InstallQuery, type InstallPulse } from './install.query.js';
import { UsualTimesQuery } from './usual-times.query.js';

const DEFAULT_LOG_PAGE = 1000;

@Injectable()
export class InstallsService {
  constructor(
    private readonly references: ServerReferenceQuery,
    private readonly resources: ResourceQuery,
    private readonly store: InstallsRepository,
    private readonly installs: InstallQuery,
    private readonly lines: InstallLogQuery,
    private readonly usualTimes: UsualTimesQuery,
  ) {}

  /** Newest first. */
  async ofServer(
    caller: Caller,
    reference: string,
    query: Readonly<Record<string, unknown>>,
  ): Promise<ResourceList> {
    const { id } = await this.references.resolve(reference, caller, 'read');
    return this.resources.list(this.store, caller, { ...query, server: id });
  }

  /** With its stages. */
  async get(caller: Caller, reference: string): Promise<InstallDto> {
    const install = (await this.resources.get(this.store, caller, reference)) as InstallDto;
    const stages = await this.installs.stagesAfter(install.metadata.id, -1);
    const usual = await this.usualTimes.of([install.profile]);
    return {
      ...install,
      awaited: awaitedDto(install, stages),
      stages: stages.map(({ revision: _, ...stage }) => ({
        ...stage,
        usualSeconds: usual.get(`${install.profile} ${stage.name}`)?.seconds ?? expectedSeconds(stage.name),
      })),
    };
  }

  async find(caller: Caller, reference: string, attempt: number | undefined): Promise<InstallPulse> {
    const { id, name } = await this.references.resolve(reference, caller, 'read');
    return this.installs.pulse(id, attempt, name);
  }

  async logs(caller: Caller, reference: string, query: LogsQueryDto): Promise<LogPageDto> {
    const install = await this.find(caller, reference, query.install);
    const limit = query.limit ?? DEFAULT_LOG_PAGE;
    const start =
      query.tail === undefined ? 0 : await this.lines.tailStart(install.id, query.tail, query.stage);
    // One more than asked tells whether there is a next page.
    const lines = await this.lines.after(
      install.id,
      Math.max(query.after ?? 0, start),
      limit + 1,
      query.stage,
    );
    const next = lines.length > limit ? (lines[limit - 1]?.number ?? null) : null;
    const { id, attempt, state, logTotal } = install;
    return { install: { id, attempt, state }, lines: lines.slice(0, limit), logTotal, next };
  }
}

const expectedSeconds = (stage: string): number => (isStageName(stage) ? STAGES[stage].expectedSeconds : 0);

function awaitedDto(install: InstallDto, stages: readonly InstallStageDto[]): AwaitedDto | null {
  const moment = (text: string | null): Date | null => (text === null ? null : new Date(text));
  const awaited = awaitedIn({
    state: install.state as InstallState,
    queuedAt: new Date(install.queuedAt),
    stages: stages.flatMap(({ name, state, startedAt, endedAt }) =>
      isStageName(name)
        ? [{ name, state: state as StageState, startedAt: moment(startedAt), endedAt: moment(endedAt) }]
        : [],
    ),
  });
  if (awaited === undefined) return null;
  const { from, what, stage, since, deadlineSeconds } = awaited;
  const until = new Date(since.getTime() + deadlineSeconds * 1000);
  return { from, what, stage, since: since.toISOString(), until: until.toISOString() };
}
