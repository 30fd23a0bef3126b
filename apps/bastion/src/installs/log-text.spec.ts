import { describe, expect, it } from '@jest/globals';
import { MAX_LINE_LENGTH } from '@lab/protocol';
import { decodeText } from '../http/text-body.js';
import { cleanLine } from './log-text.js';

describe('A line of a log', () => {
  it.each([
    ['plain text and tabs stay', 'a\tb ü € 🙂', 'a\tb ü € 🙂'],
    ['colours are taken out', '\u001b[1;31mred\u001b[0m', 'red'],
    ['a title of the terminal can not be set', '\u001b]0;owned\u0007x', '␛]0;owned␇x'],
    ['a terminal can not be made to answer', '\u001bP$q"p\u001b\\', '␛P$q"p␛\\'],
    ['8-bit control sequences are neutralised', '\u009b31mred', '\uFFFD31mred'],
    ['NUL, backspace and DEL are shown', 'a\u0000\bb\u007f', 'a␀␈b␡'],
    ['a line end is dropped, one inside is shown', 'a\r\nb\r\n', 'a␍␊b'],
    ['the reading direction can not be turned', 'a\u202eb\u2066c', 'a\uFFFDb\uFFFDc'],
    ['line separators can not make lines', 'a\u2028b', 'a\uFFFDb'],
    ['half a surrogate pair is replaced', 'a\ud83db', 'a\uFFFDb'],
  ])('%s', (_name, text, clean) => {
    expect(cleanLine(text)).toBe(clean);
  });

  it('is cut to the length that the link takes, and says so', () => {
    const clean = cleanLine('x'.repeat(MAX_LINE_LENGTH + 1));
    expect(clean).toHaveLength(MAX_LINE_LENGTH);
    expect(clean.endsWith('…[cut]')).toBe(true);
    expect(cleanLine('x'.repeat(MAX_LINE_LENGTH))).toBe('x'.repeat(MAX_LINE_LENGTH));
  });

  it('is not cut through a surrogate pair', () => {
    expect(cleanLine('🙂'.repeat(MAX_LINE_LENGTH)).isWellFormed()).toBe(true);
  });

  it('of a megabyte of escapes takes no long time', () => {
    const began = performance.now();
    cleanLine('\u001b['.repeat(500_000));
    // Some milliseconds; were it quadratic, minutes.
    expect(performance.now() - began).toBeLessThan(20_000);
  });

  it('from bytes that are not UTF-8 has replacement characters', () => {
    expect(decodeText(Buffer.from([0x61, 0xff, 0xc3, 0x28, 0x62]))).toBe('a\uFFFD\uFFFD(b');
  });
});
