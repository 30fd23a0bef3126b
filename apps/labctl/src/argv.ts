/** Global flags that take a value. */
export const WITH_VALUE = new Set(['--context', '--request-timeout']);
const WITHOUT_VALUE = new Set(['--debug', '--no-color']);

/**
 * The same arguments with the global flags that stand before the command moved behind it: `labctl --context x get servers`
 * works as it does with kubectl, where oclif wants the command first.
 */
export function commandFirst(argv: readonly string[]): string[] {
  let index = 0;
  for (;;) {
    const arg = argv[index];
    if (arg === undefined) break;
    if (WITHOUT_VALUE.has(arg) || WITH_VALUE.has(arg.split('=')[0] ?? '')) {
      index += WITH_VALUE.has(arg) ? 2 : 1;
    } else break;
  }
  const flags = argv.slice(0, index);
  const rest = argv.slice(index);
  if (rest.length === 0) return [...argv];
  const end = rest.indexOf('--');
  return end < 0 ? [...rest, ...flags] : [...rest.slice(0, end), ...flags, ...rest.slice(end)];
}

/** `--dry-run` alone is `--dry-run=server`: the one kind that there is, and what whoever forgets a value means. */
export function withDryRunValue(argv: readonly string[]): string[] {
  const end = argv.indexOf('--');
  return argv.map((arg, index) => {
    const isBare = arg === '--dry-run' && (end < 0 || index < end);
    return isBare && !['none', 'server'].includes(argv[index + 1] ?? '') ? '--dry-run=server' : arg;
  });
}

/** Whether the flag was given, before a `--`. */
export function hasFlag(argv: readonly string[], flag: string): boolean {
  const end = argv.indexOf('--');
  return (end < 0 ? argv : argv.slice(0, end)).includes(flag);
}
