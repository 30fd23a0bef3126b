import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { basename, dirname, join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { MAX_LINE_LENGTH, type Plan } from '@lab/protocol';
import { installPlan, operatorToken, serverPlan, startIn, temporaryFolder } from '../test/bastion-fixture.js';
import type { RunningBastion } from './start-bastion.js';

let nextMac = 0;

interface Answer {
  status: number;
  headers: Headers;
  text: string;
  json: Record<string, never> & { hint?: string; detail?: string };
}

describe("The machine's side of a bastion", () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let bastion: RunningBastion;
  let mac: string;

  /** Lays plans as labd would have, and starts the bastion on them. */
  const plans: Plan['servers'] = [];
  const restart = async (): Promise<void> => {
    await bastion.stop();
    const plan: Plan = { generation: 1, full: true, servers: plans, removed: [] };
    await writeFile(join(folder.path, 'plans.ndjson'), `${JSON.stringify(plan)}\n`);
    bastion = await startIn(folder.path, env());
  };
  const env = (): Record<string, string> => ({ BASTION_IPXE_DIR: join(folder.path, 'ipxe') });

  const ask = async (path: string, init: RequestInit = {}): Promise<Answer> => {
    const response = await fetch(`${bastion.url}${path}`, init);
    const text = await response.text();
    const isJson = text !== '' && /json/.test(response.headers.get('content-type') ?? '');
    return {
      status: response.status,
      headers: response.headers,
      text,
      json: (isJson ? JSON.parse(text) : {}) as never,
    };
  };
  const post = (path: string, body: unknown, token?: string, type = 'application/json'): Promise<Answer> =>
    ask(path, {
      method: 'POST',
      headers: { 'content-type': type, ...(token !== undefined && { authorization: `Bearer ${token}` }) },
      body: typeof body === 'string' || body instanceof Uint8Array ? (body as never) : JSON.stringify(body),
    });
  /** Of a request as it stands: `fetch` would tidy the path, and ask caches not to answer a conditional one. */
  const statusOf = (path: string, headers: Record<string, string> = {}): Promise<number> => {
    const { hostname, port } = new URL(bastion.url);
    return new Promise((resolve, reject) => {
      request({ hostname, port, path, headers }, (response) => {
        response.resume();
        resolve(response.statusCode ?? 0);
      })
        .on('error', reject)
        .end();
    });
  };
  const operator = async (): Promise<{ headers: { authorization: string } }> => ({
    headers: { authorization: `Bearer ${await operatorToken(folder.path)}` },
  });
  const kickstartPath = async (): Promise<string> =>
    /inst\.ks=\S+?(\/ks\/install\/\S+)/.exec(
      (await ask(`/boot/${mac.replaceAll(':', '-')}.ipxe`)).text,
    )?.[1] ?? '';
  const reportToken = async (): Promise<string> =>
    /^LAB_TOKEN='?([\w-]+)'?$/m.exec((await ask(await kickstartPath())).text)?.[1] ?? '';
  /** A machine that is to be installed, and is: answers its report token. */
  const installing = async (): Promise<string> => {
    plans.push(serverPlan(mac));
    await restart();
    return reportToken();
  };
  const logs = async (
    query = '',
  ): Promise<{
    log_lines: { text: string; number: number; stage: string | null }[];
    log_total: number;
    state: string;
    reason: string | null;
    stages: { stage: string; state: string }[];
  }> => (await ask(`/api/logs/${mac}${query}`, await operator())).json as never;

  beforeAll(async () => {
    folder = await temporaryFolder();
    await mkdir(join(folder.path, 'ipxe'));
    await writeFile(join(folder.path, 'ipxe', 'ipxe.efi'), 'MZ-not-really');
    await mkdir(join(folder.path, 'assets', 'fedora-43', 'images'), { recursive: true });
    await writeFile(join(folder.path, 'assets', 'fedora-43', 'images', 'vmlinuz'), '0123456789');
    bastion = await startIn(folder.path, env());
  });
  afterAll(async () => {
    await bastion.stop();
    await folder[Symbol.asyncDispose]();
  });
  beforeEach(() => {
    nextMac += 1;
    mac = `52:54:00:00:00:${nextMac.toString(16).padStart(2, '0')}`;
  });

  describe('boot scripts', () => {
    it('send an unknown machine to discovery, by either notation of its address', async () => {
      for (const notation of [mac, mac.replaceAll(':', '-')]) {
        const { status, text, headers } = await ask(`/boot/${notation}.ipxe?uuid=&serial=&platform=efi`);
        expect(status).toBe(200);
        expect(headers.get('cache-control')).toBe('no-store');
        expect(text).toMatch(/^#!ipxe\n[^]*inst\.ks=\S+\/ks\/discovery/);
      }
    });

    it('send an unknown machine to discovery, though its UUID and serial number are those of one with an order', async () => {
      const uuid = '10000000-0000-8000-0040-000000000000';
      plans.push(
        serverPlan(mac, { uuid, install: installPlan({ installId: randomUUID(), allowErase: true }) }),
      );
      await restart();
      const other = '52:54:00:99:00:01';
      const asked = `?uuid=${uuid}&serial=INVALID&platform=efi`;
      for (const notation of [other, other.replaceAll(':', '-')]) {
        const { text } = await ask(`/boot/${notation}.ipxe${asked}`);
        expect(text).toMatch(/inst\.ks=\S+\/ks\/discovery/);
        expect(text).not.toContain('/ks/install/');
      }
      expect((await ask(`/api/boot/${other.replaceAll(':', '-')}${asked}`)).json).toEqual({
        action: 'discover',
      });
      expect((await ask(`/boot/${mac}.ipxe${asked}`)).text).toContain('/ks/install/');
    });

    it('mint a new kickstart token each time, and end the one before', async () => {
      plans.push(serverPlan(mac));
      await restart();
      const first = await kickstartPath();
      const second = await kickstartPath();
      expect(second).not.toBe(first);
      expect((await ask(first)).status).toBe(404);
      expect((await ask(second)).status).toBe(200);
    });

    it('change nothing when only the headers are asked for', async () => {
      plans.push(serverPlan(mac));
      await restart();
      const path = await kickstartPath();
      await ask(`/boot/${mac}.ipxe`, { method: 'HEAD' });
      expect((await ask(path, { method: 'HEAD' })).status).toBe(404);
      expect((await ask(path)).status).toBe(200);
    });

    it.each(['zz', '52:54:00:12:34', 'ff:ff:ff:ff:ff:ff', '%2e%2e%2f%2e%2e', '%00', '%'])(
      'refuse %s, which is no address of a NIC, with a hint',
      async (name) => {
        const { status, json } = await ask(`/boot/${name}.ipxe`);
        expect(status).toBe(400);
        expect(json.hint).toBeTruthy();
      },
    );

    it('say how far the packages are, out of the lines of the installer', async () => {
      const token = await installing();
      await post('/api/progress', { stage: 'pre', event: 'started', seq: 1 }, token);
      const line = (seq: number, text: string) => ({ lines: [{ source: 'packaging', seq, text }] });
      await post('/api/log', line(1, 'INF Installing early.x86_64 (1/9)'), token);
      await post('/api/progress', { stage: 'packages', event: 'started', seq: 2 }, token);
      const packages = async () => (await logs()).stages.find(({ stage }) => stage === 'packages');
      const before = await packages();
      expect(before).toMatchObject({ state: 'running', message: null });
      await post('/api/log', line(2, 'INF Installing bash.x86_64 (3/9)'), token);
      expect(await packages()).toEqual({ ...before, message: '3 of 9: bash.x86_64' });
    });

    it('end an install that boots again and again, and say so', async () => {
      const token = await installing();
      await post('/api/progress', { stage: 'pre', event: 'started', seq: 1 }, token);
      const actions: string[] = [];
      for (let boot = 1; boot <= 5; boot += 1) {
        const { text } = await ask(`/boot/${mac}.ipxe`);
        actions.push(text.includes('/ks/install/') ? 'install' : 'discover');
      }
      expect(actions).toEqual(['install', 'install', 'install', 'discover', 'discover']);
      expect(await logs()).toMatchObject({ state: 'failed', reason: expect.stringContaining('boot-loop') });
    });
  });

  describe('an install', () => {
    it('has a kickstart that may be fetched again by the same machine for a while, with the same report token', async () => {
      plans.push(serverPlan(mac));
      await restart();
      const path = await kickstartPath();
      const first = await ask(path);
      expect(first.status).toBe(200);
      expect(first.headers.get('cache-control')).toBe('no-store');
      expect((await ask(path)).text).toBe(first.text);
      await restart();
      expect((await ask(path)).text.replace(/LAB_URL=.*/, '')).toContain(
        /^LAB_TOKEN=.*$/m.exec(first.text)?.[0] ?? 'none',
      );
    });

    it('refuses its kickstart to a second address, and records that', async () => {
      plans.push(serverPlan(mac));
      await restart();
      const path = await kickstartPath();
      await ask(path);
      const status = await new Promise<number | undefined>((resolve, reject) => {
        request(`${bastion.url}${path}`, { localAddress: '127.0.0.2' }, (response) => {
          response.resume();
          resolve(response.statusCode);
        })
          .on('error', reject)
          .end();
      });
      expect(status).toBe(403);
      expect((await logs()).log_lines.map((line) => line.text)).toContainEqual(
        expect.stringContaining('refused: 127.0.0.2'),
      );
    });

    it('keeps only hashes of its tokens', async () => {
      plans.push(serverPlan(mac));
      await restart();
      const path = await kickstartPath();
      const report = /^LAB_TOKEN='?([\w-]+)'?$/m.exec((await ask(path)).text)?.[1] ?? '';
      const installId = plans.at(-1)?.install?.installId ?? '';
      const kept = await readFile(join(folder.path, 'installs', installId, 'events.ndjson'), 'utf8');
      const kickstart = path.split('/').at(-1) ?? '';
      expect(kept).not.toContain(kickstart);
      expect(kept).not.toContain(report);
      expect(kept).toContain(createHash('sha256').update(kickstart).digest('base64url'));
    });

    it('takes a report about a stage once, however often it is sent', async () => {
      const token = await installing();
      const report = { stage: 'pre', event: 'started', seq: 7, at: 'whenever' };
      expect((await post('/api/progress', report, token)).status).toBe(204);
      expect((await post('/api/progress', { ...report, event: 'failed' }, token)).status).toBe(204);
      await restart();
      expect((await post('/api/progress', { ...report, event: 'failed' }, token)).status).toBe(204);
      expect((await logs()).state).toBe('active');
    });

    it('fails with its cause, still takes its last lines, and sends its machine to discovery', async () => {
      const token = await installing();
      const failure = {
        section: '%pre',
        stage: 'disk',
        line: 41,
        command: 'sfdisk /dev/vda',
        exit_code: 1,
        last_lines: ['no disk'],
      };
      await post('/api/progress', { stage: 'disk', event: 'failed', seq: 1, failure }, token);
      expect((await post('/api/log', { source: 'pre', text: 'the last word' }, token)).status).toBe(202);
      const shown = await logs();
      expect(shown.state).toBe('failed');
      expect(shown.reason).toBe('sfdisk /dev/vda');
      expect(shown.stages.find((stage) => stage.stage === 'disk')).toMatchObject({
        state: 'failed',
        failure: { exitCode: 1 },
      });
      expect((await ask(`/api/boot/${mac}`)).json).toEqual({ action: 'discover' });
    });

    it('boots from its disk once %post has ended, also after a restart with the old plan', async () => {
      const token = await installing();
      await post('/api/progress', { stage: 'post', event: 'ended', seq: 1 }, token);
      await restart();
      expect((await ask(`/api/boot/${mac}`)).json).toEqual({ action: 'local-disk' });
      expect((await ask(`/boot/${mac}.ipxe`)).text).toContain('sanboot');
    });

    it('fails with a reason when its plan can not be made into a kickstart', async () => {
      plans.push(serverPlan(mac, { install: installPlan({ layout: 'no-such-layout' }) }));
      await restart();
      const { status, json } = await ask(await kickstartPath());
      expect(status).toBe(404);
      expect(json.detail).toContain('no-such-layout');
      expect(await logs()).toMatchObject({
        state: 'failed',
        reason: expect.stringContaining('no-such-layout'),
      });
    });
  });

  describe('log lines', () => {
    it('are numbered from 1, also across a restart, and repeats are dropped', async () => {
      const token = await installing();
      const before = (await logs()).log_total;
      const lines = [1, 2, 3].map((seq) => ({ seq, at: 'x', source: 'anaconda', text: `line ${seq}` }));
      expect((await post('/api/log', { lines }, token)).json).toEqual({ accepted: 3, log_total: before + 3 });
      expect((await post('/api/log', { lines }, token)).json).toEqual({ accepted: 0, log_total: before + 3 });
      await restart();
      const more = [...lines, { seq: 4, source: 'anaconda', text: 'line 4' }];
      expect((await post('/api/log', { lines: more }, token)).json).toEqual({
        accepted: 1,
        log_total: before + 4,
      });
      const shown = (await logs()).log_lines;
      expect(shown.map((line) => line.number)).toEqual(shown.map((_, index) => index + 1));
      expect(shown.map((line) => line.text).slice(-4)).toEqual(['line 1', 'line 2', 'line 3', 'line 4']);
    });

    it('may be one line, none, or plain text', async () => {
      const token = await installing();
      const before = (await logs()).log_total;
      expect((await post('/api/log', { source: 'post', text: 'alone' }, token)).json).toMatchObject({
        accepted: 1,
      });
      expect((await post('/api/log', { lines: [] }, token)).json).toEqual({
        accepted: 0,
        log_total: before + 1,
      });
      expect((await post('/api/log', 'one\ntwo\n', token, 'text/plain')).json).toMatchObject({ accepted: 2 });
      expect((await logs()).log_lines.map((line) => line.text).slice(-3)).toEqual(['alone', 'one', 'two']);
    });

    it('that are too long, not UTF-8 or full of escapes are kept in a shape that harms nobody', async () => {
      const token = await installing();
      await post(
        '/api/log',
        Buffer.from([0x61, 0xff, 0x1b, 0x5b, 0x32, 0x4a, 0x00, 0x0a]),
        token,
        'text/plain',
      );
      await post('/api/log', { source: 'pre', text: 'x'.repeat(20_000) }, token);
      const [odd, long] = (await logs()).log_lines.slice(-2);
      expect(odd?.text).toBe('a\uFFFD␀');
      expect(long?.text).toHaveLength(MAX_LINE_LENGTH);
    });

    it.each([
      ['a body over a megabyte', 413, 'x'.repeat(1_100_000)],
      ['a body that is not JSON', 400, '{"lines":'],
      ['an unknown source', 400, { source: 'nowhere', text: 'x' }],
      ['too many lines', 400, { lines: Array.from({ length: 1_001 }, () => ({ source: 'pre', text: '' })) }],
      ['a text that is a number', 400, { source: 'pre', text: 5 }],
      ['a list', 400, []],
      ['null', 400, 'null'],
      ['a negative seq', 400, { lines: [{ seq: -1, source: 'pre', text: '' }] }],
    ])('are refused with a hint: %s', async (_name, status, body) => {
      const token = await installing();
      const answer = await post('/api/log', body, token);
      expect(answer.status).toBe(status);
      expect(answer.headers.get('content-type')).toContain('application/problem+json');
      expect(answer.json.hint).toBeTruthy();
    });

    it('and stages need the report token of a running install', async () => {
      const token = await installing();
      for (const wrong of [undefined, 'x', token.slice(1), await operatorToken(folder.path)]) {
        expect((await post('/api/log', { source: 'pre', text: '' }, wrong)).status).toBe(401);
        expect((await post('/api/progress', { stage: 'pre', event: 'started', seq: 1 }, wrong)).status).toBe(
          401,
        );
      }
    });

    it('are shown only to an operator', async () => {
      await installing();
      for (const path of [`/api/logs/${mac}`, `/api/logs/${mac}/follow`]) {
        expect((await ask(path)).status).toBe(401);
        expect((await ask(path, { headers: { authorization: 'Bearer wrong' } })).status).toBe(401);
      }
      expect((await stat(join(folder.path, 'operator-token'))).mode & 0o777).toBe(0o600);
    });
  });

  describe('a progress report', () => {
    it.each([
      ['an unknown stage', { stage: 'dance', event: 'started', seq: 1 }],
      ["the bastion's own stage", { stage: 'boot', event: 'ended', seq: 1 }],
      ['an unknown event', { stage: 'pre', event: 'paused', seq: 1 }],
      ['no seq', { stage: 'pre', event: 'started' }],
      ['a seq that is no whole number', { stage: 'pre', event: 'started', seq: 1.5 }],
    ])('is refused for %s, naming the field', async (_name, body) => {
      const answer = await post('/api/progress', body, await installing());
      expect(answer.status).toBe(400);
      expect(answer.json).toMatchObject({ errors: [{ path: expect.stringMatching(/stage|event|seq/) }] });
    });
  });

  describe('discovery', () => {
    it('takes what hardware says, however odd, and invents nothing', async () => {
      const body = {
        mac,
        uuid: '',
        serial: ' \u0000\u001b[31mABC ',
        memory_bytes: -1,
        cpu_cores: null,
        boot_mode: null,
        nics: [
          { name: 'ib0', mac: '80:00:02:08:fe:80' },
          { name: 'ens3', mac: mac.toUpperCase(), link: true },
        ],
        disks: [{ name: 'vda', size_bytes: 268435456000, model: 'x'.repeat(5_000) }],
        surprise: true,
      };
      expect(await post('/api/discovery', body)).toMatchObject({ status: 200, json: { pollSeconds: 5 } });
      const kept =
        (await readFile(join(folder.path, 'machines.ndjson'), 'utf8')).trim().split('\n').at(-1) ?? '';
      expect(JSON.parse(kept)).toMatchObject({
        mac,
        uuid: null,
        serial: '␀ABC',
        memoryBytes: null,
        cpuModel: null,
        nics: [
          { name: 'ib0', mac: '80:00:02:08:fe:80' },
          { mac, linkUp: true, driver: null },
        ],
        disks: [{ sizeBytes: 268435456000, removable: false, rotational: null }],
      });
    });

    it.each([
      ['no MAC address', 400, {}],
      ['a group address', 400, { mac: '01:00:5e:00:00:01' }],
      ['an unknown boot mode', 400, { mac: '52:54:00:aa:aa:aa', boot_mode: 'coreboot' }],
      ['more than 256 KiB', 413, { mac: '52:54:00:aa:aa:aa', model: 'x'.repeat(300_000) }],
    ])('is refused for %s', async (_name, status, body) => {
      expect((await post('/api/discovery', body)).status).toBe(status);
    });
  });

  describe('files', () => {
    it('come whole, in ranges, and as headers only', async () => {
      const path = '/assets/fedora-43/images/vmlinuz';
      expect(await ask(path)).toMatchObject({ status: 200, text: '0123456789' });
      const part = await ask(path, { headers: { range: 'bytes=2-4' } });
      expect(part).toMatchObject({ status: 206, text: '234' });
      expect(part.headers.get('content-range')).toBe('bytes 2-4/10');
      const head = await ask(path, { method: 'HEAD' });
      expect(head).toMatchObject({ status: 200, text: '' });
      expect(head.headers.get('content-length')).toBe('10');
    });

    it.each(['.treeinfo', '.discinfo', 'BaseOS/.hidden/file', 'Packages/c/a+b~1^2:3 %41#?-1.el9.x86_64.rpm'])(
      'are there under whatever name a tree has: %s',
      async (name) => {
        const file = join(folder.path, 'assets', 'fedora-43', name);
        await mkdir(dirname(file), { recursive: true });
        await writeFile(file, '[general]\n');
        const path = `/assets/fedora-43/${name.split('/').map(encodeURIComponent).join('/')}`;
        const whole = await ask(path);
        expect(whole).toMatchObject({ status: 200, text: '[general]\n' });
        const etag = whole.headers.get('etag') ?? '';
        expect(etag).toMatch(/^(W\/)?".+"$/);
        expect(await statusOf(path, { 'if-none-match': etag })).toBe(304);
        expect(await statusOf(path, { 'if-none-match': '"another"' })).toBe(200);
        expect(await ask(path, { headers: { range: 'bytes=1-7' } })).toMatchObject({
          status: 206,
          text: 'general',
        });
        const head = await ask(path, { method: 'HEAD' });
        expect(head).toMatchObject({ status: 200, text: '' });
        expect(head.headers.get('content-length')).toBe('10');
      },
    );

    it('may lie behind links, but only behind those that stay in the folder', async () => {
      const assets = join(folder.path, 'assets');
      const elsewhere = join(folder.path, 'media', 'rocky');
      await mkdir(join(elsewhere, 'BaseOS'), { recursive: true });
      await writeFile(join(elsewhere, 'BaseOS', 'a.rpm'), 'rpm');
      await symlink(elsewhere, join(assets, 'rocky-9'));
      await symlink('BaseOS', join(elsewhere, 'os'));
      await symlink(join(folder.path, 'operator-token'), join(elsewhere, '.token'));
      await symlink('../../..', join(elsewhere, 'up'));
      await symlink('loop', join(elsewhere, 'loop'));
      expect(await ask('/assets/rocky-9/BaseOS/a.rpm')).toMatchObject({ status: 200, text: 'rpm' });
      expect(await ask('/assets/rocky-9/os/a.rpm')).toMatchObject({ status: 200, text: 'rpm' });
      for (const path of [
        '.token',
        'up/operator-token',
        `up/${basename(folder.path)}/operator-token`,
        'loop',
      ]) {
        const refused = await ask(`/assets/rocky-9/${path}`);
        expect(refused.status).toBe(404);
        expect(refused.json.hint).toContain('A link that leads out of that folder is not followed.');
      }
    });

    it('include iPXE for UEFI HTTP Boot, with its type and length', async () => {
      for (const method of ['HEAD', 'GET']) {
        const { status, headers } = await ask('/netboot/ipxe.efi', { method });
        expect(status).toBe(200);
        expect(headers.get('content-type')).toBe('application/efi');
        expect(headers.get('content-length')).toBe('13');
      }
    });

    it.each([
      '/assets/fedora-43/../../../operator-token',
      '/assets/fedora-43/%2e%2e/%2e%2e/operator-token',
      '/assets/fedora-43/..%2f..%2foperator-token',
      '/assets/..%2f..%2f/operator-token',
      '/assets/%2e%2e/operator-token',
      '/assets/fedora-43/images',
      '/assets/fedora-43/images/%00',
      '/assets/fedora-43/images/vmlinuz/',
      '/assets/fedora-43//etc/passwd',
      '/assets/fedora-43/.',
      '/assets/fedora-43/..',
      '/assets/fedora-43/images/.%2e/images/vmlinuz',
      '/assets/fedora-43/%252e%252e/fedora-43/images/vmlinuz',
      '/assets/fedora-43/..%5c..%5coperator-token',
      '/assets/fedora-43/%2Fetc%2Fpasswd',
      '/assets/fedora-43/.treeinfo%00.txt',
      '/assets/fedora-43/.treeinfo%0a',
      '/assets/fedora-43/%c0%ae%c0%ae/operator-token',
      '/assets/%2e/operator-token',
      '/assets/nothing/here',
    ])('are not to be had at %s', async (path) => {
      expect([400, 404]).toContain(await statusOf(path));
    });
  });

  it('says that it lives and is ready', async () => {
    expect((await ask('/healthz')).json).toEqual({ status: 'ok' });
    expect((await ask('/readyz')).json).toMatchObject({
      status: 'ready',
      dhcp: 'off',
      link: expect.any(String),
    });
  });
});
