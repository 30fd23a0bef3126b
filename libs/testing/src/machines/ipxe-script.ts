/** What an iPXE script leads to, as far as the product's scripts go. */
export type BootStep =
  | { action: 'chain'; url: string }
  | { action: 'discover'; kickstart: string }
  | { action: 'install'; kickstart: string }
  | { action: 'local-disk' };

/** Replaces `${name}` by its value, as iPXE does; an unknown setting is empty. */
export const expandIpxe = (script: string, variables: Readonly<Record<string, string>>): string =>
  script.replace(/\$\{([^}]*)\}/g, (_, name: string) => variables[name.replace(/:uristring$/, '')] ?? '');

/** The first thing that the script would boot. */
export function bootStep(script: string): BootStep {
  if (!script.startsWith('#!ipxe')) throw new Error(`not an iPXE script: ${script.slice(0, 80)}`);
  const kernel = /^kernel\s.*$/m.exec(script)?.[0];
  const kickstart = kernel === undefined ? undefined : /\binst\.ks=(\S+)/.exec(kernel)?.[1];
  if (kickstart !== undefined) {
    return { action: kickstart.includes('/ks/install/') ? 'install' : 'discover', kickstart };
  }
  if (/^sanboot\b/m.test(script)) return { action: 'local-disk' };
  const url = /^chain\s+(?:--\S+\s+)*(\S+)/m.exec(script)?.[1];
  if (url === undefined) throw new Error(`the iPXE script boots nothing: ${script.slice(0, 400)}`);
  return { action: 'chain', url };
}
