import type { DiagnosisRule } from './diagnosis-rule.js';

/** Disks, boot loader, firmware, memory and kernel. */
export const MACHINE_RULES: readonly DiagnosisRule[] = [
  {
    id: 'no-disk-matches',
    pattern:
      /^(?:failed: )?no disk matches the rule|no disk at all|no usable disks|you have not specified a (?:usable )?disk|no disks selected/i,
    cause: 'no disk matches the rule of the install',
    explanation:
      'The serial number, WWN, path or size that the install asks for belongs to no disk that the machine shows; or its controller has no driver.',
    next: 'Compare with the disks in labctl describe server, then labctl reprovision SERVER --disk-serial …',
    example: 'No disk matches the rule (serial=S4EWNX0N). Seen: vda (D000001).',
  },
  {
    id: 'several-disks-match',
    pattern: /^(?:failed: )?the rule \(.*\) matches \d+ (?:disks|paths of one LUN)/i,
    cause: 'more than one disk matches the rule of the install',
    explanation:
      'Exactly one disk may match, so that the wrong one is never erased. Paths of one LUN are several disks to the installer.',
    next: 'Pin one by what the message names, with --disk-serial, --disk-wwn or --disk-by-id of labctl reprovision SERVER; of a LUN leave one path.',
    example: 'The rule (any) matches 2 disks: sda sdb. Pin one of them by its serial number.',
  },
  {
    id: 'disk-holds-data',
    pattern: /holds data \(.*\) and the install may not erase it/i,
    cause: 'the disk holds data, and the install may not erase it',
    explanation: 'Existing partitions, file systems or LVM volumes were found; nothing was changed.',
    next: 'If it may go: labctl reprovision SERVER, or provision with --erase.',
    example: 'The disk vda holds data (ext4) and the install may not erase it. Nothing was changed.',
  },
  {
    id: 'disk-too-small',
    pattern:
      /bytes; the layout ".*" needs|not enough (?:free )?(?:disk )?space|disk (?:is )?too small|unable to allocate requested partition scheme|could not allocate requested partitions/i,
    cause: 'the disk is too small for the layout',
    explanation: 'The logical volumes of the role need more room than the disk has.',
    next: 'Choose --layout small, or a larger disk.',
    example: 'The disk vda has 64000000000 bytes; the layout "worker" needs 204000000000.',
  },
  {
    id: 'efi-variables-full',
    pattern:
      /could not prepare boot variable: no space left|efivarfs?.*no space left|efibootmgr:.*(?:no space left|interrupted system call)/i,
    cause: "the firmware's store of boot entries is full",
    explanation:
      'Old boot entries or crash dumps fill the EFI variables, so that no new entry can be written.',
    next: 'Delete old entries (`efibootmgr -b XXXX -B`) and /sys/firmware/efi/efivars/dump-*, or reset the firmware.',
    example: 'efibootmgr: Could not prepare Boot variable: No space left on device',
  },
  {
    id: 'no-space-left',
    pattern: /no space left on device|disk quota exceeded|needs \d+[kmg]?b? more space on the/i,
    cause: 'a file system is full',
    explanation: 'The packages or a script wrote more than a volume holds.',
    next: 'Make that volume larger in the layout, or install less.',
    example:
      'rpm: unpacking of archive failed on file /usr/lib/modules: cpio: write failed - No space left on device',
  },
  {
    id: 'raid-left-over',
    pattern:
      /md\d+.*(?:inactive|cannot be stopped)|mdadm: (?:cannot|failed)|ddf_raid_member|isw_raid_member|imsm.*(?:error|failed)/i,
    cause: 'a software RAID of an earlier system is in the way',
    explanation: 'Its metadata is still on the disks and the kernel has assembled it.',
    next: 'Stop it and clear the metadata from discovery: `mdadm --stop`, `mdadm --zero-superblock`.',
    example: 'mdadm: failed to stop array /dev/md127: Device or resource busy',
  },
  {
    id: 'disk-busy',
    pattern:
      /device or resource busy|is (?:in use|busy|mounted); (?:will not|cannot)|failed to (?:deactivate|wipe|teardown)|contains a mounted filesystem|this disk is currently in use/i,
    cause: 'the disk is in use',
    explanation: 'Something of an earlier system holds it: a running RAID, a volume group, swap or a mount.',
    next: 'Boot discovery, stop it (`vgchange -an`, `mdadm --stop`, `swapoff -a`), wipe the signatures, and install again.',
    example: 'wipefs: error: /dev/sda: probing initialization failed: Device or resource busy',
  },
  {
    id: 'lvm-left-over',
    pattern:
      /volume group "?\S+"? already exists|duplicate (?:pv|vg|uuid)|multiple vgs found with the same name|physical volume .* belongs to volume group|vg .* (?:missing|has missing) pv/i,
    cause: 'LVM of an earlier system is in the way',
    explanation: 'A volume group of the same name, or with missing disks, is still on one of the disks.',
    next: 'Remove it from discovery: `vgremove -ff NAME`, `pvremove`, then `wipefs --all`.',
    example: 'WARNING: PV /dev/sdb2 prefers device: Multiple VGs found with the same name: fedora',
  },
  {
    id: 'disk-io-error',
    pattern:
      /i\/o error(?:,| on| while)|blk_update_request: (?:i\/o|critical)|buffer i\/o error|medium error|unrecovered read error|input\/output error|ata\d+.*failed command/i,
    cause: 'a disk fails',
    explanation: 'The kernel could not read from or write to it.',
    next: 'Check it with smartctl or nvme from discovery, and replace it.',
    example: 'blk_update_request: I/O error, dev sda, sector 2048 op 0x1:(WRITE) flags 0x800',
  },
  {
    id: 'bootloader-failed',
    pattern:
      /failed to (?:set new efi boot target|write boot ?loader)|boot ?loader (?:install(?:ation)? )?(?:failed|error)|grub2?-(?:install|mkconfig).*(?:error|failed)|failed to set (?:new )?efi boot target|error: .*efi directory/i,
    cause: 'the boot loader could not be installed',
    explanation: 'The ESP is missing, too small or damaged, or the firmware refused the boot entry.',
    next: 'Check that the machine booted with UEFI, and its ESP; update the firmware.',
    example: 'Failed to set new efi boot target. This is most likely a kernel or firmware bug.',
  },
  {
    id: 'boot-mode-mismatch',
    pattern:
      /efi variables are not supported on this system|no efi system partition|you have not created a bootloader stage1 target|must include (?:a valid efi|at least one|a biosboot)/i,
    cause: 'the machine booted in the wrong mode for the layout',
    explanation: 'The layout is for UEFI and the machine booted as BIOS, or the other way round.',
    next: 'Set the firmware to UEFI boot and netboot again.',
    example: 'EFI variables are not supported on this system.',
  },
  {
    id: 'secure-boot',
    pattern:
      /secure boot (?:violation|is enabled|forbids)|bad shim signature|verification failed: \(0x1a\)|security policy violation|key was rejected by service/i,
    cause: 'Secure Boot refused it',
    explanation: 'A boot loader, kernel or module is not signed with a key that the firmware trusts.',
    next: "Switch Secure Boot off in the firmware's set-up; netboot with it isn't supported.",
    example: 'Verification failed: (0x1A) Security Violation',
  },
  {
    id: 'memory-too-small',
    pattern:
      /bytes of memory; this profile needs|not enough (?:ram|memory)|at least .* (?:ram|memory) (?:is )?required/i,
    cause: 'the machine has too little memory',
    explanation: "The installer unpacks itself into memory and needs the profile's minimum.",
    next: 'Add memory, or choose a profile that needs less.',
    example: 'The machine has 1073741824 bytes of memory; this profile needs 2147483648.',
  },
  {
    id: 'out-of-memory',
    pattern: /out of memory: kill|oom-kill|oom_reaper|cannot allocate memory|invoked oom-killer/i,
    cause: 'the machine ran out of memory',
    explanation: 'The kernel ended a process of the installer to get some back.',
    next: 'Add memory, or install fewer packages at once.',
    example: 'Out of memory: Killed process 1412 (anaconda) total-vm:2918736kB',
  },
  {
    id: 'kernel-panic',
    pattern: /kernel panic - not syncing|unable to mount root fs|not syncing: attempted to kill init/i,
    cause: 'the kernel panicked',
    explanation: 'The kernel stopped: a missing driver or initrd, broken hardware, or a bug.',
    next: 'Read the lines before it; try another kernel, or test the memory.',
    example: 'Kernel panic - not syncing: VFS: Unable to mount root fs on unknown-block(0,0)',
  },
  {
    id: 'machine-check',
    pattern:
      /hardware error|machine check|mce: \[hardware error\]|uncorrect(?:ed|able) (?:ecc|memory) error/i,
    cause: 'the hardware reports an error of its own',
    explanation: 'Processor or memory found an error that it could not correct.',
    next: 'Read the event log of the BMC (`ipmitool sel list`) and replace the part.',
    example: 'mce: [Hardware Error]: Machine check events logged',
  },
  {
    id: 'firmware-missing',
    pattern: /direct firmware load for \S+ failed|failed to load firmware|firmware: failed to load/i,
    cause: 'a driver has no firmware file',
    explanation:
      "The image of the installer lacks the firmware of a NIC or controller, which then doesn't work.",
    next: 'Use a newer install tree, or another NIC for the install.',
    example: 'bnx2x 0000:01:00.0: Direct firmware load for bnx2x/bnx2x-e2-7.13.21.0.fw failed with error -2',
    oftenHarmless: true,
  },
  {
    id: 'cancelled-by-signal',
    pattern: /^(?:terminated|killed)$|received signal 15|exit code 143|exit code 137/i,
    cause: 'the script was ended from outside',
    explanation: 'A signal ended it: the installer itself gave up, somebody intervened, or memory ran out.',
    next: 'Read the log around that time, anaconda.log above all.',
    example: 'Terminated',
    oftenHarmless: true,
  },
  {
    id: 'installer-crashed',
    pattern:
      /traceback \(most recent call last\)|anaconda.*(?:crashed|exception occurred)|an unknown error has occurred|dasbus\.error/i,
    cause: 'the installer itself crashed',
    explanation: 'Anaconda ended with an exception of its own.',
    next: 'labctl logs SERVER shows the traceback; look it up with the release in the bug tracker of the distribution.',
    example: 'Traceback (most recent call last):',
  },
];
