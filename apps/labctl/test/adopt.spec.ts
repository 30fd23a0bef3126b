import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { FakeLabd } from './fake-labd.js';
import { aServer } from './resources.js';
import { Labctl } from './run-labctl.js';

let labd: FakeLabd;
let labctl: Labctl;

beforeEach(async () => {
  labd = await FakeLabd.start();
  labctl = new Labctl();
  labctl.loggedInAt(labd.url, labd.tokens);
  labd.servers.push(aServer(1), aServer(2));
  labd.override = (path, response) => {
    if (!path.endsWith('/adopt')) return false;
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(labd.servers[0]));
    return true;
  };
});
afterEach(async () => {
  labctl.remove();
  await labd.stop();
});

describe('labctl adopt', () => {
  const id = (index: number): string => labd.servers[index]?.metadata.id ?? '';
  const adoption = (query = ''): string => `POST /api/v1/servers/${id(0)}/adopt${query}`;

  it('tries it first, and then does it', async () => {
    const { code, stdout } = await labctl.run(['adopt', 'node1', 'server/node2', '--confirm', 'node2']);
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'server/node1 adopted node2\n' });
    expect(labd.requests.filter((request) => request.startsWith('POST'))).toEqual([
      adoption('?dryRun=true'),
      adoption(),
    ]);
    expect(labd.bodies).toEqual([{ from: id(1) }, { from: id(1) }]);
  });

  it('only tries it with --dry-run', async () => {
    const { code, stdout } = await labctl.run(['adopt', 'node1', 'node2', '--dry-run=server', '--force']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^server\/node1 adopted node2 \(.*dry run.*\)\n$/);
    expect(labd.requests.at(-1)).toBe(adoption('?dryRun=true'));
    expect(labd.bodies).toEqual([{ from: id(1), force: true }]);
  });

  it('does nothing when another name is given than that of the record that goes', async () => {
    const { code, stderr } = await labctl.run(['adopt', 'node1', 'node2', '--confirm', 'node1']);
    expect(stderr).toContain('--confirm says "node1", but the name is "node2"');
    expect(code).toBe(2);
    expect(labd.requests).not.toContain(adoption());
  });

  it.each([
    [['node1', 'node2'], '--confirm'],
    [['node1'], 'labctl adopt OLD NEW'],
    [['a', 'b', 'c'], 'labctl adopt OLD NEW'],
  ])('%j without a terminal is wrong usage', async (args, hint) => {
    const { code, stderr } = await labctl.run(['adopt', ...args]);
    expect(stderr).toContain(hint);
    expect(code).toBe(2);
    expect(labd.requests).toEqual([]);
  });
});
