import { isHostname, macInPath } from '@lab/domain';
import { z } from 'zod';
import type { BastionAssets } from './assets.loader.js';
import type { BootMedium, StaticAddress } from './boot-medium.js';
import { ipxeText, ipxeWord, token } from './context-values.js';
import { bastionUrl, named } from './install-kickstart.renderer.js';
import { addressesOf } from './profile-addresses.js';
import type { Profile } from './profile.schema.js';
import { macValue, parseInput } from './render-input.js';

const bastion = z.string().refine(isHostname, 'must be an RFC 1123 name');
const bootSchema = z.object({
  bastionUrl,
  /** The bastion's name, which the console shows. */
  bastion,
});
const machineSchema = bootSchema.extend({
  mac: macValue,
  /** Why the machine gets this script, for the person who looks at its screen. */
  reason: z.string(),
});
const linuxSchema = machineSchema.extend({ profile: z.string() });
const installSchema = linuxSchema.extend({
  /** The server's name, for the screen. */
  server: z.string(),
  kickstartToken: z.string().refine(token.accepts, token.rule),
});

export type BootIpxeInput = z.input<typeof bootSchema>;
export type LocalDiskIpxeInput = z.input<typeof machineSchema>;
export type DiscoverIpxeInput = z.input<typeof linuxSchema>;
export type InstallIpxeInput = z.input<typeof installSchema>;

/** `GET /boot.ipxe`: chains to the machine's own script. The same for every machine. */
export function renderBootIpxe(assets: BastionAssets, raw: BootIpxeInput): string {
  const input = parseInput(bootSchema, raw, 'The boot script');
  return assets.ipxe('boot', origin(input));
}

/** `autoexec.ipxe` of a boot medium: which machine, an address, then `/boot.ipxe`. */
export function renderMediumIpxe(
  assets: BastionAssets,
  raw: BootIpxeInput,
  { macs, address }: BootMedium,
): string {
  const input = parseInput(bootSchema, raw, 'The boot medium’s script');
  return assets.ipxe('iso', {
    ...origin(input),
    macs,
    machines: macs.join(', '),
    static: address === null ? null : staticAddress(address),
  });
}

/** The `discover` answer: the discovery profile's kernel with `/ks/discovery`. */
export function renderDiscoverIpxe(assets: BastionAssets, raw: DiscoverIpxeInput): string {
  const input = parseInput(linuxSchema, raw, 'The discovery script');
  return linuxScript(assets, {
    ...input,
    kickstart: '/ks/discovery',
    purpose: `Discovery: reporting this machine (${input.reason})`,
  });
}

/** The `install` answer: the profile's kernel with `/ks/install/<token>`. Holds the kickstart token. */
export function renderInstallIpxe(assets: BastionAssets, raw: InstallIpxeInput): string {
  const input = parseInput(installSchema, raw, 'The install script');
  return linuxScript(assets, {
    ...input,
    kickstart: `/ks/install/${input.kickstartToken}`,
    purpose: `Installing ${input.profile} on ${input.server} (${input.reason})`,
  });
}

/** The `local-disk` answer. */
export function renderLocalDiskIpxe(assets: BastionAssets, raw: LocalDiskIpxeInput): string {
  const input = parseInput(machineSchema, raw, 'The local boot script');
  return assets.ipxe('local-disk', {
    ...origin(input),
    purpose: ipxeText(`Booting from the local disk (${input.reason})`),
  });
}

/** Which bastion a script is from. */
const origin = (input: z.output<typeof bootSchema>): { bastion: string; bastionUrl: string } => ({
  bastion: input.bastion,
  bastionUrl: ipxeWord('bastionUrl', input.bastionUrl),
});

/** In iPXE's settings, and as dracut takes them (dracut.cmdline(7)): client, peer, gateway, netmask, name, interface, method. */
function staticAddress(address: StaticAddress): Readonly<Record<string, string | null>> {
  const { ip, netmask, gateway, dns } = address;
  const kernelArguments = [
    `ip=${ip}::${gateway ?? ''}:${netmask}:::none`,
    ...(dns === null ? [] : [`nameserver=${dns}`]),
  ].join(' ');
  return { address: ip, netmask, gateway, dns, kernelArguments };
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
  const words = args.map((argument, index) => ipxeWord(`arguments.${index}`, argument));
  return assets.ipxe('linux', {
    ...origin(script),
    purpose: ipxeText(script.purpose),
    profile: profile.name,
    kernel: ipxeWord('kernel', kernel),
    initrd: ipxeWord('initrd', initrd),
    arguments: words,
    argumentsWithoutAddress: words.filter((word) => !/^(?:ip|nameserver)=/.test(word)),
  });
}
