import { LabCommand, NONE, documentText, formatOf, jsonFlag, oneLine, outputFlag } from '@lab/cli-kit';

export default class WhoamiCommand extends LabCommand {
  static override summary = 'Show who you are to labd, and what you may do';
  static override examples = ['<%= config.bin %> auth whoami', '<%= config.bin %> auth whoami -o json'];
  static override flags = { output: outputFlag, json: jsonFlag };

  override async run(): Promise<void> {
    const { flags } = await this.parse(WhoamiCommand);
    const format = formatOf(flags);
    const { client, contextName } = await this.lab(flags);
    const whoami = await client.whoami();
    const terminal = this.terminal(flags);
    if (format === 'json' || format === 'yaml') {
      terminal.out(documentText(whoami, format));
      return;
    }
    const list = (values: readonly string[]): string =>
      values.length === 0 ? NONE : values.map(oneLine).join(', ');
    const lines =
      format === 'name'
        ? [oneLine(whoami.username)]
        : [
            `Username:     ${oneLine(whoami.username)}`,
            `Roles:        ${list(whoami.roles)}`,
            `Permissions:  ${list(whoami.permissions)}`,
            `Server:       ${client.server}`,
            `Context:      ${contextName === undefined ? NONE : oneLine(contextName)}`,
          ];
    terminal.out(`${lines.join('\n')}\n`);
  }
}
