import { describe, expect, it } from '@jest/globals';
import { InterruptedError } from '../cli-error.js';
import { LineEditor } from './prompt.js';

function typed(keys: string): LineEditor {
  const line = new LineEditor();
  for (const key of keys) line.press(key);
  return line;
}

describe('a line that is typed', () => {
  it.each([
    ['secret', 'secret'],
    ['secc\u007fret', 'secret'],
    ['\u007f\u007fa', 'a'],
    ['wrong\u0015right', 'right'],
    ['a\u001b[Ab', 'a[Ab'],
    ['pässwörd', 'pässwörd'],
  ])('as %j is %j', (keys, text) => {
    expect(typed(keys).text).toBe(text);
  });

  it('ends with Enter, or with Ctrl-D after some text', () => {
    expect(typed('a').press('\r').done).toBe(true);
    expect(typed('a').press('\u0004').done).toBe(true);
  });

  it('is given up with Ctrl-C, or with Ctrl-D before any text', () => {
    expect(() => typed('a\u0003')).toThrow(InterruptedError);
    expect(() => typed('\u0004')).toThrow(InterruptedError);
  });
});
