import { BOOT_ORDERS, isProfileName, isStageName, type StageName } from '@lab/domain';
import { z } from 'zod';
import { kernelArgument } from './context-values.js';
import { FAMILIES, packageEntry } from './package.schema.js';

/** A path inside a profile's asset folder, as a URL path: no leading slash, no `..`. */
const ASSET_PATH = /^[A-Za-z0-9_][A-Za-z0-9._+-]*(?:\/[A-Za-z0-9_][A-Za-z0-9._+-]*)*$/;

const assetAddress = z
  .string()
  .max(512)
  .refine((value) => ASSET_PATH.test(value) || /^https?:\/\//.test(value), {
    message: 'must be a path in the profile’s asset folder, or an http(s) URL',
  });

const stageName = z
  .string()
  .refine((value): value is StageName => isStageName(value), 'must be a stage of libs/domain');
const seconds = z.number().int().min(1).max(86_400);

/** A profile: what to boot and install, as data (`bastion-assets/profiles/*.yaml`). */
export const profileSchema = z.strictObject({
  /** `fedora-43`: what `--os` names, and the last part of `/assets/<name>/`. */
  name: z.string().refine(isProfileName, 'must be a profile name such as fedora-43'),
  title: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9 ._()+-]{0,127}$/, 'must be a short plain title'),
  os: z.string().regex(/^[a-z0-9][a-z0-9.-]{0,31}$/),
  version: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,31}$/),
  arch: z.string().regex(/^[a-z0-9_]{1,16}$/),
  /** Which family's repositories hold its packages; roles may ask for other packages in another family. */
  family: z.enum(FAMILIES).optional(),
  kernel: assetAddress,
  initrd: assetAddress,
  /** Address templates over `assets`, `bastion`, `version` and `arch`. */
  stage2: z.string().max(512).optional(),
  repository: z.string().max(512).optional(),
  /** Where its tree can be had: an address over `{{version}}` and `{{arch}}`, for `labctl bastion assets pull` without `--from`. */
  source: z
    .string()
    .max(512)
    .regex(/^https?:\/\/[^\s@]+$/, 'must be an http(s) URL without a user')
    .optional(),
  /** Kernel arguments beside those that every boot gets (initrd, inst.ks, inst.stage2, inst.repo, BOOTIF). */
  arguments: z.array(z.string().refine(kernelArgument.accepts, kernelArgument.rule)).max(64).default([]),
  /** The kickstart template `<name>.ks.hbs`. */
  kickstart: z
    .string()
    .regex(/^[a-z0-9-]{1,64}$/)
    .default('install'),
  filesystem: z.enum(['ext4', 'xfs']).default('xfs'),
  minMemoryBytes: z.number().int().nonnegative().default(0),
  /** Firmware that it can be installed under. */
  bootModes: z
    .array(z.enum(['uefi', 'bios']))
    .min(1)
    .max(2)
    .default(['uefi', 'bios']),
  /** What UEFI is to try first, unless the server says otherwise: the bastion at every boot, or the disk. */
  bootOrder: z.enum(BOOT_ORDERS).default('network-first'),
  packages: z.array(packageEntry).max(1000).default([]),
  /** How long stages take with this profile; what isn't named has the default of `STAGES`. */
  stages: z
    .partialRecord(
      stageName,
      z.strictObject({
        expectedSeconds: seconds.optional(),
        deadlineSeconds: seconds.optional(),
        note: z.string().max(200).optional(),
      }),
    )
    .default({}),
});
export type Profile = z.infer<typeof profileSchema>;

const MOUNT = /^\/(?:[a-z0-9._-]+(?:\/[a-z0-9._-]+)*)?$/;
const volumeName = z.string().regex(/^[a-z][a-z0-9_]{0,31}$/, 'must be a short lower-case name');

/** A disk layout: the logical volumes beside ESP (600 MiB), `/boot` (1 GiB) and one physical volume. */
export const layoutSchema = z
  .strictObject({
    name: volumeName.or(z.string().regex(/^[a-z0-9-]{1,32}$/)),
    title: z.string().max(200),
    /** The smallest disk that holds it, in bytes. */
    minDiskBytes: z.number().int().positive(),
    group: volumeName,
    volumes: z
      .array(
        z.strictObject({
          name: volumeName,
          mount: z.string().regex(MOUNT, 'must be a mount point'),
          sizeMiB: z.number().int().min(256).max(1_048_576_000),
        }),
      )
      .min(1)
      .max(32),
  })
  .refine((layout) => layout.volumes.some((volume) => volume.mount === '/'), 'needs a volume for /');
export type Layout = z.infer<typeof layoutSchema>;

const port = z.string().regex(/^[0-9]{1,5}(?:-[0-9]{1,5})?\/(?:tcp|udp)$/, 'must be like 6443/tcp');
const network = z.union([z.cidrv4(), z.cidrv6()]);

/** What a role adds to a profile. */
export const roleSchema = z.strictObject({
  name: z.string().regex(/^[a-z0-9-]{1,32}$/),
  layout: z.string().regex(/^[a-z0-9-]{1,32}$/),
  packages: z.array(packageEntry).max(1000).default([]),
  k3s: z
    .strictObject({
      modules: z.array(z.string().regex(/^[a-z0-9_-]{1,64}$/)).max(64),
      sysctl: z.record(
        z.string().regex(/^[a-z0-9_.-]{1,128}$/),
        z.string().regex(/^[A-Za-z0-9 _.-]{1,128}$/),
      ),
      firewall: z.strictObject({ ports: z.array(port).max(64), trusted: z.array(network).max(64) }),
    })
    .optional(),
});
export type RoleData = z.infer<typeof roleSchema>;
