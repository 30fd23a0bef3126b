import type { StageName } from '../stages.js';

/**
 * What a failure of an installer looks like in a log, and what it means.
 *
 * The lines are given as fragments (see fragments.ts): `*` stands for any text, case doesn't matter. How much a line says
 * decides which list its fragment is in, and a line of the first list counts before one of the second, and so on.
 */
export interface DiagnosisRule {
  /** Kebab-case; the heading in docs/runbooks/failed-installs.md. */
  id: string;
  /** Lines that name the cause itself. */
  causes?: readonly string[];
  /** Lines that say what didn't work, which may have come from something that an earlier line names. */
  symptoms?: readonly string[];
  /** Lines that only say that the installer stopped: a traceback's heading, the frame of its last message. */
  endings?: readonly string[];
  /** Lines that successful installs may have too: never more than `likely`, and only if nothing else is known. */
  hints?: readonly string[];
  /** A line that holds one of these is something else. */
  not?: readonly string[];
  /** Where such a line means that; everywhere if not given. */
  stages?: readonly StageName[];
  /** It is about scripts of the kickstart: what the installer's or a package's own scripts write says nothing of them. */
  ofScripts?: true;
  /** It only counts if what failed ended with one of these codes. */
  exitCodes?: readonly number[];
  /** Whoever wrote the line tries again: a cause that comes after it, and can't have come from it, counts before it. */
  retried?: true;
  /** It can come from a network that doesn't work. */
  needsNetwork?: true;
  /** Other stages have such lines without harm: it only counts in what the failed stage wrote. */
  ownStageOnly?: true;
  /** The cause in a few words, as a person would tell another. */
  cause: string;
  /** Why that happens: one or two sentences. */
  explanation: string;
  /** What to do next: one sentence or command, for somebody with a shell and no documentation. */
  next: string;
  /** The program and file that writes such lines. */
  source: string;
  /** A line as the programs concerned write it. */
  example: string;
  /** The line nearest to it that successful installs have. */
  harmless: string;
}

/** Up to the installer's start: firmware, iPXE, kernel, dracut. */
export const BOOT_STAGES = ['boot', 'kickstart'] as const satisfies readonly StageName[];

/** The installer's own stages, after which sections run in the installed system. */
export const INSTALLER_STAGES = [
  ...BOOT_STAGES,
  'pre',
  'hardware',
  'disk',
  'network',
  'partitioning',
  'packages',
] as const satisfies readonly StageName[];

/** The stages of a kickstart's sections, whose scripts are ours and our users'. */
export const SECTION_STAGES = [
  'pre',
  'hardware',
  'disk',
  'network',
  'post',
  'bootloader',
  'boot-order',
  'hostname',
  'users',
  'ssh',
  'certificates',
  'k3s-prep',
  'metadata',
] as const satisfies readonly StageName[];

/** When the firmware starts something: over the network, or the installed disk. */
export const FIRMWARE_STAGES = [
  ...BOOT_STAGES,
  'reboot',
  'first-boot',
] as const satisfies readonly StageName[];
