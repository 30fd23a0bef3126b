import { STAGES, STAGE_NAMES } from '@lab/domain';
import type { InstallState } from '@lab/domain';
import type { InstallFailure, InstallStage } from '../api/api-types.js';
import type { FollowEvent } from './follow-events.js';

/** What is known of a running install: its stages in order, its state, and the end of its log. */
export class StageBoard {
  readonly #stages: Map<string, InstallStage>;
  readonly #lastLines: string[] = [];
  readonly #mostLines: number;
  /** By stage, from past installs; empty until labd has said it. */
  usualSeconds: ReadonlyMap<string, number> = new Map();
  state: InstallState = 'queued';
  failure: InstallFailure | null = null;

  constructor(mostLines = 20) {
    this.#mostLines = mostLines;
    this.#stages = new Map(STAGE_NAMES.map((name) => [name, pending(name, STAGES[name].title)]));
  }

  /** Stages that this version doesn't know come last. */
  get stages(): readonly InstallStage[] {
    return [...this.#stages.values()];
  }

  get lastLines(): readonly string[] {
    return this.#lastLines;
  }

  /** Answers whether a stage or the install has moved: that a stage only says how far it is, or a line, is no move. */
  apply(event: FollowEvent): boolean {
    const before = event.type === 'stage' ? this.#stages.get(event.stage.name)?.state : this.state;
    this.#apply(event);
    return event.type === 'stage' ? event.stage.state !== before : this.state !== before;
  }

  #apply(event: FollowEvent): void {
    if (event.type === 'stage') this.#stages.set(event.stage.name, event.stage);
    else if (event.type === 'state') {
      this.state = event.state;
      this.failure = event.failure;
    } else {
      this.#lastLines.push(event.line.text);
      if (this.#lastLines.length > this.#mostLines) this.#lastLines.shift();
    }
  }
}

const pending = (name: string, title: string): InstallStage => ({
  name,
  title,
  state: 'pending',
  startedAt: null,
  endedAt: null,
  message: null,
  failure: null,
});
