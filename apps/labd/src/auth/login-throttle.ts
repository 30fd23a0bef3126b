/** How long a user who gave wrong passwords has to wait: nothing for the first few, then doubling to a quarter of an hour. */
const FREE_FAILURES = 5;
const FIRST_WAIT_SECONDS = 5;
const LONGEST_WAIT_SECONDS = 900;

/** Seconds to wait after that many wrong passwords in a row. */
export function waitAfter(failures: number): number {
  if (failures < FREE_FAILURES) return 0;
  return Math.min(LONGEST_WAIT_SECONDS, FIRST_WAIT_SECONDS * 2 ** Math.min(failures - FREE_FAILURES, 20));
}
