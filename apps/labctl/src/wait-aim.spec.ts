import { describe, expect, it } from '@jest/globals';
import { aServer } from '../test/resources.js';
import { isMet, isOutOfReach, parseAim } from './wait-aim.js';

const stuck = {
  type: 'Stuck',
  status: 'True',
  since: '2026-11-22T10:00:00Z',
  reason: 'Deadline',
  message: '',
};

describe('what wait waits for', () => {
  it.each([
    ['phase=discovered', true],
    ['phase=Installed', false],
    ['condition=Stuck', true],
    ['condition=stuck=true', true],
    ['condition=Stuck=False', false],
    ['condition=LinkLost', false],
    ['condition=LinkLost=False', true],
    ['delete', false],
    ['jsonpath={.status.phase}=discovered', true],
    ["jsonpath={.status.conditions[?(@.type=='Stuck')].status}=True", true],
    ['jsonpath={.status.nothing}', false],
    ['jsonpath={.metadata.name}', true],
  ])('%s is met by a stuck, discovered server: %s', (text, met) => {
    expect(isMet(parseAim(text), aServer(1, { status: { conditions: [stuck] } }))).toBe(met);
  });

  it('delete is met by a server that is gone, and nothing else is', () => {
    expect(isMet(parseAim('delete'), undefined)).toBe(true);
    expect(isMet(parseAim('phase=installed'), undefined)).toBe(false);
  });

  it('is out of reach for installed when the server has failed', () => {
    const failed = aServer(1, { status: { phase: 'failed' } });
    expect(isOutOfReach(parseAim('phase=installed'), failed)).toBe(true);
    expect(isOutOfReach(parseAim('phase=provisioning'), failed)).toBe(false);
  });

  it.each([
    ['phase'],
    ['phase='],
    ['phase=x'],
    ['phase=installed=1'],
    ['condition='],
    ['delete=1'],
    ['jsonpath=a=b'],
    ['jsonpath={.a'],
    [''],
  ])('%j is refused', (text) => {
    expect(() => parseAim(text)).toThrow(/^--for/);
  });
});
