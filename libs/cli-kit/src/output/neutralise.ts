/**
 * Text that machines and servers supply can hold escape sequences that move the cursor, set the title or retype a command.
 * Everything that is printed for a person goes through here; a replaced character shows as U+FFFD.
 */

// C0 and C1 controls, line and paragraph separators, and the marks that reorder text (Unicode bidirectional algorithm).
const UNSAFE = /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g;
const UNSAFE_BUT_TAB =
  /[\u0000-\u0008\u000a-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g;
const UNSAFE_BUT_TAB_AND_NEWLINE =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g;
// What JSON.stringify leaves as it is.
const UNSAFE_IN_JSON = /[\u007f-\u009f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g;

/** For a cell or a value: no control character at all. */
export const oneLine = (text: string): string => text.replace(UNSAFE, '\uFFFD');

/** For a log line: tabs stay. */
export const logText = (text: string): string => text.replace(UNSAFE_BUT_TAB, '\uFFFD');

/** For text of several lines: tabs and line feeds stay. */
export const paragraph = (text: string): string => text.replace(UNSAFE_BUT_TAB_AND_NEWLINE, '\uFFFD');

/** The same JSON, with the unsafe characters as `\uXXXX`: equal data, harmless on a terminal. */
export const safeJson = (json: string): string =>
  json.replace(UNSAFE_IN_JSON, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);

/** Whether JSON or YAML would show a character of the text as it is that a terminal obeys. */
export const isUnsafe = (text: string): boolean => text.search(UNSAFE_IN_JSON) >= 0;
