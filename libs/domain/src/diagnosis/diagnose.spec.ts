import { describe, expect, it } from '@jest/globals';
import { diagnose, type EvidenceLine, type Failure } from './diagnose.js';
import type { DiagnosisRule } from './diagnosis-rule.js';
import { parseFragment } from './fragments.js';
import { HARMLESS } from './harmless.js';
import { fragmentsOf } from './meaning.js';
import { DIAGNOSIS_RULES } from './rules.js';

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

  const each = it.each(DIAGNOSIS_RULES.map((rule) => [rule.id, rule] as const));
  const placed = (rule: DiagnosisRule, ...texts: string[]) => {
    const stage = rule.stages?.[0] ?? 'packages';
    return diagnose(
      failure({ stage, exitCode: rule.exitCodes?.[0] ?? 1 }),
      log(...texts).map((line) => ({ ...line, stage, source: rule.ofScripts === true ? 'post' : 'syslog' })),
    );
  };

  each('%s is found by its example', (id, rule) => {
    const found = placed(rule, 'Installing bash', rule.example, 'and then it stopped');
    expect(found).toMatchObject({ rule: id, cause: rule.cause });
    expect(found.certainty).toBe((rule.causes ?? rule.symptoms ?? rule.endings) ? 'stated' : 'likely');
    expect(found.evidence[0]).toMatchObject({ number: 2, text: rule.example });
  });

  each('%s is not found by the harmless line nearest to it', (_, rule) => {
    expect(placed(rule, rule.harmless)).toMatchObject({ rule: null, certainty: 'unknown' });
    expect(placed(rule, rule.harmless, rule.example, 'the end').evidence[0]?.text).toBe(rule.example);
  });

  each('%s says what, why, what to do, and where the line comes from', (_, rule) => {
    for (const text of [rule.cause, rule.explanation, rule.next, rule.source])
      expect(text.length).toBeGreaterThan(10);
    expect(rule.cause).not.toMatch(/\.$/);
    expect(rule.explanation).toMatch(/\.$/);
  });

  it('have no fragment twice', () => {
    for (const weight of ['cause', 'symptom', 'ending', 'hint'] as const) {
      const all = DIAGNOSIS_RULES.flatMap((rule) => fragmentsOf(rule, weight));
      expect(all.filter((pattern, at) => all.indexOf(pattern) !== at)).toEqual([
        ...(weight === 'cause' ? TWICE : []),
      ]);
    }
    for (const pattern of HARMLESS) expect(() => parseFragment(pattern)).not.toThrow();
    expect(new Set(HARMLESS).size).toBe(HARMLESS.length);
  });

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

/** What means one thing to dracut, whose disk is memory, and another to everybody else. */
const TWICE = ['no space left on device', 'curl: (23)'];

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

  it('takes the last try at a package for the cause once the installer gave up, and for nothing before', () => {
    const tries = [
      "Failed to download 'bash.rpm': 1 - Status code: 503 for http://mirror/bash.rpm (IP: 10.0.0.1)",
      "Failed to download 'bash.rpm': 3 - Downloading successful, but checksum doesn't match. Calculated: 5ab1(sha256)",
    ];
    const givenUp =
      'Failed to download the following packages: bash: Cannot download, all mirrors were already tried';
    expect(diagnose(failure(), log(...tries, givenUp))).toMatchObject({
      rule: 'checksum-mismatch',
      certainty: 'stated',
      evidence: [{ number: 2 }, { number: 3 }, { number: null }],
    });
    expect(diagnose(failure(), log(...tries)).rule).toBeNull();
    expect(diagnose(failure(), log(...tries, 'No match for argument: nope')).rule).toBe('package-missing');
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

  it('hears the failure itself before what the stage wrote earlier', () => {
    const lines = log('wipefs: /dev/sdb: Device or resource busy', 'going on', 'No match for argument: nope');
    const lastLines = ['No match for argument: nope'];
    expect(diagnose(failure(), lines).rule).toBe('disk-busy');
    const found = diagnose(failure({ lastLines }), lines);
    expect(found).toMatchObject({ rule: 'package-missing', certainty: 'stated' });
    expect(found.evidence[0]?.number).toBe(3);
    const message = 'The disk vda holds data (ext4) and the install may not erase it.';
    expect(diagnose(failure({ message, lastLines }), lines).rule).toBe('disk-holds-data');
  });

  it('takes the command that a message quotes for no message', () => {
    const message = '"grep \'Connection refused\' log || tar -xf x.tar" ended with exit code 2';
    const found = diagnose(
      failure({ message, lastLines: ['tar: x: Cannot write: No space left on device'] }),
      [],
    );
    expect(found).toMatchObject({ rule: 'no-space-left', certainty: 'stated' });
    expect(diagnose(failure({ message }), []).rule).toBeNull();
  });

  it('names the cause that stands in the log before the consequence that is reported', () => {
    const lastLines = ['RuntimeError: The transaction process has ended abruptly: killed'];
    const lines = log('Out of memory: Killed process 1870 (anaconda)', ...lastLines);
    expect(diagnose(failure({ lastLines }), lines)).toMatchObject({
      rule: 'out-of-memory',
      certainty: 'stated',
    });
  });

  it('shows the exception, not the heading of its traceback', () => {
    const known = log(
      'Traceback (most recent call last):',
      '  File "x.py", line 3',
      'NoDisksError: No usable disks.',
    );
    expect(diagnose(failure(), known).rule).toBe('no-disk-matches');
    expect(diagnose(failure(), known).evidence[0]?.number).toBe(3);
    const strange = log(
      'Traceback (most recent call last):',
      '  File "x.py", line 3',
      "KeyError: 'pv_uuid'",
      'x',
    );
    expect(diagnose(failure(), strange).rule).toBe('installer-crashed');
    expect(diagnose(failure(), strange).evidence[0]?.text).toBe("KeyError: 'pv_uuid'");
  });

  it('passes over what its author tried again, if something else failed later', () => {
    const refused = 'curl: (7) Failed to connect to 192.168.77.1 port 7071';
    const of = (...texts: string[]) => diagnose(failure(), log(refused, ...texts)).rule;
    expect(of()).toBe('connection-refused');
    expect(of('Cannot download repomd.xml: All mirrors were tried')).toBe('connection-refused');
    expect(of('Not enough free space on selected disks.')).toBe('disk-too-small');
    expect(of('Storage configuration has failed: odd')).toBe('storage-configuration-failed');
  });

  it('looks into lines that rsyslog has joined', () => {
    const text =
      'INFO anaconda:dnf: warning: %post(a) scriptlet failed, exit status 1#012Error in POSTIN scriptlet in rpm package a';
    expect(diagnose(failure(), log(text)).rule).toBe('package-script-failed');
    expect(diagnose(failure(), log(text.split('#012')[0] ?? '')).rule).toBeNull();
  });

  it('lets a rule count where its line means that, and for the exit code that goes with it', () => {
    const gone = { text: 'curl: (22) The requested URL returned error: 404', source: 'x', number: 1 };
    const at = (stage: string, exitCode: number) =>
      diagnose(failure({ stage, exitCode }), [{ ...gone, stage }]).rule;
    expect([at('boot', 0), at('packages', 1), at('post', 22)]).toEqual([null, null, 'download-not-found']);
    const full = { text: 'cp: No space left on device', source: 'x', number: 1 };
    const where = (stage: string) => diagnose(failure({ stage }), [{ ...full, stage }]).rule;
    expect([where('boot'), where('packages')]).toEqual(['installer-image-too-large', 'no-space-left']);
  });

  it('takes a hint only if nothing else is known', () => {
    const hint = 'tsc: Marking TSC unstable due to clocksource watchdog';
    expect(diagnose(failure(), log(hint))).toMatchObject({ rule: 'clock-unstable', certainty: 'likely' });
    expect(diagnose(failure(), log(hint, 'DNF error: odd')).rule).toBe('transaction-failed');
  });

  it('never takes a harmless line for the best evidence', () => {
    const lines = log(
      'the frobnicator failed',
      'Failed to start man-db-cache-update.service: not found',
      'x',
    );
    expect(diagnose(failure(), lines).evidence[0]?.text).toBe('the frobnicator failed');
  });

  it('keeps evidence short and looks at the beginning of long lines only', () => {
    const long = `${'error '.repeat(200_000)}${'a'.repeat(1_000_000)}`;
    const found = diagnose(failure(), log(...Array.from({ length: 200 }, () => long)));
    expect(found.evidence.every(({ text }) => text.length <= 500)).toBe(true);
  });
});
