import { describe, expect, it } from '@jest/globals';
import { parseSize } from './size.js';

describe('a size', () => {
  it.each([
    ['200G', 200e9],
    ['186Gi', 186 * 2 ** 30],
    ['1t', 1e12],
    ['512', 512],
    ['4kB', 4000],
  ])('%s', (text, bytes) => {
    expect(parseSize(text, '--disk-min-size')).toBe(bytes);
  });
  it.each(['', 'G', '-1G', '1.5G', '1X', '9999999999P'])('"%s" is none', (text) => {
    expect(() => parseSize(text, '--disk-min-size')).toThrow('--disk-min-size: "');
  });
});
