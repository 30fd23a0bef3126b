// What one program needs to run, and nothing else: `node docker/assemble.mjs labd|bastion FOLDER`, after `npm run build`.
// The images and the systemd units use such a folder. Its layout is the checkout's, so that paths are the same in both.
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { root } from '../scripts/run.mjs';

/** What a program reads beside its code. */
const DATA = { labd: ['prisma/migrations'], bastion: ['bastion-assets'] };

const [name, to] = process.argv.slice(2);
const data = DATA[name];
if (data === undefined || to === undefined) {
  fail(`usage: node docker/assemble.mjs ${Object.keys(DATA).join('|')} FOLDER`);
}
const folder = resolve(to);
if (existsSync(folder) && readdirSync(folder).length > 0)
  fail(`${folder} is not empty. hint: name a new folder.`);
if (!existsSync(join(root, 'apps', name, 'dist/main.js'))) fail(`${name} is not built. hint: npm run build`);

const packages = [`apps/${name}`, ...libsOf(`apps/${name}`)];
for (const path of [
  ...['package.json', 'pnpm-lock.yaml', 'pnpm-workspace.yaml', 'LICENSE'],
  ...packages.flatMap((path) => [`${path}/package.json`, `${path}/dist`]),
  `apps/${name}/bin`,
  ...data,
]) {
  mkdirSync(join(folder, path, '..'), { recursive: true });
  cpSync(join(root, path), join(folder, path), {
    recursive: true,
    filter: (from) => !/\.d\.ts(\.map)?$|\.tsbuildinfo$/.test(from),
  });
}
const { devDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
execFileSync(
  'npx',
  [
    '--yes',
    `pnpm@${devDependencies.pnpm}`,
    'install',
    '--prod',
    '--frozen-lockfile',
    '--filter',
    `@lab/${name}...`,
  ],
  { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] },
);

/** The workspace's libs that a package of it needs, and those that they need. */
function libsOf(path, known = new Set()) {
  const { dependencies = {} } = JSON.parse(readFileSync(join(root, path, 'package.json'), 'utf8'));
  for (const dependency of Object.keys(dependencies).filter((one) => one.startsWith('@lab/'))) {
    const lib = dependency.replace('@lab/', 'libs/');
    if (!known.has(lib)) libsOf(lib, known.add(lib));
  }
  return known;
}

function fail(message) {
  console.error(`assemble: ${message}`);
  process.exit(2);
}
