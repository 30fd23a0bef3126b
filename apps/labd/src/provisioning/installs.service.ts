import { Injectable } from '@nestjs/common';
import type { Caller } from '../auth/caller.js';
import { ServerReferenceQuery } from '../servers/server-reference.query.js';
import type { InstallDto, InstallListDto } from './install.dto.js';
import type { LogPageDto, LogsQueryDto } from './install-log.dto.js';
import { InstallLogQuery } from './install-log.query.js';
import { InstallQuery, type InstallPulse } from './install.query.js';

const DEFAULT_LOG_PAGE = 1000;

@Injectable()
export class InstallsService {
  constructor(
    private readonly references: ServerReferenceQuery,
    private readonly installs: InstallQuery,
    private readonly lines: InstallLogQuery,
  ) {}

  async ofServer(caller: Caller, reference: string): Promise<InstallListDto> {
    const { id } = await this.references.resolve(reference, caller.grants, 'read');
    const items = await this.installs.ofServer(id);
    return { apiVersion: 'lab/v1', kind: 'List', metadata: { continue: null }, items };
  }

  byId(caller: Caller, id: string): Promise<InstallDto> {
    return this.installs.byId(id, caller.grants);
  }

  async find(caller: Caller, reference: string, attempt: number | undefined): Promise<InstallPulse> {
    const { id, name } = await this.references.resolve(reference, caller.grants, 'read');
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
