/** What a check has found. */
export interface Finding {
  check: string;
  status: 'ok' | 'warning' | 'failed' | 'skipped';
  message: string;
  /** What to do about it. */
  fix?: string;
}

export const ok = (check: string, message: string): Finding => ({ check, status: 'ok', message });
export const warning = (check: string, message: string, fix: string): Finding => ({
  check,
  status: 'warning',
  message,
  fix,
});
export const failed = (check: string, message: string, fix: string | undefined): Finding => ({
  check,
  status: 'failed',
  message,
  ...(fix !== undefined && { fix }),
});
export const skipped = (check: string, message: string): Finding => ({ check, status: 'skipped', message });

/** What an error says, as a finding. */
export function fromError(check: string, error: unknown): Finding {
  const message = error instanceof Error ? error.message : String(error);
  const hint: unknown = typeof error === 'object' && error !== null ? Reflect.get(error, 'hint') : undefined;
  return failed(check, message, typeof hint === 'string' ? hint : undefined);
}
