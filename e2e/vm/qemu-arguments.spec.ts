import { describe, expect, it } from '@jest/globals';
import { qemuArguments, type MachineFiles, type MachineHardware } from './qemu-arguments.js';

const hardware: MachineHardware = {
  name: 'node1',
  mac: '52:54:00:12:34:56',
  uuid: '1ab00000-0000-4000-8000-000000123456',
  serial: 'LAB-123456',
  memoryMiB: 2048,
  firmware: 'uefi',
  bootOrder: 'disk-first',
  netboot: 'pxe',
  tap: 'lab0t0',
  otherDisks: [],
};
const files: MachineFiles = {
  firmwareCode: '/f/code.fd',
  firmwareVariables: '/f/vars.fd',
  disk: '/f/disk.qcow2',
  serialPort: '/f/port',
  serialLog: '/f/console.log',
  qmpSocket: '/f/qmp',
};
const line = (changes: Partial<MachineHardware> = {}, accelerator: 'kvm' | 'tcg' = 'tcg') =>
  qemuArguments({ ...hardware, ...changes }, files, accelerator).join(' ');

describe("QEMU's command line", () => {
  it.each([
    ['disk-first', /serial=LAB-123456-disk,bootindex=1 .*romfile=,bootindex=3/],
    ['network-first', /serial=LAB-123456-disk,bootindex=2 .*romfile=,bootindex=1/],
  ] as const)('orders %s by boot index', (bootOrder, pattern) => {
    expect(line({ bootOrder })).toMatch(pattern);
  });

  it("leaves the order to the firmware's variables", () => {
    expect(line({ bootOrder: 'firmware' })).not.toContain('bootindex');
  });

  it("boots the NIC with the firmware's own driver, known by its MAC", () => {
    expect(line()).toContain('virtio-net-pci,netdev=net,mac=52:54:00:12:34:56,romfile=');
  });

  it('switches PXE off for HTTP Boot', () => {
    expect(line({ netboot: 'http' })).toContain('name=opt/org.tianocore/IPv4PXESupport,string=n');
    expect(line()).not.toContain('PXESupport');
  });

  it('has a medium as a CD or as a USB stick, and neither without', () => {
    expect(line({ medium: { kind: 'cd', file: '/f/boot.iso' } })).toContain(
      'scsi-cd,drive=medium,bootindex=2',
    );
    expect(line({ medium: { kind: 'usb', file: '/f/boot.iso' }, bootOrder: 'medium-first' })).toMatch(
      /format=raw,readonly=on,file=\/f\/boot.iso -device usb-storage,bus=usb.0,drive=medium,removable=on,bootindex=1/,
    );
    expect(line()).not.toMatch(/scsi-cd|usb/);
  });

  it('with BIOS has no UEFI variables, boots by the ROM of the NIC, and shows its screen on the serial port', () => {
    const bios = line({ firmware: 'bios' });
    expect(bios).not.toMatch(/pflash|romfile/);
    expect(bios).toContain('name=etc/sercon-port,file=/f/port');
  });

  it('has further disks beside its own, of which nothing is kept', () => {
    expect(line({ otherDisks: ['/f/old.img'] })).toMatch(
      /format=raw,snapshot=on,file=\/f\/old.img -device virtio-blk-pci,drive=other0,serial=OTHER-0/,
    );
  });

  it('emulates where KVM does not work', () => {
    expect(line()).toContain('-accel tcg');
    expect(line({}, 'kvm')).toContain('-accel kvm -cpu host');
  });
});
