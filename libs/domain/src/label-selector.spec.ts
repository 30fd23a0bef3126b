import { describe, expect, it } from '@jest/globals';
import { isLabelKey, isLabelValue, matchesLabels, parseLabelSelector } from './label-selector.js';

const rack = { rack: 'a1', tier: 'prod', 'lab.example/gpu': '' };

describe('a label selector', () => {
  it.each([
    ['rack=a1', true],
    ['rack==a1', true],
    ['rack=a2', false],
    ['rack!=a2', true],
    ['zone!=a', true],
    ['rack in (a1, a2)', true],
    ['rack in (a2),tier=prod', false],
    ['rack notin (a2,a3)', true],
    ['zone notin (a)', true],
    ['lab.example/gpu', true],
    ['lab.example/gpu=', true],
    ['zone', false],
    ['!zone', true],
    ['! rack', false],
    ['', true],
    ['constructor', false],
  ])('%s', (selector, holds) => {
    expect(matchesLabels(rack, parseLabelSelector(selector))).toBe(holds);
  });

  it.each([
    '=a',
    'a=b=c',
    'a in b',
    'a in (b',
    'a,,b',
    'a b',
    'a=é',
    '-a=b',
    'a'.repeat(64),
    '__proto__',
    'a in (b)c',
  ])('is refused: %s', (selector) => {
    expect(() => parseLabelSelector(selector)).toThrow(/^labelSelector: /);
  });

  it('is bounded', () => {
    expect(() => parseLabelSelector('a,'.repeat(33).slice(0, -1))).toThrow('more than 32');
    expect(() => parseLabelSelector('a'.repeat(5000))).toThrow('longer than');
  });
});

describe('labels', () => {
  it('have keys and values that fit in a selector', () => {
    expect([isLabelKey('rack'), isLabelKey('lab.example/rack'), isLabelKey('a/b/c'), isLabelKey('')]).toEqual(
      [true, true, false, false],
    );
    expect([
      isLabelValue(''),
      isLabelValue('v1.2_3'),
      isLabelValue('a b'),
      isLabelValue('x'.repeat(64)),
    ]).toEqual([true, true, false, false]);
  });
});
