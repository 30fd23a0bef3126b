import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CliError,
  EXIT,
  InterruptedError,
  couldNotRun,
  exitCodeOfChild,
  oneLine,
  shellCommand,
} from '@lab/cli-kit';

const HEAD =
  '# Save and leave to apply; an empty file changes nothing. Lines that begin with # are passed over.\n';

/** A text that a person changes in an editor. */
export class EditedFile implements AsyncDisposable {
  /** What was refused last. */
  refused: string | undefined;
  #kept = false;

  private constructor(
    private readonly folder: string,
    private readonly path: string,
    private readonly editor: string,
    private text: string,
  ) {}

  /** `name` becomes a part of the file's. */
  static async create(name: string, text: string, editor: string): Promise<EditedFile> {
    const folder = await mkdtemp(join(tmpdir(), 'labctl-edit-'));
    const path = join(folder, `${name.replace(/[^A-Za-z0-9.-]/g, '_').slice(0, 100)}.yaml`);
    return new EditedFile(folder, path, editor, text);
  }

  /** What the person left, comments taken out; `reason` says why it is opened again. Raises what the editor did wrong. */
  async edit(reason: string): Promise<string | undefined> {
    if (reason !== '') this.refused = this.text;
    const why =
      reason === ''
        ? ''
        : reason
            .trimEnd()
            .split('\n')
            .map((line) => `# ${line}\n`)
            .join('');
    await writeFile(this.path, `${HEAD}${why}${this.text}`, { mode: 0o600 });
    await this.#run();
    const left = await readFile(this.path, 'utf8');
    this.text = left
      .split('\n')
      .filter((line) => !line.startsWith('#'))
      .join('\n');
    return this.text;
  }

  /** Leaves the file where it is; answers its path. */
  keep(): Promise<string> {
    this.#kept = true;
    return Promise.resolve(this.path);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.#kept) await rm(this.folder, { recursive: true, force: true });
  }

  /** The editor's name may come with arguments, such as `code --wait`: the shell takes it apart, as git does it. */
  async #run(): Promise<void> {
    const command = `${shellCommand(this.editor)} "$1"`;
    const child = spawn('/bin/sh', ['-c', command, 'sh', this.path], { stdio: 'inherit' });
    const code = await exitCodeOfChild(child);
    if (code === 0) return;
    if (code === EXIT.interrupted) throw new InterruptedError();
    if (couldNotRun(code)) {
      throw new CliError('environment', `the editor can't be run: ${oneLine(this.editor)}`, {
        hint: 'Set LABCTL_EDITOR to one that is there, such as nano.',
      });
    }
    this.#kept = true;
    throw new CliError(
      'environment',
      `the editor (${this.editor}) ended with exit code ${code}; nothing was changed`,
      {
        hint: `Set LABCTL_EDITOR to one that works. The text is in ${this.path}.`,
      },
    );
  }
}
