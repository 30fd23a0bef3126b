import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { installPlan, macOf, temporaryFolder } from '../../test/bastion-fixture.js';
import { InstallStore } from './install.store.js';

const MAC = '52:54:00:00:00:01';

/** An install with a log of that size; over, unless it still runs. */
async function install(store: InstallStore, at: number, bytes: number, isOver = true): Promise<string> {
  const installId = randomUUID();
  const plan = installPlan({ installId });
  await store.append(installId, [
    { type: 'planned', at, installId, serverId: randomUUID(), macs: [MAC], plan },
    ...(isOver ? [{ type: 'ended', at, outcome: 'cancelled', reason: 'test' } as const] : []),
  ]);
  await writeFile(join(store.folderOf(installId), 'log.ndjson'), 'x'.repeat(bytes));
  return installId;
}

describe('past installs', () => {
  it('go when they are too many, the oldest first, and never one that runs', async () => {
    await using folder = await temporaryFolder();
    const store = await InstallStore.open(folder.path, { installs: 2 });
    const running = await install(store, 1, 10, false);
    const old = await install(store, 2, 10);
    const newer = await install(store, 3, 10);
    const newest = await install(store, 4, 10);
    expect([running, old, newer, newest].map((id) => store.get(id) !== undefined)).toEqual([
      true,
      false,
      false,
      true,
    ]);
    expect(existsSync(store.folderOf(old))).toBe(false);
    await store.close();
  });

  it('go when they take too much of the disk, also at the start', async () => {
    await using folder = await temporaryFolder();
    const roomy = await InstallStore.open(folder.path);
    const old = await install(roomy, 1, 60_000);
    const newer = await install(roomy, 2, 60_000);
    await roomy.close();
    const store = await InstallStore.open(folder.path, { bytes: 100_000 });
    expect([old, newer].map((id) => store.get(id) !== undefined)).toEqual([false, true]);
    expect(store.ofMac(macOf(MAC)).map(({ installId }) => installId)).toEqual([newer]);
    await store.close();
  });
});
