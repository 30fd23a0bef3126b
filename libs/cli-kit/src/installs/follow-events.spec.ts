import { describe, expect, it } from '@jest/globals';
import { followEvent } from './follow-events.js';

describe('an event of an install', () => {
  it('is read', () => {
    const line = { number: 1, at: '2026-11-22T10:00:00Z', source: 'pre', stage: 'disk', text: 'hello' };
    expect(followEvent('log', JSON.stringify(line))).toEqual({ type: 'log', line });
    expect(followEvent('state', '{"state":"queued","failure":null}')).toEqual({
      type: 'state',
      state: 'queued',
      failure: null,
    });
  });

  it('about a stage that this version does not know is read all the same', () => {
    expect(followEvent('stage', '{"name":"future","state":"running"}')).toMatchObject({
      stage: { name: 'future', title: 'future', state: 'running', startedAt: null },
    });
  });

  it.each([
    ['log', 'not JSON'],
    ['log', '[]'],
    ['log', '{"number":"1","text":"x"}'],
    ['stage', '{"state":"running"}'],
    ['stage', '{"name":"disk","state":"sleeping"}'],
    ['state', '{"state":"resting"}'],
    ['weather', '{}'],
    [undefined, '{}'],
  ])('%s with %s is passed over', (name, data) => {
    expect(followEvent(name, data)).toBeUndefined();
  });
});
