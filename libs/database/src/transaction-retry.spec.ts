import { describe, expect, it } from '@jest/globals';
import { retrySerializable } from './transaction-retry.js';

const conflict = Object.assign(new Error('could not serialize access'), { code: '40001' });

function failing(times: number, error: Error = conflict): () => Promise<string> {
  let calls = 0;
  return () => {
    calls += 1;
    return calls <= times ? Promise.reject(error) : Promise.resolve(`done at try ${calls}`);
  };
}

describe('retrySerializable', () => {
  const pauses: number[] = [];
  const options = {
    attempts: 10,
    random: () => 0.5,
    wait: (milliseconds: number) => {
      pauses.push(milliseconds);
      return Promise.resolve();
    },
  };

  it('runs work that succeeds once', async () => {
    expect(await retrySerializable(failing(0), options)).toBe('done at try 1');
  });

  it('runs work again that could not be serialized', async () => {
    expect(await retrySerializable(failing(3), options)).toBe('done at try 4');
  });

  it('throws what came last when the tries are used up', async () => {
    await expect(retrySerializable(failing(10), options)).rejects.toBe(conflict);
  });

  it('does not repeat what failed for another reason', async () => {
    const other = new Error('no such table');
    await expect(retrySerializable(failing(1, other), options)).rejects.toBe(other);
  });

  it('pauses longer each time, up to a bound', async () => {
    pauses.length = 0;
    await retrySerializable(failing(9), options);
    expect(pauses).toEqual([4, 8, 16, 32, 64, 125, 125, 125, 125]);
  });
});
