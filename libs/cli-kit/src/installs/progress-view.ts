import { isActive } from '@lab/domain';
import { LiveRegion } from '../terminal/live-region.js';
import type { Terminal } from '../terminal/terminal.js';
import type { FollowEvent } from './follow-events.js';
import type { StageBoard } from './stage-board.js';
import { stageChange, stageLine } from './stage-lines.js';
import { oneLine } from '../output/neutralise.js';

const TICK_MS = 1000;
/** The end of the log, below the stages. */
const LAST_LINES = 3;
const DIM = ['\u001b[2m', '\u001b[0m'] as const;

/** Shows an install's progress on stderr. */
export interface ProgressView {
  /** The board has changed by this event; `moved`: a stage or the install has. */
  changed(event: FollowEvent, moved: boolean): void;
  /** What is wrong with the server now, a text each: `Stuck: …`. */
  conditions(texts: readonly string[]): void;
  /** Nothing more comes; the last picture stays. */
  close(): void;
}

/** On a terminal a list of the stages that keeps its place, elsewhere one line for each change. */
export function progressView(terminal: Terminal, server: string, board: StageBoard): ProgressView {
  // A list that is longer than the screen can't be drawn over.
  const fits = terminal.rows() > board.stages.length + 3;
  return terminal.live && fits ? new LiveView(terminal, server, board) : new LineView(terminal, server);
}

class LineView implements ProgressView {
  readonly #terminal: Terminal;
  readonly #server: string;
  #state: string | undefined;
  readonly #told = new Set<string>();

  constructor(terminal: Terminal, server: string) {
    this.#terminal = terminal;
    this.#server = oneLine(server);
  }

  changed(event: FollowEvent, moved: boolean): void {
    if (event.type === 'stage' && event.stage.state !== 'pending' && moved)
      this.#say(stageChange(event.stage));
    if (event.type === 'state' && event.state !== this.#state) {
      this.#state = event.state;
      this.#say(event.state);
    }
  }

  conditions(texts: readonly string[]): void {
    for (const text of texts) if (!this.#told.has(text)) this.#say(text);
    for (const text of texts) this.#told.add(text);
  }

  close(): void {
    // Every line is out already.
  }

  #say(text: string): void {
    this.#terminal.note(`${this.#server}: ${text}\n`);
  }
}

class LiveView implements ProgressView {
  readonly #terminal: Terminal;
  readonly #server: string;
  readonly #board: StageBoard;
  readonly #region: LiveRegion;
  readonly #timer: NodeJS.Timeout;
  #dirty = true;
  #conditions: readonly string[] = [];

  constructor(terminal: Terminal, server: string, board: StageBoard) {
    this.#terminal = terminal;
    this.#server = oneLine(server);
    this.#board = board;
    this.#region = new LiveRegion(terminal);
    this.#timer = setInterval(() => this.#draw(), TICK_MS);
    this.#draw();
  }

  changed(event: FollowEvent): void {
    if (event.type === 'log' || this.#dirty) return;
    this.#dirty = true;
    // Events come in bursts: one picture for all of them.
    setImmediate(() => {
      if (this.#dirty) this.#draw();
    });
  }

  conditions(texts: readonly string[]): void {
    this.#conditions = texts;
    this.#draw();
  }

  close(): void {
    clearInterval(this.#timer);
    this.#draw();
    this.#region.leave();
    this.#dirty = false;
  }

  /** Of an install that runs, where there is room. */
  #lastLines(stages: number, columns: number): string[] {
    const room = this.#terminal.rows() - stages - this.#conditions.length - 3;
    if (!isActive(this.#board.state) || room < LAST_LINES) return [];
    const [begin, end] = this.#terminal.colour ? DIM : ['', ''];
    return this.#board.lastLines
      .slice(-LAST_LINES)
      .map((line) => `${begin}  | ${cut(oneLine(line), columns - 6)}${end}`);
  }

  #draw(): void {
    this.#dirty = false;
    const now = Date.now();
    const columns = this.#terminal.columns();
    const style = { colour: this.#terminal.colour, utf8: this.#terminal.utf8 };
    const heading = `${this.#server}: ${this.#board.state}${isActive(this.#board.state) ? '' : '.'}`.slice(
      0,
      columns - 1,
    );
    const stages = this.#board.stages.map((stage) =>
      stageLine(stage, now, columns, style, this.#board.usualSeconds.get(stage.name)),
    );
    const troubles = this.#conditions.slice(0, 2).map((text) => text.slice(0, columns - 1));
    this.#region.draw([heading, ...stages, ...troubles, ...this.#lastLines(stages.length, columns)]);
  }
}

const cut = (text: string, most: number): string =>
  text.length > most ? `${text.slice(0, most - 1)}~` : text;
