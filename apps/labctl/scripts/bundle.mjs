// Builds dist/bundle: labctl and all it needs as one CommonJS file, with oclif's manifest. Read file by file, oclif alone takes
// longer to load than Node itself, and Node's loader of ES modules costs another 20 ms (both measured).
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { Plugin } from '@oclif/core';
import { build } from 'esbuild';
import { lazyModules } from './lazy-modules.mjs';

const root = join(import.meta.dirname, '..');
/** labctl's own commands, and those of the plugins that come with it. */
const commandFolders = [join(root, 'src/commands'), join(root, '../../libs/labctl-bastion/src/commands')];
const bundle = join(root, 'dist', 'bundle');

/** Words of each command, and its file: `[['auth', 'whoami'], '…/auth/whoami.ts']`. */
const commands = commandFolders.flatMap((folder) =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts') && !entry.name.endsWith('.spec.ts'))
    .map((entry) => join(entry.parentPath, entry.name))
    .map((file) => [relative(folder, file).replace(/\.ts$/, '').split(/[\\/]/), file]),
);

rmSync(bundle, { recursive: true, force: true });
mkdirSync(bundle, { recursive: true });

const { metafile } = await build({
  stdin: {
    // A command's code runs only when it is asked for.
    contents: `export { main } from './src/main.js';
      export const COMMANDS = {
        ${commands.map(([words, file]) => `get '${words.join(':')}'() { return require('${file}').default; }`)}
      };`,
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
  // oclif asks for TypeScript only to run from source, and needs neither a debug logger nor a search for files: there is a manifest.
  external: ['typescript'],
  alias: {
    debug: join(import.meta.dirname, 'shims', 'debug.mjs'),
    tinyglobby: join(import.meta.dirname, 'shims', 'tinyglobby.mjs'),
  },
  plugins: [lazyModules(['node:child_process', 'ejs', 'minimatch', 'cli-spinners', 'wrap-ansi'])],
  logLevel: 'warning',
});

const { version, license } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const oclif = {
  bin: 'labctl',
  dirname: 'labctl',
  commands: { strategy: 'explicit', target: './main.js', identifier: 'COMMANDS' },
  topicSeparator: ' ',
  additionalHelpFlags: ['-h'],
  topics: {
    audit: { description: 'The audit log' },
    auth: { description: 'Who you are to labd' },
    bastion: { description: 'The bastion on this machine' },
    config: { description: 'Contexts: which labd, and as whom; settings' },
  },
};
writeFileSync(
  join(bundle, 'package.json'),
  JSON.stringify({ name: 'labctl', version, license, private: true, type: 'commonjs', oclif }, null, 2),
);

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

execFileSync(process.execPath, [join(import.meta.dirname, 'warm-up.mjs')], { stdio: 'inherit' });
