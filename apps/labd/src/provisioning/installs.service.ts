import { Injectable } from '@nestjs/common';
import type { Caller } from '../auth/caller.js';
import { ServerReferenceQuery } from '../servers/server-reference.query.js';
import { ResourceQuery, type ResourceList } from '../resources/resource.query.js';
import type { InstallDto } from './install.dto.js';
import { InstallsRepository } from './installs.repository.js';
import type { LogPageDto, LogsQueryDto } from './install-log.dto.js';
import { InstallLogQuery } from './install-log.query.js';
import { InstallQuery, type InstallPulse } from './install.query.js';

const DEFAULT_LOG_PAGE = 1000;

@Injectable()
export class InstallsService {
  constructor(
    private readonly references: ServerReferenceQuery,
    private readonly resources: ResourceQuery,
    private readonly store: InstallsRepository,
    private readonly installs: InstallQuery,
    private readonly lines: InstallLogQuery,
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
    const install = await this.resources.get(this.store, caller, reference);
    const stages = await this.installs.stagesAfter(install.metadata.id, -1);
    return { ...(install as InstallDto), stages: stages.map(({ revision: _, ...stage }) => stage) };
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
