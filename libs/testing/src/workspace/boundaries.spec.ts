import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { ESLint } from 'eslint';
import { run } from '../programs/run.js';

const root = fileURLToPath(new URL('../../../../', import.meta.url));
const eslint = new ESLint({
  cwd: root,
  // With CI=true the parser would read the file from the disk instead of the text that it is given.
  overrideConfig: [{ languageOptions: { parserOptions: { disallowAutomaticSingleRunInference: true } } }],
});

/** What the lint says of an import, as if that file had it. */
async function findings(file: string, imported: string): Promise<string[]> {
  const [result] = await eslint.lintText(`import '${imported}';\n`, { filePath: `${root}${file}` });
  return (result?.messages ?? [])
    .filter((message) => message.ruleId === '@nx/enforce-module-boundaries')
    .map((message) => message.message);
}

describe('who may import whom', () => {
  // The rule asks a graph that Nx keeps on the disk, and says nothing where there is none.
  beforeAll(async () => {
    const nx = join(root, 'node_modules/nx/dist/bin/nx.js');
    await run(process.execPath, [nx, 'show', 'projects'], {
      cwd: root,
      environment: { NX_DAEMON: 'false', NODE_OPTIONS: '' },
    });
  });

  it.each([
    ['apps/bastion/src/main.ts', '@lab/database'],
    ['apps/labd/src/main.ts', '@lab/cli-kit'],
    ['apps/labd/src/main.ts', '@lab/testing'],
    ['libs/domain/src/index.ts', '@lab/protocol'],
    ['libs/protocol/src/index.ts', '@lab/database'],
    ['libs/cli-kit/src/index.ts', '@lab/database'],
  ])('refuses that %s imports %s', async (file, imported) => {
    expect(await findings(file, imported)).not.toEqual([]);
  });

  it.each([
    ['apps/labd/src/main.ts', '@lab/database'],
    ['apps/bastion/src/main.ts', '@lab/protocol'],
    ['libs/protocol/src/index.ts', '@lab/domain'],
  ])('allows that %s imports %s', async (file, imported) => {
    expect(await findings(file, imported)).toEqual([]);
  });
});
