/** What a check of the preflight has found: as `labctl doctor` has them. */
export interface Finding {
  /** What was looked at, in a word: `interface`, `dhcp`, `port`. */
  check: string;
  /** Only `failed` makes the exit code 1. `skipped`: could not be tried, or there is no need to. */
  status: 'ok' | 'warning' | 'failed' | 'skipped';
  message: string;
  /** What to do about it. */
  fix?: string;
}

export const ok = (check: string, message: string): Finding => ({ check, status: 'ok', message });
export const skipped = (check: string, message: string, fix?: string): Finding => ({
  ...{ check, status: 'skipped', message },
  ...(fix !== undefined && { fix }),
});
export const warning = (check: string, message: string, fix: string): Finding => ({
  ...{ check, status: 'warning', message, fix },
});
export const failed = (check: string, message: string, fix: string): Finding => ({
  ...{ check, status: 'failed', message, fix },
});
