/** Where an unpacked package tree keeps its shared libraries, e.g. `x86_64-linux-gnu`. */
export interface UnpackedTree {
  root: string;
  /** Debian's multiarch folder names found under `usr/lib`. */
  triplets: readonly string[];
}

/** How one program (or one file, such as a firmware image) can be had. */
export interface CatalogEntry {
  kind: 'program' | 'file';
  /** Debian and Ubuntu packages that hold it. */
  packages: readonly string[];
  /** The same for Fedora and its relatives; only named in error messages, never downloaded. */
  dnf?: readonly string[];
  /** Absolute paths inside the package, the likeliest first; also where an installed file is looked for. */
  paths: readonly string[];
  /** Where other distributions keep the same file. */
  elsewhere?: readonly string[];
  /**
   * The package is independent of the machine's libraries and much better in Debian's current stable release than
   * in the one before: on an older Debian the newer one is tried first, even if the older is installed.
   */
  preferNewestRelease?: true;
  /** Environment and leading arguments that the program needs when it runs from an unpacked tree. */
  unpacked?: (tree: UnpackedTree) => {
    environment?: Readonly<Record<string, string>>;
    args?: readonly string[];
    /** Further folders with its shared libraries. */
    libraries?: readonly string[];
  };
}

const program = (
  packages: readonly string[],
  path: string,
  dnf: readonly string[] = packages,
): CatalogEntry => ({
  kind: 'program',
  packages,
  dnf,
  paths: [path],
});

/** Everything that tests ask for by name. Names of programs are what one would type. */
export const CATALOG = {
  'qemu-system-x86_64': {
    ...program(['qemu-system-x86'], '/usr/bin/qemu-system-x86_64', ['qemu-system-x86-core']),
    unpacked: ({ root, triplets }) => ({
      // Accelerators and displays are modules that QEMU loads from its compiled-in folder unless told.
      environment: { QEMU_MODULE_DIR: `${root}/usr/lib/${triplets[0] ?? ''}/qemu` },
      args: ['-L', `${root}/usr/share/qemu`, '-L', `${root}/usr/share/seabios`],
    }),
  },
  'qemu-img': program(['qemu-utils'], '/usr/bin/qemu-img', ['qemu-img']),
  dnsmasq: program(['dnsmasq-base'], '/usr/sbin/dnsmasq', ['dnsmasq']),
  nft: program(['nftables'], '/usr/sbin/nft'),
  // Before /usr was merged in Debian's packages, and with its link in sbin to an absolute path.
  ip: { ...program(['iproute2'], '/usr/bin/ip', ['iproute']), paths: ['/usr/bin/ip', '/bin/ip'] },
  xorriso: program(['xorriso'], '/usr/bin/xorriso'),
  mtools: program(['mtools'], '/usr/bin/mtools'),
  mcopy: program(['mtools'], '/usr/bin/mcopy'),
  mmd: program(['mtools'], '/usr/bin/mmd'),
  mformat: program(['mtools'], '/usr/bin/mformat'),
  shellcheck: program(['shellcheck'], '/usr/bin/shellcheck', ['ShellCheck']),
  'nats-server': {
    ...program(['nats-server'], '/usr/sbin/nats-server'),
    paths: ['/usr/sbin/nats-server', '/usr/bin/nats-server'],
  },
  'postgres-15': program(['postgresql-15'], '/usr/lib/postgresql/15/bin/postgres', ['postgresql15-server']),
  'initdb-15': program(['postgresql-15'], '/usr/lib/postgresql/15/bin/initdb', ['postgresql15-server']),
  /** Its modules are part of it: the usual one looks for them in a compiled-in folder. */
  'zsh-static': {
    ...program(['zsh-static', 'zsh-common'], '/usr/bin/zsh-static', ['zsh']),
    paths: ['/bin/zsh-static', '/usr/bin/zsh-static'],
    unpacked: ({ root }) => ({
      environment: {
        FPATH: ['', '/Base', '/Zsh', '/Unix']
          .map((part) => `${root}/usr/share/zsh/functions/Completion${part}`)
          .join(':'),
      },
    }),
  },
  fish: program(['fish', 'fish-common'], '/usr/bin/fish'),
  tmux: program(['tmux'], '/usr/bin/tmux'),
  'systemd-analyze': {
    ...program(['systemd'], '/usr/bin/systemd-analyze'),
    // Its own library is not among the others.
    unpacked: ({ root, triplets }) => ({
      libraries: triplets.map((triplet) => `${root}/usr/lib/${triplet}/systemd`),
    }),
  },
  bash: program(['bash'], '/usr/bin/bash'),
  flock: program(['util-linux'], '/usr/bin/flock'),
  script: program(['bsdutils'], '/usr/bin/script', ['util-linux-script']),
  nginx: program(['nginx'], '/usr/sbin/nginx'),
  curl: program(['curl'], '/usr/bin/curl'),
  ps: program(['procps'], '/usr/bin/ps', ['procps-ng']),
  pgrep: program(['procps'], '/usr/bin/pgrep', ['procps-ng']),
  less: program(['less'], '/usr/bin/less'),
  openssl: {
    ...program(['openssl'], '/usr/bin/openssl'),
    unpacked: ({ root }) => ({ environment: { OPENSSL_CONF: `${root}/etc/ssl/openssl.cnf` } }),
  },
  busybox: program(['busybox-static'], '/usr/bin/busybox', ['busybox']),
  ipmi_sim: program(['openipmi'], '/usr/bin/ipmi_sim', ['OpenIPMI']),
  ipmitool: program(['ipmitool'], '/usr/bin/ipmitool'),
  'ovmf-code': {
    kind: 'file',
    packages: ['ovmf'],
    dnf: ['edk2-ovmf'],
    paths: ['/usr/share/OVMF/OVMF_CODE_4M.fd'],
    elsewhere: ['/usr/share/edk2/x64/OVMF_CODE.4m.fd'],
    preferNewestRelease: true,
  },
  'ovmf-vars': {
    kind: 'file',
    packages: ['ovmf'],
    dnf: ['edk2-ovmf'],
    paths: ['/usr/share/OVMF/OVMF_VARS_4M.fd'],
    elsewhere: ['/usr/share/edk2/x64/OVMF_VARS.4m.fd'],
    preferNewestRelease: true,
  },
  /** iPXE on the firmware's own network driver: what PXE and HTTP Boot hand out. */
  'ipxe-snponly.efi': {
    kind: 'file',
    packages: ['ipxe'],
    dnf: ['ipxe-bootimgs-x86'],
    paths: ['/usr/lib/ipxe/snponly.efi', '/usr/lib/ipxe/ipxe.efi'],
    elsewhere: ['/usr/share/ipxe/ipxe-snponly-x86_64.efi'],
    preferNewestRelease: true,
  },
  /** iPXE with its own drivers: what an ISO needs. */
  'ipxe.efi': {
    kind: 'file',
    packages: ['ipxe'],
    dnf: ['ipxe-bootimgs-x86'],
    paths: ['/usr/lib/ipxe/ipxe-amd64.efi', '/usr/lib/ipxe/ipxe.efi'],
    elsewhere: ['/usr/share/ipxe/ipxe-x86_64.efi'],
    preferNewestRelease: true,
  },
  'undionly.kpxe': {
    kind: 'file',
    packages: ['ipxe'],
    dnf: ['ipxe-bootimgs-x86'],
    paths: ['/usr/lib/ipxe/undionly.kpxe'],
    elsewhere: ['/usr/share/ipxe/undionly.kpxe'],
    preferNewestRelease: true,
  },
} as const satisfies Record<string, CatalogEntry>;

export type ProgramName = keyof typeof CATALOG;
