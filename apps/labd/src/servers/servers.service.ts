import { Injectable } from '@nestjs/common';
import type { Caller } from '../auth/caller.js';
import { readCursor, writeCursor } from '../http/page-cursor.js';
import type { ServerDto, ServerListDto } from './server.dto.js';
import { ServerListQuery } from './server-list.query.js';
import { DEFAULT_PAGE, type ServersQueryDto } from './server-query.dto.js';
import { ServerReferenceQuery } from './server-reference.query.js';
import { noSuchServer } from './servers.errors.js';

@Injectable()
export class ServersService {
  constructor(
    private readonly list: ServerListQuery,
    private readonly references: ServerReferenceQuery,
  ) {}

  async page(caller: Caller, query: ServersQueryDto): Promise<ServerListDto> {
    const { limit = DEFAULT_PAGE, status: phase, role, cloud, environment, bastion } = query;
    const after = query.continue === undefined ? undefined : readCursor(query.continue);
    // One more than asked tells whether there is a next page.
    const items = await this.list.page(
      caller.grants,
      { role, phase, cloud, environment, bastion },
      limit + 1,
      after,
    );
    const last = items.length > limit ? items[limit - 1] : undefined;
    const next = last === undefined ? null : writeCursor([last.metadata.name, last.metadata.id]);
    return { apiVersion: 'lab/v1', kind: 'List', metadata: { continue: next }, items: items.slice(0, limit) };
  }

  async get(caller: Caller, reference: string): Promise<ServerDto> {
    const { id } = await this.references.resolve(reference, caller.grants, 'read');
    return this.byId(id, reference);
  }

  async byId(id: string, reference: string): Promise<ServerDto> {
    const [server] = await this.list.byIds([id]);
    if (server === undefined) throw noSuchServer(reference);
    return server;
  }
}
