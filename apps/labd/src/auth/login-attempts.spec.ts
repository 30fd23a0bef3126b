import { describe, expect, it } from '@jest/globals';
import { LoginAttempts, sourceOf } from './login-attempts.service.js';

describe('login attempts', () => {
  it.each([
    ['127.0.0.1', '127.0.0.1'],
    ['::1', '0:0:0:0::/64'],
    ['2001:db8:0:12:aaaa::7', '2001:db8:0:12::/64'],
    ['2001:DB8:0000:0012::9', '2001:db8:0:12::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['::ffff:10.0.0.1', '::ffff:10.0.0.1'],
  ])('of %s count for %s', (address, source) => {
    expect(sourceOf(address)).toBe(source);
  });

  it('make an address wait, and no other', async () => {
    const attempts = new LoginAttempts();
    for (let failure = 0; failure < 100; failure += 1) {
      await attempts.admit('2001:db8::1');
      await attempts.countFailure('2001:db8::1');
    }
    await expect(attempts.admit('2001:db8::2')).rejects.toMatchObject({
      code: 'too-many-requests',
      details: { retryAfterSeconds: expect.any(Number) },
    });
    await expect(attempts.admit('2001:db9::1')).resolves.toBeUndefined();
  });
});
