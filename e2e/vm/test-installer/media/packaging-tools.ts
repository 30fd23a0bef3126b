import { packageTree, type PackageTree } from '@lab/testing';

/**
 * rpmbuild, createrepo_c, dnf with its Python, and mksquashfs, unpacked and complete down to libc: the same programs make
 * the trees, install from them in the installer's second stage, and try broken ones in specs. Run them by `tools.sh`.
 */
export const packagingTools = (): Promise<PackageTree> =>
  packageTree({ packages: ['dnf', 'rpm', 'createrepo-c', 'squashfs-tools'], closure: 'all' });
