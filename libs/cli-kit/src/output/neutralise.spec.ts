import { describe, expect, it } from '@jest/globals';
import { logText, oneLine, paragraph, safeJson } from './neutralise.js';

const hostile = 'a\u001b]0;title\u0007\tb\u009b31m\nc\u202ed';

describe('text from a machine', () => {
  it('has no control character left in a cell', () => {
    expect(oneLine(hostile)).toBe('a\uFFFD]0;title\uFFFD\uFFFDb\uFFFD31m\uFFFDc\uFFFDd');
  });

  it('keeps its tabs in a log line', () => {
    expect(logText(hostile)).toBe('a\uFFFD]0;title\uFFFD\tb\uFFFD31m\uFFFDc\uFFFDd');
  });

  it('keeps tabs and line feeds in a paragraph', () => {
    expect(paragraph(hostile)).toBe('a\uFFFD]0;title\uFFFD\tb\uFFFD31m\nc\uFFFDd');
  });

  it('is the same data in JSON, with nothing a terminal obeys', () => {
    const json = safeJson(JSON.stringify({ text: hostile }));
    expect(JSON.parse(json)).toEqual({ text: hostile });
    expect(json).toBe('{"text":"a\\u001b]0;title\\u0007\\tb\\u009b31m\\nc\\u202ed"}');
  });

  it('is left as it is where it is harmless', () => {
    expect(oneLine('Übergröße – 日本語 🚀')).toBe('Übergröße – 日本語 🚀');
  });
});
