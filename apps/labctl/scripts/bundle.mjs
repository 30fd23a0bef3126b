// Builds dist/bundle: labctl and all it needs as a few files, with oclif's manifest, so that it starts fast and from one folder.
// Loading @oclif/core file by file takes three times as long as the rest of a command.
import { createHash } from 'node:crypto';
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { Plugin } from '@oclif/core';
import { build } from 'esbuild';

const root = join(import.meta.dirname, '..');
const source = join(root, 'src');
const bundle = join(root, 'dist', 'bundle');
const commands = readdirSync(join(source, 'commands'), { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && entry.name.endsWith('.ts') && !entry.name.endsWith('.spec.ts'))
  .map((entry) => join(entry.parentPath, entry.name));

rmSync(join(root, 'dist', 'compile-cache'), { recursive: true, force: true });
rmSync(bundle, { recursive: true, force: true });
mkdirSync(bundle, { recursive: true });

/**
 * Importing a built-in module evaluates every export of it; of node:http that loads Node's whole fetch and WebSocket, 40 ms.
 * Requiring it does not. node:child_process, which oclif wants only on Windows, is not even required before it is used.
 */
const builtins = {
  name: 'builtins',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^node:/ }, ({ path, namespace }) =>
      namespace === 'builtin' ? { path, external: true } : { path, namespace: 'builtin' },
    );
    onLoad({ filter: /.*/, namespace: 'builtin' }, ({ path }) => ({
      contents:
        path === 'node:child_process'
          ? `module.exports = new Proxy({}, { get: (_, key) => require('${path}')[key] });`
          : `module.exports = require('${path}');`,
    }));
  },
};

const { metafile } = await build({
  plugins: [builtins],
  metafile: true,
  absWorkingDir: root,
  entryPoints: [join(source, 'main.ts'), ...commands],
  outbase: source,
  outdir: bundle,
  bundle: true,
  splitting: true,
  format: 'esm',
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
  banner: {
    js: [
      "import { createRequire as __createRequire } from 'node:module';",
      'const require = __createRequire(import.meta.url);',
      'const __filename = import.meta.filename, __dirname = import.meta.dirname;',
    ].join(''),
  },
  logLevel: 'warning',
});

const { version, license } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const oclif = {
  bin: 'labctl',
  dirname: 'labctl',
  commands: './commands',
  topicSeparator: ' ',
  additionalHelpFlags: ['-h'],
  topics: {
    auth: { description: 'Who you are to labd' },
    config: { description: 'Contexts: which labd, and as whom' },
  },
};
writeFileSync(
  join(bundle, 'package.json'),
  JSON.stringify({ name: 'labctl', version, license, private: true, type: 'module', oclif }, null, 2),
);

// What it was built from: the specs that run it refuse an old one.
const sources = Object.keys(metafile.inputs).filter(
  (path) => path.endsWith('.ts') && !path.includes('node_modules'),
);
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

// The first command of a person is as fast as the second.
for (const args of [['--help'], ...commands.map(idOf)]) {
  try {
    execFileSync(process.execPath, [join(root, 'bin', 'run.js'), ...args, '--no-such-flag'], {
      stdio: 'ignore',
    });
  } catch {
    // Every one ends with "there is no such flag", having loaded all of its code.
  }
}

function idOf(file) {
  return relative(join(source, 'commands'), file).replace(/\.ts$/, '').split(/[\\/]/);
}
