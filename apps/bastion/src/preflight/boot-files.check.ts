import { failed, ok, warning, type Finding } from './finding.js';

export interface BootFileFacts {
  /** Whether this bastion serves DHCP, and so TFTP; else machines come to it by other ways, and HTTP serves iPXE all the same. */
  servesDhcp: boolean;
  /** Paths; null: not found. */
  efi: string | null;
  bios: string | null;
  /** Where they were looked for. */
  places: string;
}

export function judgeIpxe({ servesDhcp, efi, bios, places }: BootFileFacts): Finding[] {
  const install =
    'Install iPXE (Debian: apt-get install ipxe; Fedora: dnf install ipxe-bootimgs-x86), or set BASTION_IPXE_DIR.';
  if (efi === null)
    return [(servesDhcp ? failed : warning)('ipxe', `iPXE for UEFI machines is not in ${places}`, install)];
  if (bios === null)
    return [
      warning(
        'ipxe',
        `iPXE for BIOS machines (undionly.kpxe) is not in ${places}: they can't netboot`,
        install,
      ),
    ];
  return [ok('ipxe', `${efi}, ${bios}`)];
}

export interface ProfileFiles {
  name: string;
  missing: readonly string[];
}

const SHOWN = 3;

/** The profile that discovery boots is needed for the first machine; the others once they are ordered. */
export function judgeProfiles(profiles: readonly ProfileFiles[], discovery: string): Finding[] {
  const findings: Finding[] = [];
  const complete = profiles.filter(({ missing }) => missing.length === 0).map(({ name }) => name);
  const own = profiles.find(({ name }) => name === discovery);
  if (own === undefined)
    findings.push(
      failed(
        'profile',
        `there is no profile ${discovery}, which machines are discovered with`,
        `Set BASTION_DISCOVERY_PROFILE to one of ${profiles.map(({ name }) => name).join(', ') || 'those in BASTION_PROFILES_DIR'}.`,
      ),
    );
  else if (own.missing.length > 0)
    findings.push(
      failed(
        'profile',
        `${discovery}, which machines are discovered with, misses ${shown(own.missing)}`,
        `Bring them: labctl bastion assets pull ${discovery}; or set BASTION_DISCOVERY_PROFILE to a profile that is whole.`,
      ),
    );
  const others = profiles.filter(({ name, missing }) => name !== discovery && missing.length > 0);
  // One line for all that nobody may ever want.
  if (others.length > 0 && complete.length === 0 && own !== undefined)
    findings.push(
      warning(
        'profile',
        `no profile can be installed: ${others.map(({ name }) => name).join(', ')} miss files, too`,
        'Bring those of one: labctl bastion assets pull NAME.',
      ),
    );
  else if (others.length > 0)
    findings.push(
      ok(
        'profile',
        `not here, and refused if ordered: ${others.map(({ name }) => name).join(', ')} (labctl bastion assets pull NAME)`,
      ),
    );
  if (complete.length > 0) findings.push(ok('profile', `can be installed: ${complete.join(', ')}`));
  return findings;
}

const shown = (files: readonly string[]): string =>
  files.length <= SHOWN
    ? files.join(', ')
    : `${files.slice(0, SHOWN).join(', ')} and ${files.length - SHOWN} more`;
