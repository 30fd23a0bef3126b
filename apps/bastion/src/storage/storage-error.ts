import { LabError } from '@lab/domain';

/** The system's name of an error (`ENOENT`), or ''. By shape: an error of another realm is no instance of our Error. */
export const codeOf = (error: unknown): string =>
  typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string'
    ? error.code
    : '';

/** True if the file or folder wasn't there. */
export const isMissing = (error: unknown): boolean => codeOf(error) === 'ENOENT';

/** An error of the disk while the bastion runs: nothing was kept, and the machine may repeat its request. */
export function storageError(error: unknown, path: string): LabError {
  const code = codeOf(error);
  const full = code === 'ENOSPC' || code === 'EDQUOT';
  return new LabError(
    'not-ready',
    full ? `The bastion's disk is full` : `The bastion can't write its files`,
    {
      hint: full
        ? 'Free space on the disk that holds BASTION_DIR, then repeat the request.'
        : `Check the disk and the permissions of BASTION_DIR (${code || 'unknown error'} at ${path}).`,
      cause: error,
    },
  );
}

/** An error of the disk while the bastion starts. */
export function folderError(error: unknown, folder: string): LabError {
  const code = codeOf(error);
  const why =
    code === 'EACCES' || code === 'EPERM'
      ? 'no permission to write there'
      : code === 'EROFS'
        ? 'the file system is read-only'
        : code === 'ENOTDIR' || code === 'EEXIST'
          ? 'it is not a folder'
          : code || 'unknown error';
  return new LabError('environment', `The data folder ${folder} can't be used: ${why}`, {
    hint: 'Set BASTION_DIR to a folder that this user may write.',
    cause: error,
  });
}
