import { execFile } from 'node:child_process';
import {
  existsSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startProgram, type Program } from '@lab/local-lab';
import { programs, runMark } from '@lab/testing';
import { validate } from 'dockerfile-utils';
import { parse } from 'yaml';
import { root } from '../checkout.js';
import { freePort } from '../lab-under-test.js';

const docker = (file: string): string => join(root, 'docker', file);
const text = (file: string): string => readFileSync(docker(file), 'utf8');
const execute = promisify(execFile);

interface Compose {
  services: Record<
    string,
    { environment?: Record<string, string>; secrets?: string[]; build?: { target: string } }
  >;
  secrets: Record<string, { file: string }>;
}

/** What docker/ and systemd run: the folders really, the files around them by their linters. There is no Docker here. */
describe('the deployment', () => {
  const home = mkdtempSync(join(tmpdir(), 'lab-deployment-'));
  const running: Program[] = [];
  beforeAll(async () => {
    for (const name of ['labd', 'bastion']) {
      await execute(process.execPath, [docker('assemble.mjs'), name, join(home, name)]);
    }
  });
  afterAll(async () => {
    for (const program of running) await program.stop();
    rmSync(home, { recursive: true, force: true });
  });

  const isReady = (url: string) => () =>
    execute(process.execPath, [docker('ready.mjs'), url]).then(
      () => true,
      () => false,
    );
  async function start(name: string, env: Record<string, string>, url: string): Promise<Program> {
    const program = await startProgram({
      name,
      command: process.execPath,
      args: [join(home, name, `apps/${name}/bin/${name}.js`)],
      env: { ...runMark(), PATH: process.env['PATH'], NODE_ENV: 'production', ...env },
      logFile: join(home, `${name}.log`),
      isReady: isReady(url),
      readyWithin: 90_000,
    });
    running.push(program);
    return program;
  }

  it('runs labd from its folder alone, with TLS and secrets in files', async () => {
    const [key, cert, password, port] = [
      join(home, 'key'),
      join(home, 'crt'),
      join(home, 'pw'),
      await freePort(),
    ];
    await execute('openssl', [
      ...[
        'req',
        '-x509',
        '-newkey',
        'ec',
        '-pkeyopt',
        'ec_paramgen_curve:P-256',
        '-nodes',
        '-subj',
        '/CN=labd',
      ],
      ...['-addext', 'subjectAltName=DNS:localhost', '-days', '1', '-keyout', key, '-out', cert],
    ]);
    writeFileSync(password, 'a password for the deployment\n');
    const url = `https://127.0.0.1:${port}/readyz`;
    expect(await isReady(url)()).toBe(false);
    const labd = await start(
      'labd',
      {
        LABD_HOST: '0.0.0.0',
        LABD_PORT: String(port),
        LABD_DATA_DIR: join(home, 'data'),
        LABD_TLS_CERT_FILE: cert,
        LABD_TLS_KEY_FILE: key,
        LABD_ADMIN_PASSWORD_FILE: password,
      },
      url,
    );
    await labd.stop();
    expect(await isReady(url)()).toBe(false);
  });

  it('runs a bastion from its folder alone', async () => {
    const port = await freePort();
    const env = {
      ...{ BASTION_PORT: String(port), BASTION_DIR: join(home, 'bastion-data') },
      LABD_URL: 'http://127.0.0.1:1',
    };
    await start('bastion', env, `http://127.0.0.1:${port}/healthz`);
  });

  it('refuses to assemble into a folder that is in use, and what it does not know', async () => {
    const assemble = (...args: string[]) => execute(process.execPath, [docker('assemble.mjs'), ...args]);
    await expect(assemble('labd', home)).rejects.toMatchObject({
      stderr: expect.stringContaining('not empty'),
    });
    await expect(assemble('labx', home)).rejects.toMatchObject({ stderr: expect.stringContaining('usage') });
  });

  it('has images that build from what is there', () => {
    expect(validate(text('Dockerfile'))).toEqual([]);
    const copied = [...text('Dockerfile').matchAll(/^COPY (docker\/\S+) /gm)].map(([, path = '']) => path);
    expect(copied.filter((path) => !existsSync(join(root, path)))).toEqual([]);
    const entries = [...text('Dockerfile').matchAll(/^ENTRYPOINT \["node", "\/opt\/lab\/([^"]+)"\]/gm)];
    expect(entries.map(([, path = '']) => existsSync(join(home, path)))).toEqual([true, true]);
  });

  it('has a compose file that its linter accepts and whose variables the programs read', async () => {
    const linter = join(root, 'e2e/node_modules/dclint/bin/dclint.cjs');
    await execute(process.execPath, [
      linter,
      '--config',
      docker('.dclintrc.json'),
      '--max-warnings',
      '0',
      docker('compose.yaml'),
    ]);

    const { services, secrets } = parse(text('compose.yaml')) as Compose;
    for (const name of ['labd', 'bastion']) {
      const read = readFileSync(join(root, 'apps', name, 'src/config.ts'), 'utf8');
      const { environment = {}, secrets: used = [], build } = services[name] ?? {};
      const variables = Object.keys(environment).filter((variable) => variable !== 'NODE_EXTRA_CA_CERTS');
      expect(variables.filter((variable) => !read.includes(`  ${variable}:`))).toEqual([]);
      expect(used.filter((secret) => secrets[secret] === undefined)).toEqual([]);
      const files = Object.values(environment).filter((value) => value.startsWith('/run/secrets/'));
      expect(files.map((file) => file.replace('/run/secrets/', '')).sort()).toEqual([...used].sort());
      expect(text('Dockerfile')).toContain(` AS ${build?.target ?? '?'}\n`);
    }
  });

  it('has systemd units that systemd accepts', async () => {
    const { 'systemd-analyze': analyze } = await programs(['systemd-analyze']);
    // A unit takes no program with a quote in its path, which a checkout may have.
    const node = join(home, 'node');
    symlinkSync(process.execPath, node);
    for (const unit of readdirSync(docker('systemd'))) {
      const here = text(`systemd/${unit}`)
        .replaceAll('/opt/lab/node/bin/node', node)
        .replaceAll('/opt/lab', home);
      const file = join(home, unit);
      writeFileSync(file, here);
      const { stdout, stderr } = await withOwnRun([
        ...[analyze, 'verify', '--man=no', '--recursive-errors=no'],
        file,
      ]);
      expect(`${stdout}${stderr}`).toBe('');
    }
  });
});

/** In a mount namespace with a /run of its own: systemd-analyze makes a folder there, which only root may. */
function withOwnRun(command: readonly string[]): Promise<{ stdout: string; stderr: string }> {
  const asRoot = process.getuid?.() === 0 ? [] : ['--user', '--map-root-user'];
  const script = 'mount -t tmpfs run /run && exec "$@"';
  return execute('unshare', [...asRoot, '--mount', 'sh', '-c', script, 'sh', ...command]);
}
