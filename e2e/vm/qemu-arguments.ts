/** What the firmware tries, in order. */
export type BootOrder =
  /** A blank disk falls through to the network, an installed one boots: no loop whatever the bastion says. */
  | 'disk-first'
  /** Every power-on asks the bastion, which must answer "local disk" for an installed machine. */
  | 'network-first'
  /** The CD or USB stick that was left in. */
  | 'medium-first'
  /** What the firmware's own variables say, which an installer changes with efibootmgr, as on real hardware. */
  | 'firmware';

export type Netboot = 'pxe' | 'http';

export type Firmware =
  /** OVMF. Its own network stack boots. */
  | 'uefi'
  /** SeaBIOS. The NIC's option ROM boots: QEMU's are iPXE, as on most hypervisors. */
  | 'bios';

/** A boot medium: an image file in a CD drive, or the same file as a USB stick. */
export interface Medium {
  kind: 'cd' | 'usb';
  file: string;
}

/** Everything about one machine that stays the same over its power cycles. */
export interface MachineHardware {
  name: string;
  /** Lower case with colons. */
  mac: string;
  /** The SMBIOS UUID. */
  uuid: string;
  /** The SMBIOS serial number of the chassis and, with `-disk` after it, of the disk. */
  serial: string;
  memoryMiB: number;
  firmware: Firmware;
  bootOrder: BootOrder;
  netboot: Netboot;
  medium?: Medium;
  tap: string;
  /** Raw images of further disks. What is written to them is lost when the machine is switched off. */
  otherDisks: readonly string[];
}

export interface MachineFiles {
  firmwareCode: string;
  firmwareVariables: string;
  disk: string;
  /** The number of the first serial port, as SeaBIOS reads it. */
  serialPort: string;
  serialLog: string;
  qmpSocket: string;
}

interface Places {
  disk: number;
  medium: number;
  nic: number;
}

const BOOT_INDEX = {
  'disk-first': { disk: 1, medium: 2, nic: 3 },
  'network-first': { nic: 1, disk: 2, medium: 3 },
  'medium-first': { medium: 1, disk: 2, nic: 3 },
  firmware: undefined,
} as const satisfies Record<BootOrder, Places | undefined>;

/** QEMU's command line for the machine: q35, one disk, one NIC, serial console to a file, control over QMP. */
export function qemuArguments(
  hardware: MachineHardware,
  files: MachineFiles,
  accelerator: 'kvm' | 'tcg',
): string[] {
  const index: Places | undefined = BOOT_INDEX[hardware.bootOrder];
  const at = (place: keyof Places): string => (index === undefined ? '' : `,bootindex=${index[place]}`);
  return [
    ...['-name', hardware.name, '-uuid', hardware.uuid, '-machine', 'q35', '-nodefaults', '-no-user-config'],
    ...(accelerator === 'kvm'
      ? ['-accel', 'kvm', '-cpu', 'host']
      : ['-accel', 'tcg,thread=multi,tb-size=512', '-cpu', 'qemu64']),
    // A reset ends QEMU and the harness starts it anew: under emulation a second boot in the same process is a third
    // slower, since all the code that was translated before is thrown away page by page.
    ...['-action', 'reboot=shutdown', '-smp', '2', '-m', String(hardware.memoryMiB)],
    ...['-smbios', `type=1,manufacturer=QEMU,product=Lab Machine,serial=${hardware.serial}`],
    ...(hardware.firmware === 'uefi' ? uefiArguments(files) : biosArguments(files)),
    ...['-drive', `if=none,id=disk,format=qcow2,cache=unsafe,discard=unmap,file=${files.disk}`],
    ...['-device', `virtio-blk-pci,drive=disk,serial=${hardware.serial}-disk${at('disk')}`],
    ...(hardware.medium === undefined ? [] : mediumArguments(hardware.medium, at('medium'))),
    ...['-netdev', `tap,id=net,ifname=${hardware.tap},script=no,downscript=no`],
    // An empty romfile: the firmware's own driver and network stack boot, not QEMU's iPXE ROM.
    ...[
      '-device',
      `virtio-net-pci,netdev=net,mac=${hardware.mac}${hardware.firmware === 'uefi' ? ',romfile=' : ''}${at('nic')}`,
    ],
    ...(hardware.netboot === 'http' ? withoutPxe() : []),
    ...['-device', 'virtio-rng-pci', '-device', 'VGA', '-display', 'none'],
    // Last: a disk that is plugged in later must not move the NIC to another slot, and its boot entry with it.
    ...hardware.otherDisks.flatMap((file, index) => otherDiskArguments(file, index)),
    ...['-chardev', `file,id=serial,path=${files.serialLog},append=on`, '-serial', 'chardev:serial'],
    ...['-qmp', `unix:${files.qmpSocket},server=on,wait=off`],
  ];
}

/** The firmware finds it by itself: it has no place in a boot order that QEMU gives. */
function otherDiskArguments(file: string, index: number): string[] {
  return [
    ...['-drive', `if=none,id=other${index},format=raw,snapshot=on,file=${file}`],
    ...['-device', `virtio-blk-pci,drive=other${index},serial=OTHER-${index}`],
  ];
}

const uefiArguments = (files: MachineFiles): string[] => [
  ...['-drive', `if=pflash,format=raw,unit=0,readonly=on,file=${files.firmwareCode}`],
  ...['-drive', `if=pflash,format=raw,unit=1,file=${files.firmwareVariables}`],
];

/** What programs write to the screen through the BIOS comes out of the serial port too (SeaBIOS, `etc/sercon-port`). */
const biosArguments = (files: MachineFiles): string[] => [
  '-fw_cfg',
  `name=etc/sercon-port,file=${files.serialPort}`,
];

function mediumArguments({ kind, file }: Medium, bootIndex: string): string[] {
  if (kind === 'cd') {
    return [
      ...[
        '-device',
        'virtio-scsi-pci,id=scsi',
        '-drive',
        `if=none,id=medium,media=cdrom,readonly=on,file=${file}`,
      ],
      ...['-device', `scsi-cd,drive=medium${bootIndex}`],
    ];
  }
  return [
    ...['-device', 'qemu-xhci,id=usb', '-drive', `if=none,id=medium,format=raw,readonly=on,file=${file}`],
    ...['-device', `usb-storage,bus=usb.0,drive=medium,removable=on${bootIndex}`],
  ];
}

/** OVMF tries PXE before HTTP unless its PXE support is switched off. */
function withoutPxe(): string[] {
  return ['4', '6'].flatMap((version) => [
    '-fw_cfg',
    `name=opt/org.tianocore/IPv${version}PXESupport,string=n`,
  ]);
}
