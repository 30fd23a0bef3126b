import * as Flags from '@oclif/core/flags';
import { LabError } from '@lab/domain';
import {
  CliError,
  LabCommand,
  ResourceClient,
  changeText,
  formatOf,
  isKeyChange,
  jsonFlag,
  oneLine,
  outputFlag,
  parseKeyChanges,
  usageError,
  valueAt,
} from '@lab/cli-kit';
import type { KeyChanges } from '@lab/cli-kit';
import { dryRunFlag, isDryRun, tried } from './file-flags.js';

/** Somebody else's change in between is looked at again so often. */
const MOST_TRIES = 5;

/** What `label` and `annotate` are: they differ in the map that they change. */
export abstract class KeyChangeCommand extends LabCommand {
  static override strict = false;
  static override flags = {
    overwrite: Flags.boolean({ description: 'a key that has another value gets the new one' }),
    'dry-run': dryRunFlag,
    output: outputFlag,
    json: jsonFlag,
  };

  protected async change(
    verb: 'label' | 'annotate',
    map: 'labels' | 'annotations',
    done: string,
  ): Promise<void> {
    const { argv, flags } = await this.parse(KeyChangeCommand);
    const format = formatOf(flags);
    const dryRun = isDryRun(flags['dry-run']);
    const args = argv.map(String);
    const changes = parseKeyChanges(args.filter(isKeyChange), verb);
    const lab = this.lab(flags);
    const selections = await this.selections(
      args.filter((arg) => !isKeyChange(arg)),
      'update',
      () => lab,
    );
    const { client } = await lab;
    const resources = new ResourceClient(client);
    const terminal = this.terminal(flags);
    for (const { kind, refs } of selections) {
      if (refs.length === 0)
        throw usageError(
          `${verb} which ${kind.singular}?`,
          `Write labctl ${verb} ${kind.singular} NAME KEY=VALUE.`,
        );
      for (const ref of refs) {
        for (let tries = 1; ; tries += 1) {
          const found = await client.resource(kind, ref);
          const wanted = differing(
            valueAt(found, `metadata.${map}`),
            changes,
            flags.overwrite,
            `${kind.singular}/${oneLine(ref)}`,
          );
          if (Object.keys(wanted).length === 0) {
            terminal.out(changeText(found, kind.singular, 'unchanged', format));
            break;
          }
          try {
            const version = valueAt(found, 'metadata.version');
            const patch = { metadata: { version, [map]: wanted } };
            const changed = await resources.patch(kind.plural, ref, patch, { dryRun });
            terminal.out(changeText(changed, kind.singular, tried(done, dryRun), format));
            break;
          } catch (error) {
            if (!(error instanceof LabError) || error.code !== 'stale-version' || tries === MOST_TRIES)
              throw error;
          }
        }
      }
    }
  }
}

/** The changes that change something. Raises what would need --overwrite. */
function differing(
  current: unknown,
  changes: KeyChanges,
  overwrite: boolean,
  name: string,
): Record<string, string | null> {
  const before = new Map(Object.entries((current ?? {}) as Record<string, string>));
  const wanted = Object.entries(changes).filter(([key, value]) => (before.get(key) ?? null) !== value);
  const taken = wanted.filter(([key, value]) => value !== null && before.has(key)).map(([key]) => key);
  if (taken.length > 0 && !overwrite) {
    throw new CliError('exists', `${name} has another value for ${taken.map(oneLine).join(', ')} already`, {
      hint: 'Add --overwrite to change it; nothing was changed.',
    });
  }
  return Object.fromEntries(wanted);
}
