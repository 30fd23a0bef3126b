import * as Args from '@oclif/core/args';
import * as Flags from '@oclif/core/flags';
import {
  LabCommand,
  ask,
  contextNameFor,
  isLoopback,
  logIn,
  oneLine,
  serverUrl,
  usageError,
} from '@lab/cli-kit';
import type { ContextFile, GlobalFlags, Terminal } from '@lab/cli-kit';
import { readSecret } from '../read-secret.js';

const DEFAULT_SERVER = 'http://127.0.0.1:7070';

export default class LoginCommand extends LabCommand {
  static override summary = 'Log in to a labd';
  static override description = `SERVER is labd's URL; without it the one of the current context.
The session is kept in the contexts file, and its context becomes the current one.`;
  static override examples = [
    '<%= config.bin %> login http://127.0.0.1:7070',
    '<%= config.bin %> login https://lab.example --username ada --password-file ./secret',
  ];
  static override args = { server: Args.string({ description: "labd's URL" }) };
  static override flags = {
    username: Flags.string({ char: 'u', description: 'user name', helpValue: 'NAME' }),
    'password-file': Flags.string({
      description: 'file with the password; - reads stdin',
      helpValue: 'FILE|-',
    }),
  };

  override async run(): Promise<void> {
    const { args, flags } = await this.parse(LoginCommand);
    const terminal = this.terminal(flags);
    const store = this.contexts();
    const file = await store.read();
    const named = flags.context ?? this.environment.context;
    const known = file.get(named ?? file.current ?? '');
    const url = serverUrl(args.server ?? this.environment.server ?? known?.server ?? DEFAULT_SERVER);
    const transport = this.transportTo(url, flags);
    if (url.protocol === 'http:' && !isLoopback(url)) {
      terminal.note(`warning: ${transport.server} is not encrypted: the password can be read on the way\n`);
    }

    const name = named ?? contextFor(file, url, transport.server);
    const username = await this.#username(flags, terminal, file.get(name)?.username);
    const password = await this.#password(flags, terminal, transport.server);
    const tokens = await logIn(transport, username, password);
    await store.update((current) => {
      current.set(name, { server: transport.server, ...tokens });
      current.current = name;
      return true;
    });
    terminal.note(
      `Logged in at ${transport.server} as ${oneLine(tokens.username)} (context "${oneLine(name)}").\n`,
    );
  }

  async #username(
    flags: GlobalFlags & { username?: string | undefined },
    terminal: Terminal,
    last: string | undefined,
  ): Promise<string> {
    if (flags.username !== undefined) return flags.username;
    if (!terminal.interactive) {
      if (last !== undefined) return last;
      throw usageError('who logs in?', 'Give --username NAME.');
    }
    const typed = await ask(last === undefined ? 'User name: ' : `User name [${oneLine(last)}]: `);
    const username = typed.trim() === '' ? last : typed.trim();
    if (username === undefined) throw usageError('the user name is empty');
    return username;
  }

  async #password(
    flags: GlobalFlags & { 'password-file'?: string | undefined },
    terminal: Terminal,
    server: string,
  ): Promise<string> {
    const file = flags['password-file'];
    if (file !== undefined) return readSecret(file, '--password-file');
    if (!terminal.interactive) {
      throw usageError(
        'there is no terminal to type the password on',
        'Give --password-file FILE, or - for stdin.',
      );
    }
    const password = await ask(`Password at ${server}: `, { hidden: true });
    if (password === '') throw usageError('the password is empty');
    return password;
  }
}

/** The context of this server, else a new name for it. */
function contextFor(file: ContextFile, url: URL, server: string): string {
  const known = file.names().find((name) => file.get(name)?.server === server);
  if (known !== undefined) return known;
  const name = contextNameFor(url);
  return file.get(name) === undefined ? name : url.host;
}
