import { describe, expect, it } from '@jest/globals';
import { DiscoveryLimit } from './discovery-limit.js';

describe('The pace at which new machines are taken', () => {
  let now = 0;
  const limit = (all: number, one: number) =>
    new DiscoveryLimit(
      { newMachines: { burst: all, perMinute: 60 }, newMachinesPerAddress: { burst: one, perMinute: 6 } },
      { now: () => now },
    );
  const taken = (of: DiscoveryLimit, address: string, times: number, isKnown = false): number => {
    let count = 0;
    for (let time = 0; time < times; time += 1) {
      try {
        of.take(address, isKnown);
        count += 1;
      } catch (error) {
        expect(error).toMatchObject({ code: 'too-many-requests' });
      }
    }
    return count;
  };

  it('leaves each address its own, and one that floods takes nothing from the others', () => {
    const of = limit(1_000, 250);
    expect(taken(of, '10.0.0.66', 20_000)).toBe(250);
    expect(taken(of, '10.0.0.5', 1)).toBe(1);
    // 200 machines behind one relay.
    expect(taken(of, '10.1.0.1', 200)).toBe(200);
    now += 60_000;
    expect(taken(of, '10.0.0.66', 20_000)).toBe(6);
  });

  it('bounds all together, but not what known machines have to say', () => {
    const of = limit(100, 30);
    const all = Array.from({ length: 50 }, (_, index) => taken(of, `10.0.1.${index}`, 30));
    expect(all.reduce((sum, count) => sum + count, 0)).toBe(100);
    expect(taken(of, '10.0.0.5', 5, true)).toBe(5);
    now += 10_000;
    expect(taken(of, '10.0.0.6', 50)).toBe(10);
  });

  it('says how much was held back and of whom, until it has been quiet for a while', () => {
    const of = limit(100, 10);
    expect(of.heldBackWithin(1_000)).toBeNull();
    taken(of, '10.0.0.7', 11);
    taken(of, '10.0.0.66', 40);
    taken(of, '10.0.0.7', 1);
    expect(of.heldBackWithin(1_000)).toMatchObject({ count: 32, address: '10.0.0.66', firstAt: now });
    now += 1_001;
    expect(of.heldBackWithin(1_000)).toBeNull();
  });
});
