import { textAt, valueAt } from '@lab/cli-kit';

/** An app with where it runs. */
export interface InstalledApp {
  name: string;
  clusters: number;
  /** Members of those clusters. */
  servers: number;
  description: string;
}

const DESCRIPTIONS: Readonly<Record<string, string>> = { k3s: 'lightweight Kubernetes' };

/** The apps that there are, and those that a newer labd's clusters run, by name. A cluster runs its distribution. */
export function installedApps(clusters: readonly unknown[]): InstalledApp[] {
  const apps = new Map(Object.keys(DESCRIPTIONS).map((name) => [name, appOf(name)]));
  for (const cluster of clusters) {
    const name = textAt(cluster, 'spec.distribution');
    if (name === undefined) continue;
    const app = apps.get(name) ?? appOf(name);
    const members = valueAt(cluster, 'spec.members');
    app.clusters += 1;
    app.servers += Array.isArray(members) ? members.length : 0;
    apps.set(name, app);
  }
  return [...apps.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

const appOf = (name: string): InstalledApp => ({
  name,
  clusters: 0,
  servers: 0,
  description: DESCRIPTIONS[name] ?? '<unknown>',
});
