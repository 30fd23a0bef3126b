import { LabError } from '@lab/domain';

/** The system's name of an error (`ENOENT`), or ''. */
export const codeOf = (error: unknown): string =>
  typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string'
    ? error.code
    : '';

/** An error of this machine's disk in words; anything else as it is. */
export function diskError(error: unknown, path: string): unknown {
  const code = codeOf(error);
  if (error instanceof LabError) return error;
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return new LabError('environment', `The disk is full: ${path} could not be written`, {
      hint: 'Free space, or move BASTION_DIR to a larger disk, then repeat the command: it goes on where it stopped.',
      cause: error,
    });
  }
  if (['EACCES', 'EPERM', 'EROFS', 'ENOTDIR', 'EISDIR', 'ELOOP', 'EIO', 'ENAMETOOLONG'].includes(code)) {
    return new LabError('environment', `${path} can't be read or written (${code})`, {
      hint: 'Run labctl as the user that the bastion runs as, and check the folder given with --dir.',
      cause: error,
    });
  }
  return error;
}
