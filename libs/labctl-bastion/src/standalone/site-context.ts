import { readFile } from 'node:fs/promises';
import { contextNameFor, logIn, type ContextStore, type Transport } from '@lab/cli-kit';

/**
 * Logs labctl in as the site's first administrator, unless it has a context for that labd. Answers its name, or why there is none: a
 * site runs without.
 */
export async function siteContext(
  store: ContextStore,
  transport: Transport,
  passwordFile: string,
): Promise<{ name: string } | { problem: string }> {
  try {
    const file = await store.read();
    const known = file.names().find((name) => file.get(name)?.server === transport.server);
    if (known !== undefined && file.get(known)?.refreshToken !== undefined) return { name: known };
    const url = new URL(transport.server);
    const plain = contextNameFor(url);
    const name = known ?? (file.get(plain) === undefined ? plain : url.host);
    const tokens = await logIn(transport, 'admin', (await readFile(passwordFile, 'utf8')).trim());
    await store.update((current) => {
      current.set(name, { server: transport.server, ...tokens });
      current.current = name;
      return true;
    });
    return { name };
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error) };
  }
}
