import { describe, expect, it } from '@jest/globals';
import { cellText, momentAge, valueAt } from './cells.js';

const now = Date.parse('2026-11-22T12:00:00Z');

describe('a cell', () => {
  it.each([
    [{ a: { b: 'x' } }, 'a.b', 'x'],
    [{ a: null }, 'a', '<none>'],
    [{ a: '' }, 'a', '<none>'],
    [{}, 'a.b.c', '<none>'],
    [{ a: 0 }, 'a', '0'],
    [{ a: false }, 'a', 'false'],
    [{ a: [] }, 'a', '<none>'],
    [{ a: ['x', 'y'] }, 'a', 'x,y'],
    [{ a: { id: '1', name: 'site-a' } }, 'a', 'site-a'],
    [{ a: [{ name: 'sda', sizeBytes: 268435456000 }, { name: 'sdb' }] }, 'a', 'sda(250Gi),sdb'],
    [{ memoryBytes: 17179869184 }, 'memoryBytes', '16Gi'],
    [{ createdAt: '2026-11-22T11:00:00Z' }, 'createdAt', '60m'],
    [{ createdAt: 'yesterday' }, 'createdAt', '<unknown>'],
    [{ createdAt: null }, 'createdAt', '<unknown>'],
  ])('of %j at %s is %s', (resource, path, text) => {
    expect(cellText(resource, path, now)).toBe(text);
  });

  it('never shows what an object inherits', () => {
    expect(valueAt({}, 'constructor.name')).toBeUndefined();
    expect(valueAt({ a: 'text' }, 'a.length')).toBeUndefined();
  });

  it('of a moment to come says so, but for clocks that differ a little', () => {
    expect(momentAge('2026-11-22T12:00:05Z', now)).toBe('0s');
    expect(momentAge('2026-11-22T12:15:00Z', now)).toBe('in 15m');
    expect(cellText({ at: '2026-11-22T11:59:00Z' }, 'at', now)).toBe('60s');
  });
});
