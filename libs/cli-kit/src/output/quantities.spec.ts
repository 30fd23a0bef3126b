import { describe, expect, it } from '@jest/globals';
import { ageText, bytesText, elapsedText } from './quantities.js';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

describe('an age', () => {
  it.each([
    [0, '0s'],
    [119 * SECOND, '119s'],
    [2 * MINUTE, '2m'],
    [5 * MINUTE + 30 * SECOND, '5m30s'],
    [45 * MINUTE, '45m'],
    [179 * MINUTE, '179m'],
    [3 * HOUR + 12 * MINUTE, '3h12m'],
    [30 * HOUR, '30h'],
    [2 * DAY, '2d'],
    [5 * DAY + 4 * HOUR, '5d4h'],
    [90 * DAY, '90d'],
    [3 * 365 * DAY + 40 * DAY, '3y40d'],
    [9 * 365 * DAY + 40 * DAY, '9y'],
    [-5, '0s'],
  ])('of %i ms reads %s, as in kubectl', (milliseconds, text) => {
    expect(ageText(milliseconds)).toBe(text);
  });
});

describe('a running time', () => {
  it.each([
    [4 * SECOND, '4s'],
    [72 * SECOND, '1m12s'],
    [HOUR + 2 * MINUTE + 3 * SECOND, '1h02m03s'],
  ])('of %i ms reads %s', (milliseconds, text) => {
    expect(elapsedText(milliseconds)).toBe(text);
  });
});

describe('a size', () => {
  it.each([
    [0, '0'],
    [512, '512'],
    [1536, '1.5Ki'],
    [250 * 1024 ** 3, '250Gi'],
    [1_000_204_886_016, '932Gi'],
    [4 * 1024 ** 4, '4Ti'],
  ])('of %i bytes reads %s', (bytes, text) => {
    expect(bytesText(bytes)).toBe(text);
  });
});
