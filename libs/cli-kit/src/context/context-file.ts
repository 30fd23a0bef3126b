import { Document, isMap, parseDocument } from 'yaml';
import { LabError } from '@lab/domain';

/** One labd and a session with it. */
export interface Context {
  /** Base URL, e.g. `http://127.0.0.1:7070`. */
  server: string;
  username?: string;
  accessToken?: string;
  /** Good once: each refresh gives another, which has to be kept. */
  refreshToken?: string;
  /** RFC 3339: when the access token expires. */
  expiresAt?: string;
}

export const SECRET_FIELDS = ['accessToken', 'refreshToken'] as const;
const FIELDS = ['server', 'username', 'accessToken', 'refreshToken', 'expiresAt'] as const;

/** The contexts file, parsed. Comments and keys that this version does not know survive a rewrite. */
export class ContextFile {
  readonly #document: Document;

  private constructor(document: Document) {
    this.#document = document;
  }

  static empty(): ContextFile {
    return new ContextFile(new Document({ currentContext: null, contexts: {} }));
  }

  /** Raises `environment` with the line that is wrong. `path` is for the message. */
  static parse(text: string, path: string): ContextFile {
    const document = parseDocument(text, { uniqueKeys: true });
    const problem = document.errors[0];
    if (problem !== undefined) {
      throw unreadable(path, problem.message.split('\n')[0] ?? 'not YAML');
    }
    if (document.contents === null) return ContextFile.empty();
    if (!isMap(document.contents)) throw unreadable(path, 'it is not a mapping');
    const contexts = document.get('contexts');
    if (contexts !== undefined && contexts !== null && !isMap(contexts)) {
      throw unreadable(path, 'contexts: it is not a mapping');
    }
    return new ContextFile(document);
  }

  get current(): string | undefined {
    const name = this.#document.get('currentContext');
    return typeof name === 'string' && name !== '' ? name : undefined;
  }

  set current(name: string | undefined) {
    this.#document.set('currentContext', name ?? null);
  }

  /** In the file's order. */
  names(): string[] {
    const contexts = this.#document.get('contexts');
    return isMap(contexts) ? contexts.items.map((item) => String(item.key)) : [];
  }

  get(name: string): Context | undefined {
    const read = (field: string): string | undefined => {
      const value = this.#document.getIn(['contexts', name, field]);
      return typeof value === 'string' && value !== '' ? value : undefined;
    };
    const server = read('server');
    if (server === undefined) return undefined;
    const context: Context = { server };
    for (const field of FIELDS) {
      const value = read(field);
      if (value !== undefined) context[field] = value;
    }
    return context;
  }

  /** Writes the context's fields; those that are undefined go. */
  set(name: string, context: Context): void {
    for (const field of FIELDS) {
      const value = context[field];
      if (value === undefined) this.#document.deleteIn(['contexts', name, field]);
      else this.#setIn(name, field, value);
    }
  }

  #setIn(name: string, field: string, value: string): void {
    if (!isMap(this.#document.get('contexts'))) this.#document.set('contexts', this.#document.createNode({}));
    if (!isMap(this.#document.getIn(['contexts', name]))) {
      this.#document.setIn(['contexts', name], this.#document.createNode({}));
    }
    this.#document.setIn(['contexts', name, field], value);
  }

  /** What the file sets, by the settings' names; what isn't text is left out. */
  settings(): ReadonlyMap<string, string> {
    const settings = this.#document.get('settings');
    if (!isMap(settings)) return new Map();
    return new Map(
      settings.items.flatMap(({ key }) => {
        const value = settings.get(key);
        return typeof value === 'string' ? [[String(key), value] as const] : [];
      }),
    );
  }

  /** Undefined takes the setting away. */
  setSetting(name: string, value: string | undefined): void {
    if (value === undefined) this.#document.deleteIn(['settings', name]);
    else {
      if (!isMap(this.#document.get('settings')))
        this.#document.set('settings', this.#document.createNode({}));
      this.#document.setIn(['settings', name], value);
    }
  }

  /** The whole file as data, every secret replaced. */
  redacted(): unknown {
    const copy = this.#document.clone();
    for (const name of this.names()) {
      for (const field of SECRET_FIELDS) {
        if (copy.hasIn(['contexts', name, field])) copy.setIn(['contexts', name, field], 'REDACTED');
      }
    }
    return copy.toJS() as unknown;
  }

  toString(): string {
    return this.#document.toString({ lineWidth: 0 });
  }
}

const unreadable = (path: string, why: string): LabError =>
  new LabError('environment', `${path} can't be read as labctl's contexts: ${why}`, {
    hint: 'Correct the file, or move it away and log in again with labctl login.',
  });
