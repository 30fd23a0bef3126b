// Builds dist/bundle: labctl and all it needs as a few files, with oclif's manifest, so that it starts fast and from one folder.
// Loading @oclif/core file by file takes three times as long as the rest of a command.
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

await build({
  entryPoints: [join(source, 'main.ts'), ...commands],
  outbase: source,
  outdir: bundle,
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node22',
  minify: true,
  // Classes keep their names for error messages.
  keepNames: true,
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
