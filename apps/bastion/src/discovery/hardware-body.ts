import { mac, parseMac, type MacAddress } from '@lab/domain';
import type { Machine } from '@lab/protocol';
import { z } from 'zod';
import { cleanLine } from '../installs/log-text.js';

/** Firmware says strange things: text is cleaned and cut, an empty or unusable value is unknown. Nothing is invented. */
const text = (max: number) =>
  z
    .string()
    .transform((value) => cleanLine(value.trim()).slice(0, max).toWellFormed())
    .transform((value) => (value === '' ? null : value))
    .nullish()
    .transform((value) => value ?? null);
const known = (max: number, fallback: string) => text(max).transform((value) => value ?? fallback);
const count = z
  .number()
  .transform((value) => (Number.isSafeInteger(value) && value >= 0 ? value : null))
  .nullish()
  .transform((value) => value ?? null);
const flag = z
  .boolean()
  .nullish()
  .transform((value) => value ?? null);

const nic = z.object({
  name: known(64, 'unknown'),
  mac: z.string().nullish(),
  driver: text(64),
  speed_mbps: count,
  link: flag,
  addresses: z.array(z.string().transform((address) => cleanLine(address).slice(0, 64))).nullish(),
});

const disk = z.object({
  name: known(64, 'unknown'),
  size_bytes: count,
  model: text(128),
  serial: text(128),
  wwn: text(128),
  by_id: text(256),
  rotational: flag,
  removable: flag,
  transport: text(32),
  has_data: flag,
});

/** `POST /api/discovery`, as docs/machine-api.md has it. */
export const hardwareBody = z.object({
  mac: z.string().max(64),
  uuid: text(64),
  serial: text(128),
  manufacturer: text(128),
  model: text(128),
  boot_mode: z
    .enum(['uefi', 'bios'])
    .nullish()
    .transform((value) => value ?? null),
  arch: text(32),
  cpu_model: text(256),
  cpu_cores: count,
  memory_bytes: count,
  nics: z.array(nic).nullish(),
  disks: z.array(disk).nullish(),
});
export type HardwareBody = z.infer<typeof hardwareBody>;

const MAX_NICS = 64;
const MAX_DISKS = 256;

/** A machine as labd is told of it. Raises `invalid` if the NIC that booted has no proper MAC address. */
export function machineOf(body: HardwareBody, seenAt: number): Machine {
  const address: MacAddress = mac(body.mac);
  return {
    mac: address,
    uuid: body.uuid,
    serial: body.serial,
    manufacturer: body.manufacturer,
    model: body.model,
    bootMode: body.boot_mode,
    arch: body.arch,
    cpuModel: body.cpu_model,
    cpuCores: body.cpu_cores,
    memoryBytes: body.memory_bytes,
    nics: (body.nics ?? []).slice(0, MAX_NICS).flatMap((item) => {
      // Infiniband and tunnels have other addresses; they aren't what boots.
      const own = parseMac(item.mac ?? '');
      if (own === undefined) return [];
      return [
        {
          name: item.name,
          mac: own,
          driver: item.driver,
          speedMbps: item.speed_mbps,
          linkUp: item.link,
          addresses: (item.addresses ?? []).slice(0, 64),
        },
      ];
    }),
    disks: (body.disks ?? []).slice(0, MAX_DISKS).map((item) => ({
      name: item.name,
      sizeBytes: item.size_bytes ?? 0,
      model: item.model,
      serial: item.serial,
      wwn: item.wwn,
      byId: item.by_id,
      rotational: item.rotational,
      removable: item.removable ?? false,
      transport: item.transport,
      hasData: item.has_data,
    })),
    seenAt: new Date(seenAt).toISOString(),
  };
}
