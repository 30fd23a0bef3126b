import { BUNDLED_KINDS, LabCommand, oneLine } from '@lab/cli-kit';
import type { Connection } from '@lab/cli-kit';
import { complete, type KnownCommand } from '../completion/complete.js';
import { NameCache } from '../completion/name-cache.js';

/** A person who has pressed Tab waits no longer. */
const PATIENCE_MS = 2_000;

/** Asked by the shells' scripts: the words that may come next, a line each, with a tab before what they are. */
export default class CompleteCommand extends LabCommand {
  static override hidden = true;
  static override summary = 'Say which words may come next';
  static override strict = false;

  override async run(): Promise<void> {
    const words = this.argv.slice(this.argv.indexOf('--') + 1);
    const flags = {
      'no-color': true,
      debug: false,
      'request-timeout': '2s',
      context: contextIn(words),
    };
    let connection: Promise<Connection> | undefined;
    const lab = () => (connection ??= this.lab(flags));
    const cache = new NameCache(this.environment);
    const quietly = <T>(ask: () => Promise<T>, otherwise: T): Promise<T> => within(ask, otherwise);
    const candidates = await complete(words, this.#commands(), {
      kinds: () => quietly(async () => (await lab()).catalog.kinds(), BUNDLED_KINDS),
      names: (plural) => quietly(async () => cache.names((await lab()).client, plural), []),
      contexts: () => quietly(async () => (await this.contexts().read()).names(), []),
    });
    const lines = candidates.map(
      ({ text, description = '' }) => `${oneLine(text)}\t${oneLine(description)}\n`,
    );
    this.terminal(flags).out(lines.join(''));
    // A request that is late is not waited for.
    process.exit(0);
  }

  #commands(): KnownCommand[] {
    return this.config.commands
      .filter(({ hidden }) => !hidden)
      .map(({ id, summary, flags }) => ({
        words: id.split(':'),
        summary: summary ?? '',
        flags: Object.fromEntries(
          Object.entries(flags)
            .filter(([, flag]) => flag.hidden !== true)
            .map(([name, flag]) => [
              name,
              { char: flag.char, takesValue: flag.type === 'option', description: flag.description ?? '' },
            ]),
        ),
      }));
  }
}

/** The context that the words name. */
function contextIn(words: readonly string[]): string | undefined {
  const at = words.indexOf('--context');
  return at >= 0 && at < words.length - 2 ? words[at + 1] : undefined;
}

async function within<T>(ask: () => Promise<T>, otherwise: T): Promise<T> {
  const late = new Promise<T>((resolve) => setTimeout(() => resolve(otherwise), PATIENCE_MS).unref());
  return Promise.race([ask().catch(() => otherwise), late]);
}
