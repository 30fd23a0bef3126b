import { z } from 'zod';
import { kickstartPackage } from './context-values.js';

/** Distributions that keep their packages in the same repositories. */
export const FAMILIES = ['fedora', 'el9', 'el10'] as const;
export type Family = (typeof FAMILIES)[number];

const packageName = z.string().refine(kickstartPackage.accepts, kickstartPackage.rule);
const repositoryName = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/, 'must be a repository’s name such as AppStream');

/**
 * A package or group, alone or with the repository that has it: `{ name: chrony, repository: BaseOS }`, or a repository
 * for each family, `{ name: iptables-nft, repository: { fedora: Everything, el9: BaseOS, el10: AppStream } }`. With a
 * repository for each, a family that isn't named does not get the package.
 */
export const packageEntry = z.union(
  [
    packageName.transform((name): PackageEntry => ({ name })),
    z.strictObject({
      name: packageName,
      repository: z.union([
        repositoryName,
        z
          .partialRecord(z.enum(FAMILIES), repositoryName)
          .refine((byFamily) => Object.keys(byFamily).length > 0, 'must name a family'),
      ]),
    }),
  ],
  { error: `${kickstartPackage.rule}, or { name, repository } with a repository or one for each family` },
);

export interface PackageEntry {
  name: string;
  repository?: string | Partial<Record<Family, string>> | undefined;
}

/** The packages of a profile and a role for a family, once each, and which repository has them as far as it is said. */
export function packagesFor(
  family: Family | undefined,
  ...lists: readonly (readonly PackageEntry[])[]
): { name: string; repository: string | undefined }[] {
  const chosen = new Map<string, { name: string; repository: string | undefined }>();
  for (const { name, repository } of lists.flat()) {
    if (chosen.has(name) || !isFor(family, repository)) continue;
    const found = typeof repository === 'object' ? family && repository[family] : repository;
    chosen.set(name, { name, repository: found });
  }
  return [...chosen.values()];
}

/** A profile of no family gets what all of them get. */
function isFor(family: Family | undefined, repository: PackageEntry['repository']): boolean {
  if (typeof repository !== 'object') return true;
  return (family === undefined ? FAMILIES : [family]).every((each) => repository[each] !== undefined);
}
