/** What the environment says to a command of labctl. The one place of cli-kit that reads `process.env`. */
export interface CliEnvironment {
  /** `LABCTL_CONFIG`: the contexts file. */
  configFile: string | undefined;
  /** `LABCTL_CONTEXT`: the context to use. */
  context: string | undefined;
  /** `LABCTL_SERVER`: labd's base URL. */
  server: string | undefined;
  /** `LABCTL_TOKEN`: an access token, used as it is. */
  token: string | undefined;
  /** `LABCTL_REQUEST_TIMEOUT`, as `--request-timeout`. */
  requestTimeout: string | undefined;
  /** `LABCTL_EXTERNAL_DIFF`: program, with arguments, that compares two folders. */
  externalDiff: string | undefined;
  /** `LABCTL_EDITOR`, `VISUAL`, `EDITOR`, else vi; may have arguments. */
  editor: string;
  /** `LABCTL_PAGER`, `PAGER`: a shell command. */
  pager: string | undefined;
  /** `BASTION_DIR`: the folder of a bastion on this machine. */
  bastionDir: string | undefined;
  /** `LABD_URL`: the labd of a bastion that is started here. */
  labdUrl: string | undefined;
  /** What a site on this machine is started with: `LABD_PORT`, `BASTION_PORT`, `BASTION_NAME`, `BASTION_HOST`, `BASTION_DHCP_…`. */
  site: {
    labdPort: string | undefined;
    bastionPort: string | undefined;
    bastionName: string | undefined;
    bastionHost: string | undefined;
    dhcpInterface: string | undefined;
    dhcpRange: string | undefined;
  };
  /** `LAB_HOME`: where `npm start` keeps its state. */
  labHome: string | undefined;
  dataHome: string | undefined;
  /** `PATH` */
  path: string;
  home: string | undefined;
  configHome: string | undefined;
  cacheHome: string | undefined;
  /** `NO_COLOR`: colour is unwanted. */
  noColor: boolean;
  /** `TERM=dumb`: the terminal knows neither colour nor cursor movement. */
  dumb: boolean;
  /** The locale shows characters outside ASCII. */
  utf8: boolean;
}

type Variables = Readonly<Record<string, string | undefined>>;

/** Reads the variables; an empty one counts as not set, and a relative XDG folder is ignored as the XDG specification says. */
export function cliEnvironment(variables: Variables = process.env): CliEnvironment {
  const value = (name: string): string | undefined => {
    const text = variables[name];
    return text === undefined || text === '' ? undefined : text;
  };
  const folder = (name: string): string | undefined => {
    const path = value(name);
    return path?.startsWith('/') === true ? path : undefined;
  };
  const locale = value('LC_ALL') ?? value('LC_CTYPE') ?? value('LANG') ?? '';
  return {
    configFile: value('LABCTL_CONFIG'),
    context: value('LABCTL_CONTEXT'),
    server: value('LABCTL_SERVER'),
    token: value('LABCTL_TOKEN'),
    requestTimeout: value('LABCTL_REQUEST_TIMEOUT'),
    externalDiff: value('LABCTL_EXTERNAL_DIFF'),
    editor: value('LABCTL_EDITOR') ?? value('VISUAL') ?? value('EDITOR') ?? 'vi',
    pager: value('LABCTL_PAGER') ?? value('PAGER'),
    bastionDir: value('BASTION_DIR'),
    labdUrl: value('LABD_URL'),
    site: {
      labdPort: value('LABD_PORT'),
      bastionPort: value('BASTION_PORT'),
      bastionName: value('BASTION_NAME'),
      bastionHost: value('BASTION_HOST'),
      dhcpInterface: value('BASTION_DHCP_INTERFACE'),
      dhcpRange: value('BASTION_DHCP_RANGE'),
    },
    labHome: value('LAB_HOME'),
    dataHome: folder('XDG_DATA_HOME'),
    path: value('PATH') ?? '',
    home: value('HOME'),
    configHome: folder('XDG_CONFIG_HOME'),
    cacheHome: folder('XDG_CACHE_HOME'),
    noColor: value('NO_COLOR') !== undefined,
    dumb: value('TERM') === 'dumb',
    utf8: /utf-?8/i.test(locale),
  };
}

/** The environment of a program that labctl starts: its own, with changes. */
export const programEnvironment = (changes: Variables): NodeJS.ProcessEnv => ({ ...process.env, ...changes });
