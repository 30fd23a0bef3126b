// Builds dist/bundle: labctl, its plugins and all they need as one CommonJS file, with oclif's manifest. Read file by file, oclif
// alone takes longer to load than Node itself, and Node's loader of ES modules costs another 20 ms (both measured). The folder
// stands alone: run.js in it is labctl.
//
//   bundle.mjs [--plugin FOLDER]… [--out FOLDER]      with further plugins (docs/plugins.md), into another folder
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { Plugin } from '@oclif/core';
import { build } from 'esbuild';
import { lazyModules } from './lazy-modules.mjs';

const root = join(import.meta.dirname, '..');
const { values: options } = parseArgs({
  options: {
    plugin: { type: 'string', multiple: true, default: [] },
    out: { type: 'string', default: join(root, 'dist', 'bundle') },
  },
});
const bundle = resolve(options.out);
const { version, license, oclif: own } = packageOf(root);

/** Folders of the plugins: those that come with labctl, then those that were asked for. */
const require = createRequire(join(root, 'package.json'));
const plugins = [
  ...own.plugins.map((name) => dirname(require.resolve(`${name}/package.json`))),
  ...options.plugin.map((folder) => resolve(folder)),
];
const topics = Object.assign({}, own.topics, ...plugins.map((folder) => packageOf(folder).oclif.topics));

/** File of each command, by its ID: `auth:whoami`. */
const commands = new Map();
for (const folder of [join(root, 'src/commands'), ...plugins.map(commandFolder)]) {
  for (const [id, file] of commandsIn(folder)) {
    const other = commands.get(id);
    if (other !== undefined) fail(`the command "${id.replaceAll(':', ' ')}" is in ${other} and in ${file}`);
    commands.set(id, file);
  }
}

rmSync(bundle, { recursive: true, force: true });
mkdirSync(bundle, { recursive: true });

const { metafile } = await build({
  stdin: {
    // A command's code runs only when it is asked for.
    contents: `export { main } from './src/main.js';
      export const COMMANDS = {
        ${[...commands].map(([id, file]) => `get '${id}'() { return require(${JSON.stringify(file)}).default; }`)}
      };
      export const HELP = { get default() { return require('./src/lab-help.js').LabHelp; } };`,
    resolveDir: root,
    sourcefile: 'labctl.ts',
    loader: 'ts',
  },
  outfile: join(bundle, 'main.js'),
  absWorkingDir: root,
  metafile: true,
  bundle: true,
  format: 'cjs',
  platform: 'node',
  target: 'node22',
  minify: true,
  conditions: ['@lab/source'],
  // A plugin outside of this checkout finds cli-kit and oclif here, and so shares them.
  nodePaths: [join(root, 'node_modules')],
  // oclif asks for TypeScript only to run from source, and needs neither a debug logger nor a search for files: there is a manifest.
  external: ['typescript'],
  alias: {
    debug: join(import.meta.dirname, 'shims', 'debug.mjs'),
    tinyglobby: join(import.meta.dirname, 'shims', 'tinyglobby.mjs'),
  },
  plugins: [lazyModules(['node:child_process', 'ejs', 'minimatch', 'cli-spinners', 'wrap-ansi'])],
  logLevel: 'warning',
});

const oclif = {
  bin: 'labctl',
  dirname: 'labctl',
  commands: { strategy: 'explicit', target: './main.js', identifier: 'COMMANDS' },
  helpClass: { target: './main.js', identifier: 'HELP' },
  topicSeparator: ' ',
  additionalHelpFlags: ['-h'],
  topics,
};
writeFileSync(
  join(bundle, 'package.json'),
  JSON.stringify(
    { name: 'labctl', version, license, private: true, type: 'commonjs', bin: { labctl: 'run.js' }, oclif },
    null,
    2,
  ),
);
for (const file of ['run.js', 'start.js', 'load-bundle.js'])
  cpSync(join(root, 'bin', file), join(bundle, file));

// What it was built from: the specs that run it refuse an old one.
const sources = Object.keys(metafile.inputs).filter((path) => path.endsWith('.ts') && path !== 'labctl.ts');
const hashOf = (path) =>
  createHash('sha256')
    .update(readFileSync(join(root, path)))
    .digest('hex');
writeFileSync(
  join(bundle, 'sources.json'),
  JSON.stringify(Object.fromEntries(sources.map((path) => [path, hashOf(path)]))),
);

const plugin = new Plugin({
  root: bundle,
  type: 'core',
  ignoreManifest: true,
  errorOnManifestCreate: true,
  respectNoCacheDefault: true,
});
await plugin.load();
writeFileSync(join(bundle, 'oclif.manifest.json'), JSON.stringify(plugin.manifest));

execFileSync(process.execPath, [join(import.meta.dirname, 'warm-up.mjs'), bundle], { stdio: 'inherit' });

function packageOf(folder) {
  const file = join(folder, 'package.json');
  if (!existsSync(file)) fail(`${folder} is no plugin: it has no package.json`);
  const read = JSON.parse(readFileSync(file, 'utf8'));
  if (read.oclif === undefined) fail(`${file} is no plugin of labctl: it has no "oclif"`);
  return read;
}

function commandFolder(plugin) {
  const folder = join(plugin, packageOf(plugin).oclif.commands ?? 'src/commands');
  if (!existsSync(folder)) fail(`${plugin} is no plugin of labctl: there is no folder ${folder}`);
  return folder;
}

function commandsIn(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /(?<!\.spec|\.d)\.ts$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .map((file) => [relative(folder, file).replace(/\.ts$/, '').replaceAll(/[\\/]/g, ':'), file]);
}

function fail(message) {
  console.error(`error: ${message}\nhint: See docs/plugins.md.`);
  process.exit(1);
}
