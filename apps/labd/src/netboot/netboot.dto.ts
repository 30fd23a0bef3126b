import { NETBOOT_EVENTS } from '@lab/protocol';
import { ApiProperty } from '@nestjs/swagger';
import { ApiNullable } from '../http/api-nullable.decorator.js';

export class NetbootEventDto {
  @ApiProperty({ format: 'date-time' })
  at!: string;
  // Not an enumeration: a bastion may be newer.
  @ApiProperty({ example: 'boot-file', description: `${NETBOOT_EVENTS.join(', ')}; more may come.` })
  type!: string;
  @ApiProperty({ example: '52:54:00:12:34:56' })
  mac!: string;
  @ApiNullable({ type: String, example: '192.168.77.100' })
  address!: string | null;
  @ApiProperty({ example: 'sent ipxe.efi' })
  text!: string;
}

export class ServerLeaseDto {
  @ApiProperty({ example: 'lab', description: 'Of a network that you may read.' })
  network!: string;
  @ApiProperty({ example: '192.168.77.100' })
  address!: string;
  @ApiProperty({ example: '52:54:00:12:34:56' })
  mac!: string;
  @ApiNullable({ type: String, format: 'date-time', description: 'Null: never.' })
  expiresAt!: string | null;
}

/** How the machine got, or didn't get, from power-on to its kernel. */
export class NetbootDto {
  @ApiProperty({ type: [NetbootEventDto], description: 'The newest, oldest first.' })
  events!: NetbootEventDto[];
  @ApiProperty({ type: [ServerLeaseDto], description: 'Addresses that it has by DHCP.' })
  leases!: ServerLeaseDto[];
}
