import { describe, expect, it } from '@jest/globals';
import { DIAGNOSIS_RULES, diagnose, type EvidenceLine, type Failure } from './diagnose.js';

const failure = (changes: Partial<Failure> = {}): Failure => ({
  section: '%post',
  stage: 'packages',
  line: 12,
  command: 'dnf install x',
  exitCode: 1,
  message: '"dnf install x" ended with exit code 1',
  lastLines: [],
  ...changes,
});
const log = (...texts: string[]): EvidenceLine[] =>
  texts.map((text, index) => ({ number: index + 1, source: 'post', stage: 'packages', text }));

describe('the rules', () => {
  it('are more than thirty, each with a name of its own', () => {
    expect(DIAGNOSIS_RULES.length).toBeGreaterThanOrEqual(30);
    expect(new Set(DIAGNOSIS_RULES.map(({ id }) => id)).size).toBe(DIAGNOSIS_RULES.length);
  });

  it.each(DIAGNOSIS_RULES.map((rule) => [rule.id, rule] as const))(
    '%s is found by its example',
    (id, rule) => {
      const found = diagnose(failure(), log('Installing bash', rule.example, 'and then it stopped'));
      expect(found).toMatchObject({ rule: id, certainty: 'stated', cause: rule.cause });
      expect(found.evidence[0]).toMatchObject({ number: 2, text: rule.example });
      for (const text of [rule.cause, rule.explanation, rule.next]) expect(text.length).toBeGreaterThan(10);
    },
  );

  it('leave alone what installs that succeed write', () => {
    const calm = [
      'Installing kernel-core-6.17.1 (312/702)',
      'INF program: Running... lsblk --bytes',
      'DBG blivet: available disk space 250 GB',
      'Configuring storage; Creating xfs on /dev/mapper/lab-root',
      'error-handling library loaded',
      'Retrieving memory map from the firmware',
      'NetworkManager: <info> dhcp4 (ens3): state changed new lease, address=192.168.77.100',
      'Created symlink /etc/systemd/system/multi-user.target.wants/sshd.service',
      'systemd: Started timeout watcher.',
    ];
    expect(diagnose(failure(), log(...calm)).rule).toBeNull();
  });
});

describe('diagnose', () => {
  it('names the first cause, not what followed from it', () => {
    const found = diagnose(
      failure(),
      log(
        'Curl error (6): Could not resolve hostname for http://mirror/repodata/repomd.xml',
        'Cannot download repomd.xml: All mirrors were tried',
        'No match for argument: bash',
      ),
    );
    expect(found.rule).toBe('name-not-resolved');
    expect(found.evidence.map(({ number }) => number)).toEqual([1, 2, 3, null]);
  });

  it('believes the failed stage before the rest of the log', () => {
    const lines: EvidenceLine[] = [
      {
        number: 1,
        source: 'syslog',
        stage: 'boot',
        text: 'blk_update_request: I/O error, dev sr0, sector 0',
      },
      { number: 2, source: 'post', stage: 'packages', text: 'No match for argument: nope' },
    ];
    expect(diagnose(failure(), lines)).toMatchObject({ rule: 'package-missing', certainty: 'stated' });
  });

  it('calls likely what only another part of the log says, and passes over what may be harmless there', () => {
    const lines: EvidenceLine[] = [
      {
        number: 1,
        source: 'syslog',
        stage: 'pre',
        text: 'Direct firmware load for i915/x.bin failed with error -2',
      },
      { number: 2, source: 'syslog', stage: 'pre', text: 'Out of memory: Killed process 1412 (anaconda)' },
    ];
    expect(diagnose(failure(), lines)).toMatchObject({ rule: 'out-of-memory', certainty: 'likely' });
    expect(diagnose(failure(), lines.slice(0, 1))).toMatchObject({ rule: null, certainty: 'unknown' });
  });

  it('takes the reason that the section gave for itself', () => {
    const found = diagnose(
      failure({
        stage: 'disk',
        section: '%pre',
        message: 'No disk matches the rule (serial=X). Seen: vda (D1).',
      }),
      [],
    );
    expect(found).toMatchObject({ rule: 'no-disk-matches', certainty: 'stated' });
    expect(found.evidence).toEqual([
      {
        number: null,
        source: '%pre',
        stage: 'disk',
        text: 'No disk matches the rule (serial=X). Seen: vda (D1).',
      },
    ]);
  });

  it('does not repeat what the log has said already', () => {
    const message = 'No disk matches the rule (serial=X).';
    const lines = log('looking', `failed: ${message}`);
    const found = diagnose(failure({ message, lastLines: ['looking', `failed: ${message}`] }), lines);
    expect(found.evidence.map(({ number }) => number)).toEqual([2]);
  });

  it('says unknown, and shows the best evidence', () => {
    const found = diagnose(failure(), log('one', 'the frobnicator failed oddly', 'three'));
    expect(found).toMatchObject({
      rule: null,
      certainty: 'unknown',
      cause: '"dnf install x" ended with exit code 1',
      next: null,
    });
    expect(found.evidence.map(({ number }) => number)).toEqual([2, 3]);
    expect(diagnose(failure({ message: null }), [])).toMatchObject({ cause: 'unknown', evidence: [] });
  });

  it('keeps evidence short and looks at the beginning of long lines only', () => {
    const long = `${'error '.repeat(200_000)}${'a'.repeat(1_000_000)}`;
    const found = diagnose(failure(), log(...Array.from({ length: 200 }, () => long)));
    expect(found.evidence.every(({ text }) => text.length <= 500)).toBe(true);
  });
});
