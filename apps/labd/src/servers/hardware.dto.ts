import { BOOT_ORDERS, BOOT_ORDER_OUTCOMES } from '@lab/domain';
import { ApiProperty } from '@nestjs/swagger';
import { ApiNullable } from '../http/api-nullable.decorator.js';

/** What the machine is made of, as its last report said; null is unknown. */
export class HardwareDto {
  @ApiNullable({ type: String, example: 'x86_64' })
  arch!: string | null;
  @ApiNullable({ type: String, example: 'Intel(R) Xeon(R) Gold 6130' })
  cpuModel!: string | null;
  @ApiNullable({ type: 'integer', example: 8 })
  cpuCores!: number | null;
  @ApiNullable({ type: 'integer', format: 'int64', example: 17179869184 })
  memoryBytes!: number | null;
  @ApiNullable({ type: String, example: 'Dell Inc.' })
  manufacturer!: string | null;
  @ApiNullable({ type: String, example: 'PowerEdge R640' })
  model!: string | null;
  @ApiNullable({ type: String, example: 'ABC1234' })
  serial!: string | null;
  @ApiNullable({ type: String, example: '4c4c4544-0034-4310-8052-b4c04f4b4d32' })
  smbiosUuid!: string | null;
  @ApiNullable({ type: String, enum: ['uefi', 'bios'], example: 'uefi' })
  bootMode!: string | null;
}

/** An entry of UEFI's boot manager. */
class BootEntryDto {
  @ApiProperty({ example: '0003' })
  number!: string;
  @ApiProperty({ example: 'UEFI PXEv4 (MAC:525400123456)', description: 'The firmware’s own text.' })
  label!: string;
  @ApiProperty({ enum: ['network', 'disk', 'other'] })
  kind!: string;
}

/** What the firmware tries first, before and after an install. */
export class BootOrderDto {
  @ApiProperty({
    enum: BOOT_ORDERS,
    enumName: 'BootOrderChoice',
    description: 'By the server’s record, else by the profile.',
  })
  asked!: string;
  @ApiProperty({
    enum: BOOT_ORDER_OUTCOMES,
    enumName: 'BootOrderOutcome',
    description: 'set: the firmware took it. bios: there is no such order.',
  })
  outcome!: string;
  @ApiNullable({ type: Boolean, description: 'Whether it was still so at the first boot; null: not known.' })
  kept!: boolean | null;
  @ApiNullable({ type: [BootEntryDto], description: 'Before the install, in the firmware’s order.' })
  before!: BootEntryDto[] | null;
  @ApiNullable({ type: [BootEntryDto], description: 'At the first boot, in the firmware’s order.' })
  after!: BootEntryDto[] | null;
}

export class NicDto {
  @ApiProperty({ example: 'ens3' })
  name!: string;
  @ApiProperty({ example: '52:54:00:12:34:56' })
  mac!: string;
  @ApiNullable({ type: String, example: 'virtio_net' })
  driver!: string | null;
  @ApiNullable({ type: 'integer', example: 1000 })
  speedMbps!: number | null;
  @ApiNullable({ type: Boolean, example: true })
  linkUp!: boolean | null;
  @ApiProperty({ type: [String], example: ['192.168.77.100/24'] })
  addresses!: string[];
  @ApiProperty({ description: 'The machine booted from this one.' })
  boot!: boolean;
  @ApiNullable({ type: String, example: 'lab', description: 'Name of its network.' })
  network!: string | null;
}

export class DiskDto {
  @ApiProperty({ example: 'nvme0n1' })
  name!: string;
  @ApiProperty({ type: 'integer', format: 'int64', example: 268435456000 })
  sizeBytes!: number;
  @ApiNullable({ type: String, example: 'QEMU NVMe Ctrl' })
  model!: string | null;
  @ApiNullable({ type: String, example: 'lab0001' })
  serial!: string | null;
  @ApiNullable({ type: String })
  wwn!: string | null;
  @ApiNullable({ type: String, example: '/dev/disk/by-id/nvme-QEMU_NVMe_Ctrl_lab0001' })
  byId!: string | null;
  @ApiNullable({ type: Boolean })
  rotational!: boolean | null;
  @ApiNullable({ type: Boolean })
  removable!: boolean | null;
  @ApiNullable({ type: String, example: 'nvme' })
  transport!: string | null;
  @ApiNullable({ type: Boolean, description: 'Partitions, file systems or signatures were found on it.' })
  hasData!: boolean | null;
}

/** What the installed system said of itself at its first boot. */
export class SystemDto {
  @ApiNullable({ type: String, example: 'Fedora Linux 43' })
  osName!: string | null;
  @ApiNullable({ type: String, example: '6.17.1' })
  kernelVersion!: string | null;
  @ApiNullable({ type: String, example: 'node1' })
  hostname!: string | null;
  @ApiProperty({ type: [String], example: ['192.168.77.100/24'] })
  addresses!: string[];
  @ApiProperty({ type: [String], example: ['ssh-ed25519 AAAAC3Nza…'] })
  hostKeys!: string[];
}
