// Brings a checkout to where its programs run: packages, generated code, build. Does only what changed since the last time.
// Runs on whatever Node started it (20 or later); what follows it runs on the Node in node_modules.
//
//   setup.mjs          everything, for tests and checks too
//   setup.mjs --run    what `npm start` needs: a quarter of the packages, and no library that only tests use
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, statfsSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cacheEnvironment, explained } from './setup-environment.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const [major] = process.versions.node.split('.').map(Number);
if (major < 20)
  fail(`Node ${process.versions.node} is too old to set up this project.`, 'install Node 20 or later.');

const projects = ['apps', 'libs'].flatMap((folder) =>
  readdirSync(join(root, folder)).map((name) => `${folder}/${name}`),
);
const packageFiles = ['package.json', 'pnpm-lock.yaml', 'pnpm-workspace.yaml', 'e2e/package.json'].concat(
  projects.map((project) => `${project}/package.json`),
);
const labctlFolders = [
  'apps/labctl/bin',
  'apps/labctl/scripts',
  ...['apps/labctl', 'libs/domain', 'libs/api-client', 'libs/cli-kit'].map((project) => `${project}/src`),
  ...['labctl-app', 'labctl-bastion'].map((lib) => `libs/${lib}/src`),
];
const node = join(root, 'node_modules/.bin/node');
const env = {
  ...cacheEnvironment(root, process.env),
  CHECKPOINT_DISABLE: '1',
  PATH: `${join(root, 'node_modules/.bin')}:${process.env.PATH}`,
};

// A checkout that has the packages of everything keeps them.
const scope = process.argv.includes('--run') && !isStamped('packages-all') ? 'run' : 'all';
const packages = hashOf(packageFiles);
if (stampOf('packages-all') !== packages)
  step(`packages-${scope}`, packages, 'Installing packages', () => {
    ensureSpace(scope === 'run' ? 700 : 1300);
    const { devDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
    const only = scope === 'run' ? ['--prod'] : [];
    run('npx', ['--yes', `pnpm@${devDependencies.pnpm}`, 'install', '--frozen-lockfile', ...only]);
  });
step(
  'generated',
  hashOf([...packageFiles, 'prisma/schema.prisma', 'libs/database/scripts/generate.mjs']),
  'Generating the database client',
  () => run(node, ['libs/database/scripts/generate.mjs']),
);
run(node, [
  'node_modules/typescript/bin/tsc',
  '--build',
  ...(scope === 'run' ? ['apps/labd', 'apps/bastion', 'libs/local-lab'] : ['.']),
]);
step('labctl', hashOf([...packageFiles, ...labctlFolders.flatMap(filesBelow)]), undefined, () =>
  run(node, ['apps/labctl/scripts/bundle.mjs']),
);

/** Runs `work` if its inputs differ from those of the last time that it succeeded. */
function step(name, inputs, title, work) {
  if (stampOf(name) === inputs) return;
  const begin = Date.now();
  if (title) console.error(`${title} …`);
  work();
  mkdirSync(dirname(stampFile(name)), { recursive: true });
  writeFileSync(stampFile(name), inputs);
  if (title) console.error(`${title}: ${((Date.now() - begin) / 1000).toFixed(1)} s`);
}

function stampFile(name) {
  return join(root, 'node_modules', `.lab-${name}`);
}

function stampOf(name) {
  return isStamped(name) ? readFileSync(stampFile(name), 'utf8') : undefined;
}

function isStamped(name) {
  return existsSync(stampFile(name));
}

function hashOf(files) {
  const hash = createHash('sha256');
  for (const file of files)
    if (existsSync(join(root, file)))
      hash
        .update(file)
        .update('\0')
        .update(readFileSync(join(root, file)));
  return hash.digest('hex');
}

function filesBelow(folder) {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name).slice(root.length + 1))
    .sort();
}

function ensureSpace(megabytes) {
  const { bavail, bsize } = statfsSync(root);
  const free = Math.floor((bavail * bsize) / 2 ** 20);
  if (free < megabytes)
    fail(
      `The disk that ${root} is on has ${free} MB free, and the packages take ${megabytes} MB.`,
      'free some space there, or clone into another folder.',
    );
}

/** Runs a command quietly; its output is shown if it fails. */
function run(command, args) {
  const { status, signal, error, stdout, stderr } = spawnSync(command, args, {
    cwd: root,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  if (status === 0) return;
  const output = `${stdout ?? ''}${stderr ?? ''}`;
  process.stderr.write(output);
  const reason = error?.message ?? (signal ? `ended by ${signal}` : `exit code ${status}`);
  fail(`${command} ${args.join(' ')}: ${reason}`, explained(output));
}

function fail(message, hint) {
  console.error(hint === undefined ? message : `${message}\nhint: ${hint}`);
  process.exit(1);
}
