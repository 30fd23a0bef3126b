import { execFile } from 'node:child_process';
import { CliError, LabError, oneLine, programEnvironment } from '@lab/cli-kit';
import type { TreeProfile } from '@lab/install-trees';
import { bastionProgram } from '../bastion-program.js';

/** The profiles of the bastion of this machine; it says itself which, and where it looks for their files. */
export async function treeProfiles(folder: string, path: string, root: string): Promise<TreeProfile[]> {
  const { command, args } = bastionProgram(path, root);
  const { stdout, stderr, failed } = await new Promise<{ stdout: string; stderr: string; failed: boolean }>(
    (resolve) => {
      execFile(
        command,
        [...args, 'profiles'],
        { env: programEnvironment({ BASTION_DIR: folder }), maxBuffer: 16 << 20, timeout: 60_000 },
        (error, out, err) => resolve({ stdout: out, stderr: err, failed: error !== null }),
      );
    },
  );
  if (failed) {
    const [message = '', hint] = stderr
      .trim()
      .replace(/^bastion: /, '')
      .split('. hint: ');
    throw new LabError(
      'environment',
      oneLine(message === '' ? 'the bastion can’t tell its profiles' : message),
      {
        hint: oneLine(
          hint ?? 'Its settings are the BASTION_… variables: give those that it is started with.',
        ),
      },
    );
  }
  return (JSON.parse(stdout) as { profiles: TreeProfile[] }).profiles;
}

/** The one of that name. Raises `not-found` with the names there are. */
export function profileNamed(profiles: readonly TreeProfile[], name: string): TreeProfile {
  const found = profiles.find((profile) => profile.name === name);
  if (found !== undefined) return found;
  throw new CliError('not-found', `There is no profile "${oneLine(name)}"`, {
    hint: `Use one of ${profiles.map((profile) => profile.name).join(', ')}.`,
  });
}
