import { Command } from '@oclif/core/command';
import * as Flags from '@oclif/core/flags';
import { systemClock } from '@lab/domain';
import type { PrintedKind } from '@lab/domain';
import { ConnectionError } from './api/connection-error.js';
import { Transport } from './api/transport.js';
import { cliEnvironment } from './config.js';
import { connect } from './connection.js';
import type { Connection } from './connection.js';
import { ContextStore, contextFilePath, fileSettings } from './context/context-store.js';
import { settingNamed } from './context/settings.js';
import { parseDuration } from './duration.js';
import { OUTPUT_FORMATS, outputFormat } from './output/output-format.js';
import type { OutputFormat } from './output/output-format.js';
import { programOnPath } from './path-programs.js';
import { BUNDLED_KINDS } from './resources/catalog.js';
import type { Selection } from './resources/selection.js';
import { parseSelections } from './resources/selection.js';
import { pagedOutput } from './terminal/pager.js';
import type { PagedOutput } from './terminal/pager.js';
import { processTerminal } from './terminal/terminal.js';
import type { Terminal } from './terminal/terminal.js';
import { exitCodeOf, EXIT } from './cli-error.js';

const GLOBAL = 'GLOBAL';

/** Flags that every command has. */
const globalFlags = {
  context: Flags.string({ description: 'the context to use', helpValue: 'NAME', helpGroup: GLOBAL }),
  'request-timeout': Flags.string({
    description: 'how long an answer may take (30s)',
    helpValue: 'DURATION',
    helpGroup: GLOBAL,
  }),
  'no-color': Flags.boolean({ description: 'no colour', helpGroup: GLOBAL }),
  debug: Flags.boolean({ description: 'show requests and stack traces', helpGroup: GLOBAL }),
};

/** Values of the global flags. */
export interface GlobalFlags {
  context?: string | undefined;
  'request-timeout'?: string | undefined;
  'no-color': boolean;
  debug: boolean;
}

/** `-o`, as every command that prints resources has it. */
export const outputFlag = Flags.string({
  char: 'o',
  description: 'format of the output',
  helpValue: OUTPUT_FORMATS.join('|'),
  exclusive: ['json'],
});
/** `--json`, the same as `-o json`. */
export const jsonFlag = Flags.boolean({ description: 'the same as -o json' });

/** The format that `-o` and `--json` ask for. */
export const formatOf = (flags: { output?: string | undefined; json: boolean }): OutputFormat =>
  flags.json ? 'json' : outputFormat(flags.output);

/** What every command of labctl and its plugins builds on: who is asked, where it is printed. Errors leave `run` as they are. */
export abstract class LabCommand extends Command {
  static override baseFlags = globalFlags;

  protected readonly environment = cliEnvironment();
  #settings: ReadonlyMap<string, string> = new Map();

  protected override async init(): Promise<void> {
    await super.init();
    this.#settings = await fileSettings(this.environment);
  }

  protected terminal(flags: GlobalFlags): Terminal {
    return processTerminal(this.environment, flags['no-color'] || this.#settings.get('color') === 'never');
  }

  /** For what a person reads from top to bottom: through their pager where it is longer than the screen. */
  protected paged(terminal: Terminal): PagedOutput {
    const chosen = this.environment.pager ?? this.#settings.get('pager');
    const command =
      chosen ??
      (programOnPath('less', this.environment.path) !== undefined ? settingNamed('pager').byDefault : 'cat');
    return pagedOutput(terminal, command);
  }

  /** The contexts file. Raises `environment` where it has no place. */
  protected contexts(): ContextStore {
    return new ContextStore(contextFilePath(this.environment));
  }

  /** The chosen labd with its session. Raises not-logged-in (exit 4). */
  protected async lab(flags: GlobalFlags): Promise<Connection> {
    return connect({
      environment: this.environment,
      context: flags.context,
      clock: systemClock,
      ...this.#requestOptions(flags),
    });
  }

  /** A labd without a session: to log in. */
  protected transportTo(server: URL, flags: GlobalFlags): Transport {
    return new Transport({ server, ...this.#requestOptions(flags) });
  }

  /**
   * The resources that the arguments mean, by labd's catalog. A type that the bundled catalog knows costs no usage error while
   * labd is away: then the connection's own error is raised.
   */
  protected async selections(
    args: readonly string[],
    verb: string,
    lab: () => Promise<Connection>,
  ): Promise<readonly Selection[]> {
    let kinds: readonly PrintedKind[];
    let connection: Connection;
    try {
      connection = await lab();
      kinds = await connection.catalog.kinds();
    } catch (error) {
      // Wrong usage is said even where labd can't be asked.
      if (error instanceof ConnectionError || exitCodeOf(error) === EXIT.denied)
        parseSelections(args, BUNDLED_KINDS, verb);
      throw error;
    }
    try {
      return parseSelections(args, kinds, verb);
    } catch {
      // The cached catalog may be older than labd.
      return parseSelections(args, await connection.catalog.kinds({ anew: true }), verb);
    }
  }

  /** Prints this if the person ends the command with Ctrl-C. */
  protected onInterrupt(terminal: Terminal, text: string): void {
    process.prependOnceListener('SIGINT', () => terminal.note(`\n${text}\n`));
  }

  #requestOptions(flags: GlobalFlags): {
    userAgent: string;
    timeoutMs: number;
    trace?: (line: string) => void;
  } {
    const terminal = this.terminal(flags);
    const timeout =
      flags['request-timeout'] ??
      this.environment.requestTimeout ??
      this.#settings.get('request-timeout') ??
      settingNamed('request-timeout').byDefault;
    return {
      userAgent: this.config.userAgent,
      timeoutMs: Math.max(1, parseDuration(timeout, '--request-timeout')),
      ...(flags.debug && { trace: (line: string) => terminal.note(`debug: ${line}\n`) }),
    };
  }
}
