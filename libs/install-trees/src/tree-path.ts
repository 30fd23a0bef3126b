import { LabError, printable } from '@lab/domain';

const SEGMENT = /^(?!\.{1,2}$)[^/\\\u0000-\u001f\u007f]{1,255}$/u;
const MAX_LENGTH = 1024;

/** A path of a file in a tree: relative, `/` between its parts, none of them `.` or `..`. Whoever wrote it may be hostile. */
export const isTreePath = (path: string): boolean =>
  path.length <= MAX_LENGTH && path.split('/').every((segment) => SEGMENT.test(segment));

/** `path`, if it stays inside the tree; else raises `invalid` that names where it was read. */
export function treePath(path: string, where: string): string {
  if (isTreePath(path)) return path;
  throw new LabError('invalid', `${where} names the file "${printable(path)}", which no tree may have`, {
    hint: 'A path has to be relative, and stay inside the tree: this source is damaged, or not to be trusted.',
  });
}

/** A path below a folder of the tree; `''` is its root. */
export const below = (folder: string, path: string): string => (folder === '' ? path : `${folder}/${path}`);
