import { LabCommand, safeJson } from '@lab/cli-kit';

export default class AuditHeadCommand extends LabCommand {
  static override summary = 'Print where the audit log stands, to be kept outside of labd';
  static override description =
    'audit verify --head finds with it a tail that was cut off, or a database that was set back.';
  static override examples = ['<%= config.bin %> audit head > audit-head.json'];

  override async run(): Promise<void> {
    const { flags } = await this.parse(AuditHeadCommand);
    const { client } = await this.lab(flags);
    this.terminal(flags).out(`${safeJson(JSON.stringify(await client.auditHead()))}\n`);
  }
}
