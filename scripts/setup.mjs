// Brings a checkout to where its programs run: packages, generated code, build. Does only what changed since the last time.
// Runs on whatever Node started it (20 or later); what follows it runs on the Node in node_modules.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const [major] = process.versions.node.split('.').map(Number);
if (major < 20) {
  console.error(
    `Node ${process.versions.node} is too old to set up this project. hint: install Node 20 or later.`,
  );
  process.exit(1);
}

const packageFiles = ['package.json', 'pnpm-lock.yaml', 'pnpm-workspace.yaml', 'e2e/package.json'].concat(
  ['apps', 'libs'].flatMap((folder) =>
    readdirSync(join(root, folder)).map((name) => `${folder}/${name}/package.json`),
  ),
);
const schemaFiles = ['prisma/schema.prisma', 'libs/database/scripts/generate.mjs'];
const env = {
  ...process.env,
  CHECKPOINT_DISABLE: '1',
  NX_DAEMON: 'false',
  PATH: `${join(root, 'node_modules/.bin')}:${process.env.PATH}`,
};
const node = join(root, 'node_modules/.bin/node');

step('packages', packageFiles, 'node_modules/.lab-packages', 'Installing packages', () => {
  const { devDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  run('npx', ['--yes', `pnpm@${devDependencies.pnpm}`, 'install', '--frozen-lockfile']);
});
step('generated', schemaFiles, 'node_modules/.lab-generated', 'Generating the database client', () => {
  run(node, ['libs/database/scripts/generate.mjs']);
});
if (process.argv.includes('--build')) {
  run(node, ['node_modules/nx/dist/bin/nx.js', 'run-many', '-t', 'build', 'bundle', '--outputStyle=static']);
}

/** Runs `work` if any of the files differs from the last time that it succeeded. */
function step(_name, files, stamp, title, work) {
  const hash = createHash('sha256');
  for (const file of files)
    if (existsSync(join(root, file)))
      hash
        .update(file)
        .update('\0')
        .update(readFileSync(join(root, file)));
  const now = hash.digest('hex');
  const stampFile = join(root, stamp);
  if (existsSync(stampFile) && readFileSync(stampFile, 'utf8') === now) return;
  const begin = Date.now();
  console.error(`${title} …`);
  work();
  mkdirSync(dirname(stampFile), { recursive: true });
  writeFileSync(stampFile, now);
  console.error(`${title}: ${((Date.now() - begin) / 1000).toFixed(1)} s`);
}

/** Runs a command quietly; its output is shown if it fails. */
function run(command, args) {
  try {
    execFileSync(command, args, {
      cwd: root,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
      maxBuffer: 64 * 1024 * 1024,
    });
  } catch (error) {
    process.stderr.write(error.stdout ?? '');
    process.stderr.write(error.stderr ?? '');
    console.error(`${command} ${args.join(' ')} failed: ${error.message.split('\n')[0]}`);
    process.exit(1);
  }
}
