import { CommandHelp, Help } from '@oclif/core/help';
import type { Command } from '@oclif/core/command';
import { BUNDLED_KINDS } from '@lab/cli-kit';

/** Commands and topics by what they are for; those of plugins come last. */
const GROUPS: readonly (readonly [title: string, names: readonly string[]])[] = [
  ['LOOK', ['get', 'describe', 'logs', 'wait', 'explain', 'api-resources', 'audit']],
  ['CHANGE', ['create', 'apply', 'diff', 'edit', 'label', 'annotate', 'delete']],
  ['INSTALL', ['provision', 'reprovision', 'cancel', 'forget']],
  ['LOG IN AND SET UP', ['login', 'logout', 'auth', 'config', 'completion', 'doctor', 'version', 'help']],
];

const EXAMPLES = [
  'login http://127.0.0.1:7070',
  'get servers',
  'apply -f lab.yaml',
  'provision node1 --os fedora-43 --role worker --wait',
  'describe server node1',
  'logs node1 -f',
];

/** oclif's help with a first page that says what labctl is, in groups; and flags without oclif's dots after a value. */
export class LabHelp extends Help {
  protected override CommandHelpClass = LabCommandHelp;

  protected override showRootHelp(): Promise<void> {
    const entries = this.#entries();
    const grouped = new Set(GROUPS.flatMap(([, names]) => names));
    const others = [...entries.keys()].filter((name) => !grouped.has(name));
    const groups = [...GROUPS, ['MORE', others] as const];
    this.log('Servers, their installs, networks, clusters and bastions of a lab.\n');
    this.log(this.section('USAGE', '$ labctl VERB TYPE [NAME…] [--FLAG…]'));
    this.log('');
    for (const [title, names] of groups) {
      const known = names.flatMap((name): [string, string | undefined][] =>
        entries.has(name) ? [[name, entries.get(name)]] : [],
      );
      this.#list(title, known);
    }
    this.log(this.section('TYPES', this.wrap(BUNDLED_KINDS.map(({ plural }) => plural).join(', '))));
    this.log('');
    this.log(this.section('EXAMPLES', EXAMPLES.map((command) => `$ labctl ${command}`).join('\n')));
    this.log('');
    this.log('See labctl COMMAND --help, and labctl explain TYPE for what a document may say.');
    return Promise.resolve();
  }

  #list(title: string, entries: [string, string | undefined][]): void {
    const body = this.renderList(entries, { indentation: 2, spacer: '\n', stripAnsi: false });
    this.log(this.section(title, body));
    this.log('');
  }

  #entries(): Map<string, string | undefined> {
    const entries = new Map<string, string | undefined>();
    for (const { id, summary } of this.sortedCommands) if (!id.includes(':')) entries.set(id, summary);
    for (const { name, description } of this.sortedTopics)
      if (!name.includes(':')) entries.set(name, description);
    return entries;
  }
}

class LabCommandHelp extends CommandHelp {
  protected override flagHelpLabel(flag: Command.Flag.Any, showOptions = false): string {
    return super.flagHelpLabel(flag, showOptions).replace(/\.\.\.(?=\]?$)/, '');
  }
}
