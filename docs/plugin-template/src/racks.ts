import { textAt } from '@lab/cli-kit';

/** The racks by name, with the number of servers in each. */
export function racks(servers: readonly unknown[]): { name: string; count: number }[] {
  const counts = new Map<string, number>();
  for (const server of servers) {
    const name = textAt(server, 'metadata.labels.rack');
    if (name !== undefined) counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return [...counts].map(([name, count]) => ({ name, count })).sort((a, b) => (a.name < b.name ? -1 : 1));
}
