import fc from 'fast-check';
import type { Machine } from '@lab/protocol';
import { aMachine } from '@lab/testing';

/** A machine of a generated fleet: a board, or a virtual machine. What is null is unknown to its firmware. */
export interface Blueprint {
  /** Made up by a hypervisor: its addresses are locally administered. */
  virtual: boolean;
  /** One's own, one that a whole make shares (by number), or none. */
  uuid: 'own' | 'none' | 0 | 1;
  serial: 'own' | 'none' | 0 | 1;
  /** Its firmware tells iPXE the first fields of the UUID the other way round (SMBIOS before 2.6). */
  swapsUuid: boolean;
  /** None: it boots from what is plugged in, and that may be carried away. */
  ports: 0 | 1 | 2;
  /** A card that can be carried to another machine, and is while the fleet lives. */
  card: boolean;
  /** A USB adapter, likewise. */
  adapter: boolean;
  /** All BMCs of a make show their host a NIC with the same address. */
  bmc: boolean;
  disks: 0 | 1 | 2;
  /** Sees a LUN that the others see, too. */
  lun: boolean;
  bastion: number;
}

/** What happens to a fleet. Numbers choose a machine, a server or a NIC of those that there are. */
export type FleetEvent =
  | { type: 'report'; machine: number; nic: number }
  | { type: 'order' | 'end'; server: number }
  | { type: 'board'; machine: number; keepsSerial: boolean }
  | { type: 'carry'; machine: number; to: number; what: 'card' | 'adapter' }
  | { type: 'disk'; machine: number }
  | { type: 'rack'; machine: number; bastion: number }
  | { type: 'adopt'; server: number; from: number };

export interface Fleet {
  machines: Blueprint[];
  events: FleetEvent[];
}

/** Two bastions of one cloud, and one of another. */
export const BASTIONS = [
  { name: 'site-a', cloud: 'default' },
  { name: 'site-b', cloud: 'default' },
  { name: 'site-e', cloud: 'evil' },
] as const;

const number = fc.nat({ max: 11 });
const numbered = fc.constantFrom('own' as const, 'own' as const, 'none' as const, 0 as const, 1 as const);

const blueprint: fc.Arbitrary<Blueprint> = fc.record({
  virtual: fc.boolean(),
  uuid: numbered,
  serial: numbered,
  swapsUuid: fc.boolean(),
  ports: fc.constantFrom(0 as const, 1 as const, 1 as const, 2 as const),
  card: fc.boolean(),
  adapter: fc.boolean(),
  bmc: fc.boolean(),
  disks: fc.constantFrom(0 as const, 1 as const, 2 as const),
  lun: fc.boolean(),
  bastion: fc.constantFrom(0, 0, 0, 1, 2),
});

const event: fc.Arbitrary<FleetEvent> = fc.oneof(
  { weight: 8, arbitrary: fc.record({ type: fc.constant('report' as const), machine: number, nic: number }) },
  { weight: 2, arbitrary: fc.record({ type: fc.constant('order' as const), server: number }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('end' as const), server: number }) },
  {
    weight: 1,
    arbitrary: fc.record({ type: fc.constant('board' as const), machine: number, keepsSerial: fc.boolean() }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      type: fc.constant('carry' as const),
      machine: number,
      to: number,
      what: fc.constantFrom('card' as const, 'adapter' as const),
    }),
  },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('disk' as const), machine: number }) },
  {
    weight: 1,
    arbitrary: fc.record({
      type: fc.constant('rack' as const),
      machine: number,
      bastion: fc.nat({ max: 2 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('adopt' as const), server: number, from: number }) },
);

const hasNumber = ({ uuid, serial }: Blueprint): boolean => uuid === 'own' || serial === 'own';

/**
 * Where a machine without ports is, all have a number of their own: nobody could tell that a card was carried from or to one
 * that has neither.
 */
const tellable = (machines: Blueprint[]): Blueprint[] =>
  machines.every(hasNumber)
    ? machines
    : machines.map((machine) => ({ ...machine, ports: machine.ports === 0 ? 1 : machine.ports }));

export const fleets: fc.Arbitrary<Fleet> = fc.record({
  machines: fc.array(blueprint, { minLength: 2, maxLength: 6 }).map(tellable),
  events: fc.array(event, { minLength: 4, maxLength: 40 }),
});

type Nic = Machine['nics'][number];
type Disk = Machine['disks'][number];

/** A machine as it stands in its rack. */
export class RackedMachine {
  ports: Nic[] = [];
  cards: Nic[] = [];
  adapters: Nic[] = [];
  uuid: string | null;
  serial: string | null;
  disks: Disk[];
  bastion: number;
  #spares = 0;

  constructor(
    readonly id: number,
    private readonly blueprint: Blueprint,
  ) {
    this.uuid = this.#number(blueprint.uuid, (own) => `4c4c4544-0000-4000-8000-${own.padStart(12, '0')}`);
    this.serial = this.#number(blueprint.serial, (own) => `SN-${own}`);
    this.bastion = blueprint.bastion;
    this.disks = Array.from({ length: blueprint.disks }, (_, disk) => this.#disk(`${disk}`));
    this.#solder();
    const { virtual } = blueprint;
    if (blueprint.card && !virtual) this.cards = [this.#nic('enp3s0', 'mlx5_core', '3c', 0x10)];
    if (blueprint.adapter && !virtual) this.adapters = [this.#nic('enp0s20f0u2', 'r8152', '00', 0x20)];
  }

  get isVirtual(): boolean {
    return this.blueprint.virtual;
  }

  get nics(): Nic[] {
    const bmc = {
      ...this.#nic('enp0s20f0u1u6', 'cdc_ether', 'be', 0),
      mac: 'be:3a:f2:b6:05:9f' as Nic['mac'],
    };
    return [...this.ports, ...this.cards, ...this.adapters, ...(this.blueprint.bmc ? [bmc] : [])];
  }

  /** What it may boot from: nothing boots from the NIC that leads to its BMC. */
  get bootable(): Nic[] {
    return [...this.ports, ...this.cards, ...this.adapters];
  }

  /** A new board has ports and a UUID of its own; a serial number is written into it if somebody cares. */
  replaceBoard(keepsSerial: boolean): void {
    this.#spares += 1;
    this.uuid = this.#number(
      this.blueprint.uuid,
      (own) => `5d5d4544-000${this.#spares % 10}-4000-8000-${own.padStart(12, '0')}`,
    );
    if (!keepsSerial) this.serial = this.#number(this.blueprint.serial, (own) => `SN-${own}-${this.#spares}`);
    this.#solder();
  }

  replaceDisk(): void {
    this.#spares += 1;
    this.disks = this.disks.map((disk, index) => (index === 0 ? this.#disk(`new${this.#spares}`) : disk));
  }

  seen(bootNic: number, at: number): Machine {
    const { bootable } = this;
    const mac = bootable[bootNic % bootable.length]?.mac;
    if (mac === undefined) throw new Error('a machine without a NIC');
    const lun = { ...this.#disk('lun'), name: 'sdx', serial: 'LUN-1', wwn: '0x600a1', transport: 'fc' };
    return aMachine(this.id, {
      mac,
      uuid: this.uuid,
      serial: this.serial,
      nics: this.nics,
      disks: [...this.disks, ...(this.blueprint.lun ? [lun] : [])],
      seenAt: new Date(at).toISOString(),
    });
  }

  /** What it says of itself when it asks for its boot script, as iPXE spells it. */
  asks(): { uuid: string; serial: string } {
    const uuid = this.uuid?.toUpperCase() ?? '';
    const [low = '', mid = '', high = '', ...rest] = uuid.split('-');
    const reversed = [low, mid, high].map((field) => (field.match(/../g) ?? []).reverse().join(''));
    return {
      uuid: this.blueprint.swapsUuid && uuid !== '' ? [...reversed, ...rest].join('-') : uuid,
      serial: this.serial === null ? '' : ` ${this.serial} `,
    };
  }

  #number(kind: Blueprint['uuid'], own: (id: string) => string): string | null {
    if (kind === 'none') return null;
    return kind === 'own' ? own(String(this.id)) : own(`ffff${kind}`);
  }

  #solder(): void {
    const { virtual, ports } = this.blueprint;
    this.ports = Array.from({ length: ports }, (_, port) =>
      virtual
        ? this.#nic(`ens${3 + port}`, 'virtio_net', '52', port)
        : this.#nic(`eno${1 + port}`, 'igb', '3c', port),
    );
  }

  #nic(name: string, driver: string, vendor: string, port: number): Nic {
    const mac = [
      vendor,
      'ec',
      'ef',
      ...[this.#spares, this.id, port].map((part) => part.toString(16).padStart(2, '0')),
    ];
    return { name, mac: mac.join(':') as Nic['mac'], driver, speedMbps: 1000, linkUp: true, addresses: [] };
  }

  #disk(serial: string): Disk {
    const own = `DISK-${this.id}-${serial}`;
    return {
      ...{
        name: `sd${serial.at(-1) ?? 'a'}`,
        sizeBytes: 250e9,
        model: 'QEMU',
        serial: own,
        wwn: null,
        byId: null,
      },
      ...{ rotational: false, removable: false, transport: 'sata', hasData: false },
    };
  }
}
