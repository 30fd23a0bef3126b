import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { LinkedBastion, aMachine } from '@lab/testing';
import { runningLabd, type TestLabd } from '../../test/running-labd.js';
import type { ProblemDto } from '../http/problem.dto.js';
import type { ServerDto } from '../servers/server.dto.js';

const ORDER = { profile: 'fedora-43', role: 'worker' };
/** What is no name of anything that a bastion has. */
const HOSTILE: unknown[] = [
  ...[
    '',
    ' ',
    'worker ',
    ' worker',
    'WORKER',
    'wor ker',
    'worker\n',
    'worker\u0000',
    'worker\u200b',
    'w\u043erker',
  ],
  ...['../worker', '/etc/passwd', '..', '.', './worker', 'worker/../small', 'worker/', 'worker%00', '%2e%2e'],
  ...[
    '$(reboot)',
    '`reboot`',
    'worker;reboot',
    "worker'--",
    'worker"',
    '{{worker}}',
    '${worker}',
    '<worker>',
    '-worker',
  ],
  ...[
    '__proto__',
    'constructor',
    'toString',
    'null',
    'undefined',
    'true',
    'x'.repeat(64),
    'x'.repeat(100_000),
  ],
  ...['\u001b[31mworker', 'worker\r\nX-Evil: 1', '\ud83d\ude00', '\u202eworker'],
  ...[0, 1, true, {}, [], ['worker'], { name: 'worker' }],
];
const FIELDS = ['profile', 'layout', 'role'] as const;

describe('what no bastion has', () => {
  let labd: TestLabd;
  beforeAll(async () => {
    labd = await runningLabd();
  });
  afterAll(() => labd.stop());

  const stateOf = async (name: string) => {
    const { body } = await labd.call<ServerDto>('GET', `/api/v1/servers/${name}`);
    return { phase: body.status.phase, install: body.status.install?.id, version: body.metadata.version };
  };
  /** A bastion with a machine that waits for its first install, and one that has a system. */
  const site = async (name: string, number: number, offers: LinkedBastion['offers']) => {
    const bastion = await LinkedBastion.enrol(labd, name);
    bastion.offers = offers;
    await bastion.connect();
    await bastion.sees(aMachine(number), aMachine(number + 1));
    const [blank, installed] = [number, number + 1].map(
      (each) => `srv-${each.toString(16).padStart(6, '0')}`,
    );
    const { body } = await labd.call<ServerDto>(
      'POST',
      `/api/v1/servers/${installed ?? ''}/provision`,
      ORDER,
    );
    await bastion.reports(body.status.install?.id ?? '', ['pre', 'started'], ['first-boot', 'ended']);
    return { bastion, blank: blank ?? '', installed: installed ?? '' };
  };

  it.each<[string, number, LinkedBastion['offers']]>([
    [
      'told all that it has',
      1,
      {
        layouts: [
          { name: 'worker', title: 'A worker', minDiskBytes: 20e9 },
          { name: 'small', title: 'Small', minDiskBytes: 20e9 },
        ],
        roles: [{ name: 'worker', layout: 'worker' }],
      },
    ],
    ['is too old to tell its layouts and roles', 11, {}],
  ])(
    'is refused when it is ordered, of a bastion that %s, and nothing has changed',
    async (what, number, offers) => {
      const { bastion, blank, installed } = await site(`site-${number}`, number, offers);
      const before = [await stateOf(blank), await stateOf(installed)];
      const wrong: unknown[] = [];
      for (const field of FIELDS) {
        for (const value of HOSTILE) {
          // What looks like the name of a layout can only be asked of a bastion that told which there are.
          const mayBe = typeof value === 'string' && /^[a-z0-9][a-z0-9-]{0,31}$/.test(value);
          if (field === 'layout' && mayBe && offers.layouts === undefined) continue;
          for (const [name, verb, order] of [
            [blank, 'provision', ORDER],
            [installed, 'reprovision', {}],
          ] as const) {
            const path = `/api/v1/servers/${name}/${verb}`;
            const { status, body } = await labd.call<ProblemDto>('POST', path, { ...order, [field]: value });
            const said = body.errors?.[0]?.path;
            if (status !== 400 || said?.startsWith(field) !== true || body.hint === undefined) {
              wrong.push({ what, field, value, verb, status, body });
            }
          }
        }
      }
      expect(wrong).toEqual([]);
      expect([await stateOf(blank), await stateOf(installed)]).toEqual(before);
      await bastion.disconnect();
    },
  );

  it('is refused of a reprovision, too, that only names what the install before it had', async () => {
    const layouts = [{ name: 'worker', title: 'A worker', minDiskBytes: 20e9 }];
    const roles = [{ name: 'worker', layout: 'worker' }];
    const gone = { name: 'gone', title: 'Gone', minDiskBytes: 20e9 };
    const bastion = await LinkedBastion.enrol(labd, 'site-changed');
    bastion.offers = { layouts: [...layouts, gone], roles };
    await bastion.connect();
    await bastion.sees(aMachine(21));
    const path = '/api/v1/servers/srv-000015';
    const { body } = await labd.call<ServerDto>('POST', `${path}/provision`, { ...ORDER, layout: 'gone' });
    await bastion.reports(body.status.install?.id ?? '', ['pre', 'started'], ['first-boot', 'ended']);
    await bastion.disconnect();
    bastion.offers = { layouts, roles };
    await bastion.connect();
    const before = await stateOf('srv-000015');
    const answer = await labd.call<ProblemDto>('POST', `${path}/reprovision`, {});
    expect(answer).toMatchObject({ status: 400, body: { errors: [{ path: 'layout' }] } });
    expect(answer.body.hint).toBe('Use one of worker, or none: the role brings its own.');
    expect(await stateOf('srv-000015')).toEqual(before);
    await bastion.disconnect();
  });
});
