/** What a program that a test starts with an environment of its own needs in it, to end with the run: see test-run.mjs. */
export function runMark(): { LAB_TEST_RUN?: string } {
  const mark = process.env['LAB_TEST_RUN'];
  return mark === undefined ? {} : { LAB_TEST_RUN: mark };
}
