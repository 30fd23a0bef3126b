import { macInPath } from '@lab/domain';
import { z } from 'zod';
import type { BastionAssets } from './assets.loader.js';
import { ipxeWord, token } from './context-values.js';
import { bastionUrl, named } from './install-kickstart.renderer.js';
import { addressesOf } from './profile-addresses.js';
import type { Profile } from './profile.schema.js';
import { macValue, parseInput } from './render-input.js';

const bootSchema = z.object({ bastionUrl });
const machineSchema = z.object({ bastionUrl, mac: macValue });
const linuxSchema = machineSchema.extend({ profile: z.string() });
const installSchema = linuxSchema.extend({
  kickstartToken: z.string().refine(token.accepts, token.rule),
});

export type BootIpxeInput = z.input<typeof bootSchema>;
export type LocalDiskIpxeInput = z.input<typeof machineSchema>;
export type DiscoverIpxeInput = z.input<typeof linuxSchema>;
export type InstallIpxeInput = z.input<typeof installSchema>;

/** `GET /boot.ipxe`: chains to the machine's own script. The same for every machine. */
export function renderBootIpxe(assets: BastionAssets, raw: BootIpxeInput): string {
  const input = parseInput(bootSchema, raw, 'The boot script');
  return assets.ipxe('boot', { bastionUrl: ipxeWord('bastionUrl', input.bastionUrl) });
}

/** `autoexec.ipxe` of the boot ISO: an address, then `/boot.ipxe`. */
export function renderIsoIpxe(assets: BastionAssets, raw: BootIpxeInput): string {
  const input = parseInput(bootSchema, raw, 'The ISO’s boot script');
  return assets.ipxe('iso', { bastionUrl: ipxeWord('bastionUrl', input.bastionUrl) });
}

/** The `discover` answer: the discovery profile's kernel with `/ks/discovery`. */
export function renderDiscoverIpxe(assets: BastionAssets, raw: DiscoverIpxeInput): string {
  const input = parseInput(linuxSchema, raw, 'The discovery script');
  return linuxScript(assets, {
    ...input,
    kickstart: '/ks/discovery',
    purpose: 'Discovery: reporting this machine',
  });
}

/** The `install` answer: the profile's kernel with `/ks/install/<token>`. Holds the kickstart token. */
export function renderInstallIpxe(assets: BastionAssets, raw: InstallIpxeInput): string {
  const input = parseInput(installSchema, raw, 'The install script');
  return linuxScript(assets, {
    ...input,
    kickstart: `/ks/install/${input.kickstartToken}`,
    purpose: `Installing ${input.profile}`,
  });
}

/** The `local-disk` answer. */
export function renderLocalDiskIpxe(assets: BastionAssets, raw: LocalDiskIpxeInput): string {
  parseInput(machineSchema, raw, 'The local boot script');
  return assets.ipxe('local-disk', { purpose: 'Booting from the local disk' });
}

/**
 * What would stop at a prompt starts again instead, and asks the bastion: dracut's emergency shell (dracut-lib.sh
 * `emergency_shell`), a kernel that panics. A profile's own arguments come later and win.
 */
const NEVER_WAIT = ['rd.shell=0', 'rd.emergency=reboot', 'panic=60'];

interface LinuxScript extends z.output<typeof linuxSchema> {
  /** Path of the kickstart on the bastion. */
  kickstart: string;
  purpose: string;
}

function linuxScript(assets: BastionAssets, script: LinuxScript): string {
  const profile: Profile = named(assets.profiles, script.profile, 'profile');
  const { kernel, initrd, stage2, repository } = addressesOf(profile, script.bastionUrl);
  const args = [
    `inst.ks=${script.bastionUrl}${script.kickstart}`,
    'inst.ks.sendmac',
    'inst.ks.sendsn',
    ...(stage2 === undefined ? [] : [`inst.stage2=${stage2}`]),
    ...(repository === undefined ? [] : [`inst.repo=${repository}`]),
    // pxelinux's notation: hardware type 1, then the MAC. dracut configures this NIC, discovery reports it.
    `BOOTIF=01-${macInPath(script.mac)}`,
    ...NEVER_WAIT,
    ...profile.arguments,
  ];
  return assets.ipxe('linux', {
    bastionUrl: ipxeWord('bastionUrl', script.bastionUrl),
    purpose: script.purpose,
    kernel: ipxeWord('kernel', kernel),
    initrd: ipxeWord('initrd', initrd),
    arguments: args.map((argument, index) => ipxeWord(`arguments.${index}`, argument)),
  });
}
