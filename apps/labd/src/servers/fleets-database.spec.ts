import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { LinkedBastion } from '@lab/testing';
import fc from 'fast-check';
import { FleetModel, ordersOf } from '../../test/fleet-model.js';
import { BASTIONS, fleets, type FleetEvent } from '../../test/fleets.js';
import { runningLabd, type TestLabd } from '../../test/running-labd.js';
import { PlanQuery } from '../bastion-gateway/plan.query.js';
import type { ListOf } from '../resources/resource-api.js';
import type { ServerDto } from './server.dto.js';

const RUNS = Number(process.env['LAB_DATABASE_FLEETS'] ?? 12);
const SEED = Number(process.env['LAB_FLEET_SEED'] ?? Date.now() % 2 ** 31);
/** What a person does is tried elsewhere: here it is about what the database finds of the neighbours of a machine. */
const TRIED: readonly FleetEvent['type'][] = ['report', 'order', 'board', 'carry', 'disk', 'rack'];

describe('labd with its database', () => {
  let labd: TestLabd;
  let bastions: LinkedBastion[];

  beforeAll(async () => {
    labd = await runningLabd();
    bastions = await Promise.all(
      BASTIONS.map(({ name, cloud }) => LinkedBastion.enrol(labd, name, { cloud })),
    );
    for (const bastion of bastions) await bastion.connect();
  });
  afterAll(async () => {
    for (const bastion of bastions) await bastion.disconnect();
    await labd.stop();
  });

  const servers = async (): Promise<ServerDto[]> =>
    (await labd.call<ListOf<ServerDto>>('GET', '/api/v1/servers?limit=100')).body.items;

  /** As both sides can say it. */
  const outline = (
    name: string,
    conditions: readonly { type: string; reason: string }[],
    nics: readonly { mac: string; boot: boolean }[],
    bastion: string | undefined,
    phase: string,
  ) => ({
    name,
    stated: conditions.map(({ type, reason }) => `${type} ${reason}`).sort(),
    nics: nics.map(({ mac, boot }) => (boot ? `${mac} boot` : mac)).sort(),
    bastion,
    phase,
  });

  it('decides about generated fleets as the pure decision does, and orders by the same MACs', async () => {
    process.stdout.write(`${RUNS} fleets through the database, seed ${SEED}\n`);
    await fc.assert(
      fc.asyncProperty(fleets, async ({ machines, events }) => {
        await labd.database.database.client.server.deleteMany({});
        const model = new FleetModel({ machines });
        for (const event of events.filter(({ type }) => TRIED.includes(type))) {
          if (event.type === 'order') {
            const server = model.serverAt(event.server);
            if (server?.phase !== 'discovered') continue;
            await labd.call('POST', `/api/v1/servers/${server.name}/provision`, {
              profile: 'fedora-43',
              role: 'worker',
            });
          }
          model.happens(event);
          if (event.type === 'report') {
            const machine = model.machines[event.machine % machines.length];
            const bastion = bastions[machine?.bastion ?? 0];
            if (machine !== undefined && machine.bootable.length > 0)
              await bastion?.sees(machine.seen(event.nic, Date.now()));
          }
        }
        const found = (await servers()).map(({ metadata, status }) =>
          outline(
            metadata.name,
            status.conditions.filter(({ type }) => type !== 'DiskMismatch'),
            status.nics,
            status.bastion?.name,
            status.phase,
          ),
        );
        const expected = [...model.records.values()].map(({ name, conditions, nics, bastionId, phase }) =>
          outline(name, conditions, nics, bastionId ?? undefined, phase),
        );
        const byName = (a: { name: string }, b: { name: string }) => (a.name < b.name ? -1 : 1);
        expect(found.sort(byName)).toEqual(expected.sort(byName));

        const plans = labd.app.get(PlanQuery);
        const planned = await Promise.all(
          bastions.map(({ id }) => plans.changedSince(id, -1, undefined, 500)),
        );
        const orders = planned.flat().flatMap(({ name, macs }) => macs.map((mac) => `${mac} ${name}`));
        const wanted = [...ordersOf([...model.records.values()])].map(([mac, { name }]) => `${mac} ${name}`);
        expect(orders.sort()).toEqual(wanted.sort());
      }),
      { numRuns: RUNS, seed: SEED },
    );
  });
});
