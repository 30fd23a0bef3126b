import { expect, it } from '@jest/globals';

it('passes', () => {
  expect(process.env['LAB_TEST_RUN']).toMatch(/^[0-9a-f]{16}$/);
});
