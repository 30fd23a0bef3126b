import * as Args from '@oclif/core/args';
import * as Flags from '@oclif/core/flags';
import {
  LabCommand,
  ask,
  contextNameFor,
  isLoopback,
  logIn,
  logInWithIdToken,
  oidcProvider,
  oneLine,
  serverUrl,
  usageError,
} from '@lab/cli-kit';
import type { ContextFile, GlobalFlags, SessionTokens, Terminal, Transport } from '@lab/cli-kit';
import { readSecret } from '../read-secret.js';

const DEFAULT_SERVER = 'http://127.0.0.1:7070';

export default class LoginCommand extends LabCommand {
  static override summary = 'Log in to a labd';
  static override description = `SERVER is labd's URL; without it the one of the current context.
The session is kept in the contexts file, and its context becomes the current one.
With --oidc you log in on the page of the identity provider that labd trusts.`;
  static override examples = [
    '<%= config.bin %> login http://127.0.0.1:7070',
    '<%= config.bin %> login https://lab.example --username ada --password-file ./secret',
    '<%= config.bin %> login --oidc',
  ];
  static override args = { server: Args.string({ description: "labd's URL" }) };
  static override flags = {
    username: Flags.string({ char: 'u', description: 'user name', helpValue: 'NAME' }),
    'password-file': Flags.string({
      description: 'file with the password; - reads stdin',
      helpValue: 'FILE|-',
      exclusive: ['oidc'],
    }),
    oidc: Flags.boolean({ description: 'log in at the identity provider', exclusive: ['username'] }),
    browser: Flags.boolean({
      description: 'with --oidc: open the page in a browser (--no-browser: only show it)',
      default: true,
      allowNo: true,
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
    const tokens = flags.oidc
      ? await this.#atProvider(transport, terminal, flags.browser)
      : await this.#withPassword(transport, terminal, flags, file.get(name)?.username);
    await store.update((current) => {
      current.set(name, { server: transport.server, ...tokens });
      current.current = name;
      return true;
    });
    terminal.note(
      `Logged in at ${transport.server} as ${oneLine(tokens.username)} (context "${oneLine(name)}").\n`,
    );
  }

  async #withPassword(
    transport: Transport,
    terminal: Terminal,
    flags: GlobalFlags & { username?: string | undefined; 'password-file'?: string | undefined },
    last: string | undefined,
  ): Promise<SessionTokens> {
    const username = await this.#username(flags, terminal, last);
    const password = await this.#password(flags, terminal, transport.server);
    return logIn(transport, username, password);
  }

  async #atProvider(transport: Transport, terminal: Terminal, browser: boolean): Promise<SessionTokens> {
    const provider = await oidcProvider(transport);
    // Nobody else should wait for it to load.
    const { idTokenFromBrowser } = await import('../oidc-login.js');
    const idToken = await idTokenFromBrowser({
      provider,
      openBrowser: browser && terminal.interactive,
      show: (url) => {
        terminal.note(`Log in at ${oneLine(provider.issuer)} on this page:\n\n  ${oneLine(url)}\n\n`);
      },
    });
    return logInWithIdToken(transport, idToken);
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
