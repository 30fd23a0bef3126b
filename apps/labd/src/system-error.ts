const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

/** The code of an error of the operating system, `ENOENT`. Doesn't ask for `Error`: Jest has another one than Node's core. */
export const codeOf = (error: unknown): string | undefined =>
  isObject(error) && 'code' in error && typeof error.code === 'string' ? error.code : undefined;

/** What an error says, for a person. */
export const reasonOf = (error: unknown): string =>
  isObject(error) && 'message' in error && typeof error.message === 'string' ? error.message : String(error);
