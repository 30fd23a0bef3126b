import {
  LabError,
  RESOURCE_KINDS,
  formatPermission,
  kindNamed,
  mayDo,
  mayDoSomewhere,
  permissionFor,
  printable,
  type Intent,
  type ResourceKind,
} from '@lab/domain';
import type { Database } from '@lab/database';
import { Inject, Injectable } from '@nestjs/common';
import { DATABASE } from '../injection-tokens.js';
import { resolveReference } from '../resources/resource-reference.query.js';
import { ResourceRegistry } from '../resources/resource-registry.js';
import type { CanIAnswerDto, CanIDto } from './auth.dto.js';
import type { Caller } from './caller.js';

const INTENTS: Readonly<Record<string, Intent>> = {
  ...fromEach(['get', 'list', 'watch', 'describe', 'logs', 'diff'], 'read'),
  ...fromEach(
    ['create', 'apply', 'update', 'edit', 'patch', 'label', 'annotate', 'provision', 'reprovision', 'cancel'],
    'write',
  ),
  ...fromEach(['delete', 'forget'], 'destroy'),
};

function fromEach(verbs: readonly string[], intent: Intent): Record<string, Intent> {
  return Object.fromEntries(verbs.map((verb) => [verb, intent]));
}

/** Whether the caller may do something, before they try. */
@Injectable()
export class CanIQuery {
  constructor(
    @Inject(DATABASE) private readonly database: Database,
    private readonly registry: ResourceRegistry,
  ) {}

  /** About a very resource that is there; about a place; or about any resource of the kind at all. */
  async ask(caller: Caller, question: CanIDto): Promise<CanIAnswerDto> {
    const kind = kindNamed<ResourceKind>(question.kind, RESOURCE_KINDS);
    if (kind === undefined)
      throw unknown(
        'kind',
        question.kind,
        RESOURCE_KINDS.map(({ plural }) => plural),
      );
    const intent = Object.hasOwn(INTENTS, question.verb) ? INTENTS[question.verb] : undefined;
    if (intent === undefined) throw unknown('verb', question.verb, Object.keys(INTENTS));
    const { cloud = null, environment = null } = question;
    const name = question.name ?? undefined;
    if (name !== undefined && cloud === null && environment === null)
      return this.#about(caller, kind, intent, name);
    if (name === undefined && cloud === null && environment === null) {
      const anywhere = { name: '*', cloud: null, environment: null };
      return {
        allowed: mayDoSomewhere(caller.grants, kind, intent),
        needed: formatPermission(permissionFor(kind, intent, anywhere)),
      };
    }
    const place = { name: name ?? '*', cloud, environment };
    return {
      allowed: mayDo(caller.grants, kind, intent, place),
      needed: formatPermission(permissionFor(kind, intent, place)),
    };
  }

  async #about(caller: Caller, kind: ResourceKind, intent: Intent, name: string): Promise<CanIAnswerDto> {
    const store = this.registry.storeFor(kind.kind);
    // What they may not read doesn't exist for them, here neither.
    const place = await resolveReference(this.database.client, store, name, caller, 'read');
    return {
      allowed: store.visible !== undefined || mayDo(caller.grants, kind, intent, place),
      needed: formatPermission(permissionFor(kind, intent, place)),
    };
  }
}

const unknown = (path: string, value: string, known: readonly string[]): LabError =>
  new LabError('invalid', `${path}: "${printable(value)}" is not known`, {
    hint: `Known are ${known.join(', ')}.`,
    errors: [{ path, message: 'is not known' }],
  });
