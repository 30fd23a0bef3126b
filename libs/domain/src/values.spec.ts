import { describe, expect, it } from '@jest/globals';
import { LabError, toProblem } from './lab-error.js';
import { mac, macInPath, parseMac, printable } from './mac-address.js';
import { hostname, isHostname, isId, isProfileName, isResourceName } from './names.js';
import { covers, formatPermission, grantsFor, intersect, isAllowed, parsePermission } from './permission.js';
import { RESOURCE_KINDS, kindNamed } from './resource-kinds.js';
import { STAGES, STAGE_NAMES } from './stages.js';

describe('a MAC address', () => {
  it.each([
    '52:54:00:AB:cd:01',
    '52-54-00-ab-cd-01',
    '5254.00ab.cd01',
    '525400ABCD01',
    ' 52:54:00:ab:cd:01 ',
  ])('is read from %j', (text) => expect(mac(text)).toBe('52:54:00:ab:cd:01'));

  it.each([
    '',
    '52:54:00:ab:cd',
    '52:54-00:ab:cd:01',
    '52:54:00:ab:cd:0g',
    '52:54:00:ab:cd:01:02',
    '../etc/passwd',
    '52:54:00:ab:cd:01\n'.repeat(2),
  ])('is not %j', (text) => expect(parseMac(text)).toBeUndefined());

  it('is not a group or null address', () => {
    expect(() => mac('ff:ff:ff:ff:ff:ff')).toThrow(/group or null/);
    expect(() => mac('00:00:00:00:00:00')).toThrow(/group or null/);
  });

  it('says what is wrong without passing on control characters', () => {
    expect(() => mac('\u001b[31mred')).toThrow('"\uFFFD[31mred" is not a MAC address');
  });

  it('has a notation that is safe in a path', () =>
    expect(macInPath(mac('525400abcd01'))).toBe('52-54-00-ab-cd-01'));
});

describe('names', () => {
  it.each(['node1', 'node-1.lab.example', 'a', '1a', 'a'.repeat(63)])('%s is a host name', (text) =>
    expect(isHostname(text)).toBe(true),
  );
  it.each([
    '',
    'Node1',
    '-a',
    'a-',
    'a..b',
    'a_b',
    'a b',
    'a\nb',
    '10.0.0.1',
    'a'.repeat(64),
    `${'a.'.repeat(127)}ab`,
    '$(id)',
    'é',
  ])('%j is none', (text) => expect(isHostname(text)).toBe(false));
  it('refuses with the field and a hint', () => {
    expect(() => hostname('Bad Name', 'spec.hostname')).toThrow(
      /^spec\.hostname: "Bad Name" is not a host name$/,
    );
  });
  it('never takes a MAC address or an ID for a name', () => {
    expect(isResourceName('525400abcd01')).toBe(false);
    expect(isResourceName('8d1f0a6e-5b1c-4c59-9b0e-1f1b1c1d1e1f')).toBe(false);
    expect(isId('8D1F0A6E-5b1c-4c59-9b0e-1f1b1c1d1e1f')).toBe(true);
    expect(isResourceName('node1')).toBe(true);
  });
  it('knows profiles by names that are safe as file names', () => {
    expect(isProfileName('fedora-43')).toBe(true);
    expect(isProfileName('../fedora')).toBe(false);
    expect(isProfileName('a..b')).toBe(false);
  });
});

describe('a permission', () => {
  const asked = { action: 'apply', cloud: 'dc1', environment: 'prod', server: 'node1' } as const;

  it.each([
    ['apply:dc1:prod:node1', true],
    ['apply:*:*:*', true],
    ['admin:*:*:*', true],
    ['*:dc1:prod:node1', true],
    ['read:*:*:*', false],
    ['destroy:*:*:*', false],
    ['apply:dc2:*:*', false],
    ['apply:dc1:prod:node2', false],
  ])('%s covers it: %s', (grant, expected) => expect(covers(parsePermission(grant), asked)).toBe(expected));

  it('to change or destroy includes reading', () => {
    for (const action of ['apply', 'destroy', 'admin', 'read']) {
      expect(covers(parsePermission(`${action}:*:*:*`), { ...asked, action: 'read' })).toBe(true);
    }
  });

  it('is denied without a grant', () => expect(isAllowed([], asked)).toBe(false));

  it('that is asked for everything is covered by a wildcard only', () => {
    expect(covers(parsePermission('apply:dc1:*:*'), { ...asked, cloud: '*' })).toBe(false);
    expect(covers(parsePermission('apply:*:*:*'), { ...asked, cloud: '*' })).toBe(true);
  });

  it('round-trips, and is refused with the part that is wrong', () => {
    expect(formatPermission(parsePermission('apply:dc1:*:node1'))).toBe('apply:dc1:*:node1');
    expect(() => parsePermission('apply:dc1')).toThrow(/2 parts, not 4/);
    expect(() => parsePermission('paint:*:*:*')).toThrow(/the action is none of/);
    expect(() => parsePermission('read:a b:*:*')).toThrow(/the cloud is neither/);
  });

  it('filters the grants of a list', () => {
    const grants = ['read:dc1:*:*', 'destroy:dc2:*:*'].map(parsePermission);
    expect(grantsFor(grants, 'destroy').map(formatPermission)).toEqual(['destroy:dc2:*:*']);
    expect(grantsFor(grants, 'read')).toHaveLength(2);
  });
});

describe('an error', () => {
  it('becomes a problem document with what to do', () => {
    const error = new LabError('illegal-transition', 'server node1: an install is running already', {
      hint: 'Wait for it.',
      details: { phase: 'provisioning' },
    });
    expect(toProblem(error, 'req-1')).toEqual({
      type: 'urn:lab:problem:illegal-transition',
      title: 'illegal transition',
      status: 409,
      code: 'illegal-transition',
      detail: 'server node1: an install is running already',
      hint: 'Wait for it.',
      phase: 'provisioning',
      requestId: 'req-1',
    });
  });

  it('of our own shows nothing but the request ID', () => {
    const problem = toProblem(
      new LabError('internal', 'password=hunter2', { details: { secret: 1 } }),
      'req-2',
    );
    expect(JSON.stringify(problem)).not.toMatch(/hunter2|secret/);
    expect(problem).toMatchObject({ status: 500, requestId: 'req-2' });
  });

  it('shows no control characters of hostile text', () => {
    expect(printable('a\u0000b\u202ec\u009bd')).toBe('a\uFFFDb\uFFFDc\uFFFDd');
    expect(printable('x'.repeat(200))).toHaveLength(80);
  });
});

describe('a scope', () => {
  it.each([
    ['admin:*:*:*', 'read:*:*:*', ['read:*:*:*']],
    ['read:dc1:*:*', '*:*:prod:*', ['read:dc1:prod:*']],
    ['apply:*:*:*', 'destroy:*:*:*', ['read:*:*:*']],
    ['apply:dc1:*:*', 'apply:dc2:*:*', []],
    ['read:*:*:*', 'admin:*:*:*', ['read:*:*:*']],
  ])('%s within %s leaves %j', (held, scope, left) => {
    const both = intersect([parsePermission(held)], [parsePermission(scope)]);
    expect(both.map(formatPermission)).toEqual(left);
  });
});

describe('stages and kinds', () => {
  it('are at least fifteen stages, each with a deadline beyond what is expected', () => {
    expect(STAGE_NAMES.length).toBeGreaterThanOrEqual(15);
    for (const name of STAGE_NAMES)
      expect(STAGES[name].deadlineSeconds).toBeGreaterThan(STAGES[name].expectedSeconds);
  });
  it('finds a kind by singular, plural and alias in any case', () => {
    expect(['server', 'SERVERS', 'srv'].map((name) => kindNamed(name, RESOURCE_KINDS)?.kind)).toEqual([
      'Server',
      'Server',
      'Server',
    ]);
    expect(kindNamed('pod', RESOURCE_KINDS)).toBeUndefined();
  });
});
