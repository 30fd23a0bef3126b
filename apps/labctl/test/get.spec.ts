import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { FakeLabd } from './fake-labd.js';
import { aBastion, aServer, anInstalledServer, uuid } from './resources.js';
import { Labctl } from './run-labctl.js';

let labd: FakeLabd;
let labctl: Labctl;

beforeEach(async () => {
  labd = await FakeLabd.start();
  labctl = new Labctl();
  labctl.loggedInAt(labd.url, labd.tokens);
});

afterEach(async () => {
  labctl.remove();
  await labd.stop();
});

const lines = (text: string): string[] => text.split('\n').slice(0, -1);

describe('labctl get', () => {
  it('prints a table as kubectl does: NAME first, AGE last, <none> for what is unknown', async () => {
    labd.servers.push(aServer(1));
    const { code, stdout, stderr } = await labctl.run(['get', 'servers']);
    expect(stderr).toBe('');
    expect(code).toBe(0);
    expect(stdout).toBe(
      'NAME    STATUS       ROLE     OS       MAC                 AGE\n' +
        'node1   discovered   <none>   <none>   52:54:00:00:00:01   3h\n',
    );
  });

  it('fits 80 columns with long values', async () => {
    labd.servers.push(anInstalledServer(1), aServer(2));
    const { stdout } = await labctl.run(['get', 'servers']);
    expect(Math.max(...lines(stdout).map((line) => line.length))).toBeLessThanOrEqual(80);
    expect(stdout).toContain('control-plane');
  });

  it('adds hardware and bastion with -o wide', async () => {
    labd.servers.push(aServer(1));
    const { stdout } = await labctl.run(['get', 'srv', '-o', 'wide']);
    expect(lines(stdout)[0]).toMatch(/ CPU +MEMORY +DISKS +NICS +CLUSTER +BASTION +AGE$/);
    expect(lines(stdout)[1]).toMatch(/ 8 +16Gi +nvme0n1\(250Gi\) +ens3 +<none> +site-a +3h$/);
  });

  it('leaves the headings out when asked to', async () => {
    labd.servers.push(aServer(1));
    const { stdout } = await labctl.run(['get', 'servers', '--no-headers']);
    expect(lines(stdout)).toHaveLength(1);
  });

  it('keeps fields that it does not know in JSON, and prints nothing else', async () => {
    labd.servers.push({ ...aServer(1), future: { deep: [1] } } as never);
    const { stdout, stderr } = await labctl.run(['get', 'server', 'node1', '-o', 'json']);
    expect(stderr).toBe('');
    expect(JSON.parse(stdout)).toEqual(labd.servers[0]);
  });

  it('prints several as a List, the same in JSON and YAML', async () => {
    labd.servers.push(aServer(1), aServer(2));
    const asJson = await labctl.run(['get', 'servers', '--json']);
    const asYaml = await labctl.run(['get', 'servers', '-o', 'yaml']);
    const { parse } = await import('yaml');
    expect(JSON.parse(asJson.stdout)).toMatchObject({ kind: 'List', items: labd.servers });
    expect(parse(asYaml.stdout)).toEqual(JSON.parse(asJson.stdout));
  });

  it('chains by -o name', async () => {
    labd.servers.push(aServer(1), aServer(2));
    const { stdout } = await labctl.run(['get', 'servers', '-o', 'name']);
    expect(stdout).toBe('server/node1\nserver/node2\n');
  });

  it('fetches every page of a long list', async () => {
    labd.pageSize = 2;
    for (let number = 1; number <= 5; number++) labd.servers.push(aServer(number));
    const { stdout } = await labctl.run(['get', 'servers', '-o', 'name']);
    expect(lines(stdout)).toHaveLength(5);
    expect(labd.requests.filter((request) => request.startsWith('GET /api/v1/servers?'))).toHaveLength(3);
  });

  it('lets labd filter', async () => {
    labd.servers.push(aServer(1), anInstalledServer(2));
    const { stdout } = await labctl.run(['get', 'servers', '--status', 'discovered', '--no-headers']);
    expect(lines(stdout)).toHaveLength(1);
    expect(labd.requests).toContainEqual(
      expect.stringMatching(/^GET \/api\/v1\/servers\?status=discovered&/),
    );
  });

  it.each([
    ['--condition Stuck --field-selector conditions=LinkLost', 'condition'],
    ['--condition Stuck --field-selector status.conditions=Stuck', 'condition'],
    ['--field-selector spec.role=worker,status.phase=failed --role control-plane', 'role'],
    ['--status failed --field-selector status=discovered', 'status'],
    ['--cloud a --field-selector spec.cloud=b', 'cloud'],
    ['--environment a --field-selector spec.environment=b', 'environment'],
  ])('does not pass over one of two filters of the same field: %s', async (filters, flag) => {
    const { code, stderr } = await labctl.run(['get', 'servers', ...filters.split(' ')]);
    expect(code).toBe(2);
    expect(stderr).toMatch(new RegExp(`--field-selector: \\S+ is what --${flag} says, too\\n.*Give one`));
    expect(labd.requests.filter((request) => request.includes('/servers'))).toEqual([]);
  });

  it('combines filters of several fields, however they are given', async () => {
    await labctl.run(
      'get servers --condition Stuck,LinkLost --condition DiskMismatch --field-selector status.phase=provisioning,spec.role=worker -l rack=a1'.split(
        ' ',
      ),
    );
    const asked = labd.requests.find((request) => request.startsWith('GET /api/v1/servers?')) ?? '';
    const query = new URLSearchParams(asked.split('?')[1]);
    expect(Object.fromEntries(query)).toMatchObject({
      condition: 'Stuck,LinkLost,DiskMismatch',
      status: 'provisioning',
      role: 'worker',
      labelSelector: 'rack=a1',
    });
  });

  it.each(['', '-o wide'])('shows beside the state what is stated of it: get servers %s', async (output) => {
    const status = (type: string, isTrue = 'True') => ({
      ...{ type, status: isTrue, since: new Date().toISOString(), reason: 'Silent', message: 'Nothing.' },
    });
    labd.servers.push(
      aServer(1, {
        status: { phase: 'provisioning', conditions: [status('Stuck'), status('LinkLost')] as never },
      }),
      aServer(2, { status: { conditions: [status('Stuck', 'False')] as never } }),
    );
    const { stdout } = await labctl.run([
      'get',
      'servers',
      '--no-headers',
      ...output.split(' ').filter(Boolean),
    ]);
    expect(lines(stdout)[0]).toMatch(/^node1 +provisioning \(Stuck,LinkLost\) /);
    expect(lines(stdout)[1]).toMatch(/^node2 +discovered /);
  });

  it('says on stderr that nothing was found, and that is no error', async () => {
    expect(await labctl.run(['get', 'servers'])).toEqual({
      code: 0,
      stdout: '',
      stderr: 'No servers found.\n',
    });
  });

  it('names the types of several kinds', async () => {
    labd.servers.push(aServer(1));
    labd.bastions.push(aBastion('site-a'));
    const { stdout } = await labctl.run(['get', 'servers,bastions']);
    expect(stdout).toMatch(/^server\/node1 .*\n\nNAME .*\nbastion\/site-a +up +2 +0\.1\.0 +3h\n$/m);
  });

  it('finds servers by name, ID and MAC', async () => {
    labd.servers.push(aServer(1));
    for (const ref of ['node1', uuid(1), '52:54:00:00:00:01']) {
      const { code, stdout } = await labctl.run(['get', `server/${ref}`, '-o', 'name']);
      expect({ code, stdout }).toEqual({ code: 0, stdout: 'server/node1\n' });
    }
  });

  it('finds a bastion by name, and says when there is none', async () => {
    labd.bastions.push(aBastion('site-a'), aBastion('site-b'));
    expect((await labctl.run(['get', 'bastion', 'site-b', '-o', 'name'])).stdout).toBe('bastion/site-b\n');
    const { code, stderr } = await labctl.run(['get', 'bastion/site-c']);
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: expect.stringContaining('error: There is no bastion "site-c"\n'),
    });
  });

  it('prints those of several names that exist, and fails for the others', async () => {
    labd.servers.push(aServer(1));
    const { code, stdout, stderr } = await labctl.run(['get', 'servers', 'node1', 'node9', '-o', 'name']);
    expect(stdout).toBe('server/node1\n');
    expect(stderr).toContain('error: There is no server "node9"');
    expect(code).toBe(1);
  });

  it('lists the candidates of an ambiguous name', async () => {
    labd.servers.push(aServer(1, { name: 'twin' }), aServer(2, { name: 'twin' }));
    const { code, stderr } = await labctl.run(['get', 'server', 'twin']);
    expect(code).toBe(1);
    expect(stderr).toBe(
      `error: "twin" is the name of 2 servers\n  twin (${uuid(1)})\n  twin (${uuid(2)})\n` +
        'hint: Give the ID.\nrequest ID: req-0001\n',
    );
  });

  it('neutralises escape sequences of the server in tables', async () => {
    labd.servers.push(aServer(1, { status: { os: '\u001b]0;owned\u0007\u001b[31m\u202etxt' } }));
    const { stdout } = await labctl.run(['get', 'servers']);

    expect(stdout).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
  });

  it('shows a type that only labd knows', async () => {
    labd.kinds = {
      items: [
        {
          kind: 'Bastion',
          singular: 'outpost',
          plural: 'bastions',
          aliases: ['op'],
          verbs: ['get'],
          columns: [{ heading: 'WHO', path: 'metadata.name' }],
        },
      ],
    };
    labd.bastions.push(aBastion('site-a'));
    const { stdout } = await labctl.run(['get', 'op']);
    expect(stdout).toBe('WHO\nsite-a\n');
  });

  it('asks for the catalog only once in a while', async () => {
    await labctl.run(['get', 'servers']);
    await labctl.run(['get', 'servers']);
    expect(labd.requests.filter((request) => request.endsWith('/resources'))).toHaveLength(1);
  });

  it.each([
    [
      ['get', 'serers'],
      /no resource type "serers"\nhint: Did you mean servers or server\? Types: servers \(srv\), networks \(net\), /,
    ],
    [['get'], /get what\?/],
    [['get', 'servers', '-o', 'xml'], /-o xml: there is no such output format/],
    [['get', 'servers', '-o', 'jsonpath={.items'], /a \{ that is not closed/],
    [['get', 'server', 'node1', '--role', 'worker'], /--role and a name do not go together/],
    [['get', 'servers,bastions', 'node1'], /several types and names/],
    [['get', 'server/node1', 'node2'], /"node2" has no type/],
    [['get', 'servers', '--frobnicate'], /there is no flag --frobnicate/],
    [['gte', 'servers'], /there is no command "gte"\nhint: Did you mean get\?/],
  ])('refuses wrong usage with exit code 2: %j', async (args, message) => {
    const { code, stdout, stderr } = await labctl.run(args);
    expect(stderr).toMatch(message);
    expect(stdout).toBe('');
    expect(code).toBe(2);
  });

  it('ends quietly when its reader has had enough', async () => {
    for (let number = 1; number <= 99; number++)
      labd.servers.push(aServer(number, { name: `n${'x'.repeat(60)}${number}` }));
    const running = labctl.start(['get', 'servers', '-o', 'json']);
    running.child.stdout?.destroy();
    const { code, stderr } = await running.result;
    expect(stderr).toBe('');
    expect(code).toBe(0);
  });

  it('takes global flags before the command, as kubectl does', async () => {
    labd.servers.push(aServer(1));
    const { code, stdout } = await labctl.run(['--context', 'local', 'get', 'servers', '-o', 'name']);
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'server/node1\n' });
  });
});
