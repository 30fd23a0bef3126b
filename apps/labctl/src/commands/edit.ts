import { LabError } from '@lab/domain';
import {
  CliError,
  LabCommand,
  ResourceClient,
  changeText,
  documentText,
  editable,
  errorReport,
  formatOf,
  jsonFlag,
  outputFlag,
  parseDocuments,
  textAt,
  usageError,
  valueAt,
} from '@lab/cli-kit';
import { EditedFile } from '../edited-file.js';

/** Reasons that a person can do something about in the file. */
const CORRECTABLE: ReadonlySet<string> = new Set(['invalid', 'exists', 'not-allowed', 'in-use']);

export default class EditCommand extends LabCommand {
  static override summary = 'Change a resource in an editor';
  static override description = `Opens LABCTL_EDITOR, else VISUAL, else EDITOR, else vi. What labd refuses opens again with the reason above it.
If somebody else has changed the resource meanwhile, the text is kept in a file that is named.`;
  static override usage = 'edit TYPE/NAME';
  static override examples = ['<%= config.bin %> edit server node1', '<%= config.bin %> edit network/lab'];
  static override strict = false;
  static override flags = { output: outputFlag, json: jsonFlag };

  override async run(): Promise<void> {
    const { argv, flags } = await this.parse(EditCommand);
    const format = formatOf(flags);
    const terminal = this.terminal(flags);
    const lab = this.lab(flags);
    const [selection, ...others] = await this.selections(argv.map(String), 'update', () => lab);
    const ref = selection?.refs[0];
    if (selection === undefined || ref === undefined || others.length > 0 || selection.refs.length > 1)
      throw usageError('edit takes one resource', 'Write labctl edit TYPE/NAME.');
    const { kind } = selection;
    const { client } = await lab;
    const before = await client.resource(kind, ref);
    const id = textAt(before, 'metadata.id') ?? ref;
    const original = documentText(editable(before), 'yaml');
    await using file = await EditedFile.create(`${kind.singular}-${ref}`, original, this.environment.editor);
    for (let reason = ''; ;) {
      const text = await file.edit(reason);
      if (text === undefined || text.trim() === '' || text === original) {
        terminal.note('Nothing was changed.\n');
        return;
      }
      if (text === file.refused) {
        throw new CliError('invalid', 'the same text was refused before; nothing was changed', {
          hint: `Your text is kept in ${await file.keep()}.`,
        });
      }
      try {
        const [document, second] = parseDocuments(text, 'the text');
        if (document === undefined || second !== undefined)
          throw new LabError('invalid', 'the text must be one document');
        const changed = await new ResourceClient(client).replace(kind.plural, id, document.value);
        const same = valueAt(changed, 'metadata.version') === valueAt(before, 'metadata.version');
        terminal.out(changeText(changed, kind.singular, same ? 'unchanged' : 'edited', format));
        return;
      } catch (error) {
        if (!(error instanceof LabError)) throw error;
        if (!CORRECTABLE.has(error.code)) {
          terminal.note(`Your text is kept in ${await file.keep()}.\n`);
          throw error;
        }
        reason = errorReport(error);
      }
    }
  }
}
