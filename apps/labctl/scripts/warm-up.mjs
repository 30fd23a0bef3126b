// Runs a command of the bundle against a server of its own and keeps the compiled code beside the bundle, for a fast start.
import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const bundle = process.argv[2];
const main = join(bundle, 'main.js');
const { loadBundle } = createRequire(import.meta.url)('../bin/load-bundle.js');

const columns = [
  { heading: 'NAME', path: 'metadata.name' },
  { heading: 'AGE', path: 'metadata.createdAt' },
];
const kinds = [
  { kind: 'Server', singular: 'server', plural: 'servers', aliases: ['srv'], verbs: ['get'], columns },
];
const servers = [{ metadata: { name: 'node1', createdAt: new Date().toISOString() } }];
const http = createServer((request, response) => {
  const items = request.url === '/api/v1/resources' ? kinds : servers;
  response.setHeader('content-type', 'application/json');
  response.end(JSON.stringify({ metadata: { continue: null }, items }));
});
await new Promise((resolve) => http.listen(0, '127.0.0.1', resolve));

const folder = mkdtempSync(join(tmpdir(), 'labctl-build-'));
const server = `http://127.0.0.1:${http.address().port}`;
const session = {
  username: 'build',
  accessToken: 'a',
  refreshToken: 'r',
  expiresAt: '2099-01-01T00:00:00.000Z',
};
writeFileSync(
  join(folder, 'config.yaml'),
  JSON.stringify({ currentContext: 'build', contexts: { build: { server, ...session } } }),
);
for (const name of Object.keys(process.env)) if (name.startsWith('LABCTL_')) delete process.env[name];
Object.assign(process.env, { LABCTL_CONFIG: join(folder, 'config.yaml'), XDG_CACHE_HOME: folder });

const { exports, script } = loadBundle(main);
const write = process.stdout.write;
process.stdout.write = () => true;
try {
  // Twice: the second time with the catalog from the cache, as most often.
  for (let time = 0; time < 2; time++) await exports.main(['get', 'servers'], bundle);
} finally {
  process.stdout.write = write;
  http.closeAllConnections();
  http.close();
  rmSync(folder, { recursive: true });
}
if ((process.exitCode ?? 0) !== 0) throw new Error('labctl get servers failed');
writeFileSync(`${main}.cache.new`, script.createCachedData());
renameSync(`${main}.cache.new`, `${main}.cache`);
