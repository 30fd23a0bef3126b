/** Who reports a stage: the bastion itself, or a kickstart section, or the installed system. */
export type StageReporter = 'bastion' | 'pre' | 'pre-install' | 'post' | 'first-boot';

export interface StageDefinition {
  /** What a person reads in the live view. */
  title: string;
  reporter: StageReporter;
  /** How long it usually takes on real hardware, in seconds. */
  expectedSeconds: number;
  /** After this many seconds without its end the install is `Stuck`. */
  deadlineSeconds: number;
}

/** Every stage of an install, in the order in which they begin. The one list that renderer, bastion, labd and CLI share. */
export const STAGES = {
  boot: { title: 'Boot script served', reporter: 'bastion', expectedSeconds: 30, deadlineSeconds: 300 },
  kickstart: { title: 'Kickstart fetched', reporter: 'bastion', expectedSeconds: 60, deadlineSeconds: 600 },
  pre: { title: 'Pre-installation script', reporter: 'pre', expectedSeconds: 15, deadlineSeconds: 300 },
  hardware: { title: 'Hardware check', reporter: 'pre', expectedSeconds: 3, deadlineSeconds: 60 },
  disk: { title: 'Disk choice', reporter: 'pre', expectedSeconds: 3, deadlineSeconds: 60 },
  network: { title: 'Network check', reporter: 'pre', expectedSeconds: 3, deadlineSeconds: 60 },
  partitioning: { title: 'Partitioning', reporter: 'pre-install', expectedSeconds: 60, deadlineSeconds: 900 },
  packages: { title: 'Packages', reporter: 'post', expectedSeconds: 420, deadlineSeconds: 3600 },
  post: { title: 'Post-installation script', reporter: 'post', expectedSeconds: 30, deadlineSeconds: 900 },
  bootloader: { title: 'Boot loader', reporter: 'post', expectedSeconds: 3, deadlineSeconds: 120 },
  'boot-order': { title: 'EFI boot order', reporter: 'post', expectedSeconds: 2, deadlineSeconds: 60 },
  hostname: { title: 'Host name', reporter: 'post', expectedSeconds: 1, deadlineSeconds: 60 },
  users: { title: 'Users', reporter: 'post', expectedSeconds: 1, deadlineSeconds: 60 },
  ssh: { title: 'SSH', reporter: 'post', expectedSeconds: 2, deadlineSeconds: 60 },
  certificates: { title: 'CA certificates', reporter: 'post', expectedSeconds: 2, deadlineSeconds: 120 },
  'k3s-prep': { title: 'k3s preparation', reporter: 'post', expectedSeconds: 5, deadlineSeconds: 300 },
  metadata: { title: 'Metadata', reporter: 'post', expectedSeconds: 1, deadlineSeconds: 60 },
  reboot: { title: 'Reboot', reporter: 'bastion', expectedSeconds: 90, deadlineSeconds: 900 },
  'first-boot': { title: 'First boot', reporter: 'first-boot', expectedSeconds: 30, deadlineSeconds: 600 },
} as const satisfies Record<string, StageDefinition>;

export type StageName = keyof typeof STAGES;

/** The stages in order. */
export const STAGE_NAMES = Object.keys(STAGES) as readonly StageName[];

export const isStageName = (text: string): text is StageName => Object.hasOwn(STAGES, text);

/** Stages that run within another one, the section that reports them: their start doesn't end it. */
export const STAGE_WITHIN: Readonly<Partial<Record<StageName, StageName>>> = {
  hardware: 'pre',
  disk: 'pre',
  network: 'pre',
  bootloader: 'post',
  hostname: 'post',
  users: 'post',
  ssh: 'post',
  certificates: 'post',
  'k3s-prep': 'post',
  'boot-order': 'post',
  metadata: 'post',
};

/** `pending` → `running` → one of the other two. A stage that ends unasked (the next began) counts as `succeeded`. */
export type StageState = 'pending' | 'running' | 'succeeded' | 'failed';

/** What a machine or a bastion says about a stage. */
export type StageEvent = 'started' | 'ended' | 'failed';

/** What the traps of a kickstart section caught. Lines count from 1 in the section's own text. */
export interface StageFailure {
  section: string;
  stage: StageName;
  line: number | null;
  command: string | null;
  exitCode: number | null;
  lastLines: readonly string[];
}
