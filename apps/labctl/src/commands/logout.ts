import { LabCommand, exitCodeOf, EXIT, oneLine, noContext } from '@lab/cli-kit';

export default class LogoutCommand extends LabCommand {
  static override summary = 'End the session with labd';
  static override description =
    'The session ends at labd, and its tokens leave the contexts file. The context stays.';
  static override examples = ['<%= config.bin %> logout'];

  override async run(): Promise<void> {
    const { flags } = await this.parse(LogoutCommand);
    const terminal = this.terminal(flags);
    const store = this.contexts();
    const file = await store.read();
    const named = flags.context ?? this.environment.context;
    const name = named ?? file.current;
    const context = name === undefined ? undefined : file.get(name);
    if (named !== undefined && context === undefined) throw noContext(named, file);
    if (name === undefined || context?.accessToken === undefined) {
      terminal.note('You are not logged in.\n');
      return;
    }
    try {
      const { client } = await this.lab({ ...flags, context: name });
      await client.logout();
    } catch (error) {
      // A session that labd doesn't know any more needs no end.
      if (exitCodeOf(error) !== EXIT.denied) {
        const why = error instanceof Error ? error.message : String(error);
        terminal.note(
          `warning: labd was not told, so the session there lasts until it expires: ${oneLine(why)}\n`,
        );
      }
    }
    await store.update((current) => {
      const { server, username } = current.get(name) ?? context;
      current.set(name, { server, ...(username !== undefined && { username }) });
      return true;
    });
    terminal.note(`Logged out of ${context.server} (context "${oneLine(name)}").\n`);
  }
}
