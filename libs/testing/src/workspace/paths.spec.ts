import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { ESLint } from 'eslint';

const root = fileURLToPath(new URL('../../../../', import.meta.url));
const eslint = new ESLint({
  cwd: root,
  overrideConfig: [{ languageOptions: { parserOptions: { disallowAutomaticSingleRunInference: true } } }],
});

async function isRefused(file: string, text: string): Promise<boolean> {
  const [result] = await eslint.lintText(`${text}\n`, { filePath: join(root, file) });
  return (result?.messages ?? []).some(({ ruleId }) => ruleId === 'no-restricted-syntax');
}

/** The scripts, which the lint's types don't reach. */
function scripts(folder = ''): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory())
      return /^(node_modules|dist|generated|\..*)$/.test(entry.name) ? [] : scripts(path);
    return entry.isFile() && /\.[cm]?js$/.test(entry.name) ? [path] : [];
  });
}

describe('a path that is made of a URL, or a URL of a path', () => {
  it.each([
    `export const path = new URL('x.mjs', import.meta.url).pathname;`,
    `export const { pathname } = new URL('x.mjs', import.meta.url);`,
    'export const url = (path: string): string => `file://${path}`;',
    `export const url = 'file://' + process.cwd();`,
  ])('is refused without the function that encodes it: %s', async (text) => {
    // In labd, whose files have further rules of the kind, and elsewhere.
    expect(await isRefused('apps/labd/src/main.ts', text)).toBe(true);
    expect(await isRefused('apps/bastion/src/main.ts', text)).toBe(true);
  });

  it('is not refused with it, nor a pathname of a request', async () => {
    const text = `import { fileURLToPath } from 'node:url';
      export const path = fileURLToPath(new URL('x.mjs', import.meta.url));
      export const asked = (url: string): string => new URL(url).pathname;`;
    expect(await isRefused('apps/bastion/src/main.ts', text)).toBe(false);
  });

  it('is in no script either', () => {
    const found = scripts();
    expect(found).toContain('scripts/setup.mjs');
    const guilty = found.filter((file) =>
      /new URL\([^)]*import\.meta\.url\)\.pathname|[`'"]file:\/\//.test(
        readFileSync(join(root, file), 'utf8'),
      ),
    );
    expect(guilty).toEqual([]);
  });
});
