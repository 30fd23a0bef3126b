import { MAX_LINE_LENGTH } from '@lab/protocol';

/** Control sequences that only colour or move (ECMA-48 §5.4): `ESC [ parameters intermediates final`. */
const CSI = /\u001b\[[0-?]*[ -/]*[@-~]/g;
const CONTROL = /[\u0000-\u0008\u000a-\u001f\u007f]/g;
/** C1 controls, line and paragraph separators, and what turns the reading direction round. */
const HIDDEN = /[\u0080-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g;
const SUSPECT = /[\u0000-\u0008\u000a-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]/;
const CUT = ' …[cut]';

/**
 * A line of a log, fit for a person's terminal and for JSON: colours are taken out, other control characters become
 * their pictures (ESC is ␛), and it is at most {@link MAX_LINE_LENGTH} UTF-16 units long.
 */
export function cleanLine(text: string): string {
  // What is cut off anyway needs no cleaning; sequences are short, so twice the length is enough to look at.
  let line = text.length > 2 * MAX_LINE_LENGTH ? text.slice(0, 2 * MAX_LINE_LENGTH) : text;
  if (SUSPECT.test(line)) {
    line = line
      .replace(/[\r\n]+$/, '')
      .replace(CSI, '')
      .replace(CONTROL, (character) => pictureOf(character.charCodeAt(0)))
      .replace(HIDDEN, '\uFFFD');
  }
  if (!line.isWellFormed()) line = line.toWellFormed();
  return line.length > MAX_LINE_LENGTH || text.length > 2 * MAX_LINE_LENGTH ? cut(line) : line;
}

/** U+2400 … U+241F are the pictures of U+0000 … U+001F; U+2421 is that of DEL. */
const pictureOf = (code: number): string => String.fromCharCode(code === 0x7f ? 0x2421 : 0x2400 + code);

function cut(line: string): string {
  let kept = line.slice(0, MAX_LINE_LENGTH - CUT.length);
  const last = kept.charCodeAt(kept.length - 1);
  // Half a surrogate pair would not be well formed.
  if (last >= 0xd800 && last <= 0xdbff) kept = kept.slice(0, -1);
  return kept + CUT;
}
