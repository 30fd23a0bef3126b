import { describe, expect, it } from '@jest/globals';
import { PackageProgress } from './package-progress.js';

const lines = (...texts: string[]) => texts.map((text) => ({ text }));

describe('The progress of the packages', () => {
  it('takes count and name from what Anaconda shows', () => {
    const progress = new PackageProgress(null);
    const log = lines('12:00:01,123 INF packaging:Installing kernel-core.x86_64 (312/702)');
    expect(progress.take(log, 0)).toBe('312 of 702: kernel-core.x86_64');
  });

  it('counts packages itself where the log only names them, each once', () => {
    const progress = new PackageProgress(null);
    const log = lines(
      'DBG payload: Total packages: 702',
      'DBG transaction_progress:Installing - bash-0:5.3-2.fc43.x86_64',
      'DBG transaction_progress:Installing - bash-0:5.3-2.fc43.x86_64',
      'DBG transaction_progress:Installing - bash-0:5.3-2.fc43.x86_64 (4096/8192)',
      'DBG transaction_progress:Installing - glibc-0:2.42-4.fc43.x86_64',
    );
    expect(progress.take(log, 0)).toBe('2 of 702: glibc-0:2.42-4.fc43.x86_64');
    expect(new PackageProgress(null).take(lines('Installed: bash-5.1.8-9.el9.x86_64 171 77c0'), 0)).toBe(
      '1: bash-5.1.8-9.el9.x86_64',
    );
  });

  it('says something new only, and not too often', () => {
    const progress = new PackageProgress(null);
    expect(progress.take(lines('Installing a.x86_64 (1/9)'), 0)).toBe('1 of 9: a.x86_64');
    expect(progress.take(lines('Installing b.x86_64 (2/9)'), 2_999)).toBeUndefined();
    expect(progress.take([], 3_000)).toBe('2 of 9: b.x86_64');
    expect(progress.take(lines('something else'), 9_000)).toBeUndefined();
  });

  it('goes on counting after a restart', () => {
    const progress = new PackageProgress('312 of 702: kernel-core.x86_64');
    expect(progress.take(lines('Installing - zsh-5.9-1.x86_64'), 0)).toBe('313 of 702: zsh-5.9-1.x86_64');
  });

  it('is not taken in by lines that only look alike', () => {
    const progress = new PackageProgress(null);
    const odd = lines('Installing boot loader', 'Installing (1/2)', `Installing ${'x'.repeat(9999)} (1/2)`);
    expect(progress.take(odd, 0)).toBeUndefined();
  });
});
