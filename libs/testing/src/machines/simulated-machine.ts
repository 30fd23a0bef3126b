import {
  STAGES,
  STAGE_NAMES,
  mac as parsedMac,
  macInPath,
  type MacAddress,
  type StageName,
} from '@lab/domain';
import { bootStep, expandIpxe, type BootStep } from './ipxe-script.js';
import { MachineHttp } from './machine-http.js';

/** How fast a simulated machine lives. Milliseconds. */
export interface Pace {
  /** Each stage takes this long; 0 is as fast as the bastion answers. */
  stageMs: number;
  /** Between two questions of a machine in discovery; the bastion's own word if undefined. */
  pollMs?: number;
}

export interface SimulatedMachineOptions {
  /** Base URL of the bastion, as DHCP would hand it out. */
  bastionUrl: string;
  mac: string;
  /** What its firmware says of it; made of the MAC address if left out. */
  uuid?: string;
  serial?: string;
  pace?: Pace;
  /** Log lines that each stage writes. */
  linesPerStage?: number;
  /** The stage that fails, once. */
  failAt?: StageName;
  /** What that stage writes to its log before it fails. */
  failLines?: readonly string[];
}

/** What a simulated machine has done, to compare with what the product says of it. */
export interface MachineHistory {
  boots: BootStep['action'][];
  /** Stage events in the order in which they were reported: `disk started`. */
  stages: string[];
  /** Texts of all log lines that the bastion took, in order. */
  lines: string[];
}

const SECTION_STAGES: Record<'pre' | 'post', readonly StageName[]> = {
  pre: STAGE_NAMES.filter((name) => STAGES[name].reporter === 'pre' && name !== 'pre'),
  post: STAGE_NAMES.filter(
    (name) => STAGES[name].reporter === 'post' && name !== 'post' && name !== 'packages',
  ),
};

/**
 * A machine's side of the product over real HTTP: iPXE script, discovery, kickstart, stages, log lines, first boot.
 * It keeps what it could not deliver and tries again, as the observe library does.
 */
export class SimulatedMachine {
  readonly mac: MacAddress;
  readonly history: MachineHistory = { boots: [], stages: [], lines: [] };
  readonly #options: SimulatedMachineOptions;
  readonly #http: MachineHttp;
  readonly #off = new AbortController();
  /** What stands on its disk: the report token that the installed system's first boot uses. */
  #disk: { token: string; seq: number; hasBooted: boolean } | undefined;
  #hasFailed = false;

  constructor(options: SimulatedMachineOptions) {
    this.#options = options;
    this.mac = parsedMac(options.mac);
    this.#http = new MachineHttp(options.bastionUrl, this.#off.signal);
  }

  /** Lives from power-on until its system runs from its disk, through as many boots as that takes. */
  async run(): Promise<void> {
    for (;;) {
      const step = await this.#boot();
      this.history.boots.push(step.action);
      if (step.action === 'discover') await this.#discover();
      else if (step.action === 'install') await this.#install(step.kickstart);
      else {
        await this.#bootFromDisk();
        return;
      }
    }
  }

  /** Cuts its power: `run` rejects, nothing more is reported. */
  powerOff(): void {
    this.#off.abort(new Error(`machine ${this.mac} was powered off`));
  }

  /** Reads the iPXE scripts as iPXE would, from `/boot.ipxe` on. */
  async #boot(): Promise<BootStep> {
    const variables = {
      'netX/mac:hexhyp': macInPath(this.mac),
      'net0/mac:hexhyp': macInPath(this.mac),
      'net0/mac': this.mac,
      uuid: this.uuid,
      serial: this.serial,
      platform: 'efi',
      buildarch: 'x86_64',
    };
    const first = expandIpxe(await this.#http.text('/boot.ipxe'), variables);
    const chained = bootStep(first);
    return chained.action === 'chain'
      ? bootStep(expandIpxe(await this.#http.text(chained.url), variables))
      : chained;
  }

  async #discover(): Promise<void> {
    await this.#http.text('/ks/discovery');
    const answer = await this.#http.deliver('/api/discovery', this.#hardware());
    const pollMs = this.#options.pace?.pollMs ?? (answer as { pollSeconds: number }).pollSeconds * 1000;
    for (;;) {
      const { action } = (await this.#http.json(`/api/boot/${macInPath(this.mac)}`)) as { action: string };
      if (action !== 'discover') return;
      await this.#http.pause(pollMs);
    }
  }

  async #install(kickstartUrl: string): Promise<void> {
    const kickstart = await this.#http.text(kickstartUrl);
    const token = /^LAB_TOKEN='?([\w-]+)'?$/m.exec(kickstart)?.[1];
    if (token === undefined) throw new Error('the kickstart holds no report token');
    const report = new InstallReport(this.#http, token, this.history, this.#options);
    const failAt = this.#hasFailed ? undefined : this.#options.failAt;

    this.#hasFailed = !(await report.sections(failAt));
    if (this.#hasFailed) return;
    this.#disk = { token, seq: report.seq, hasBooted: false };
  }

  async #bootFromDisk(): Promise<void> {
    const disk = this.#disk;
    if (disk === undefined)
      throw new Error(`machine ${this.mac} was told to boot from its disk, which is blank`);
    if (disk.hasBooted) return;
    const report = new InstallReport(this.#http, disk.token, this.history, this.#options, disk.seq);
    await report.event('first-boot', 'started');
    await report.lines('first-boot');
    await report.event('first-boot', 'ended', {
      facts: {
        os: 'Simulated Linux 1',
        kernel: '6.17.1',
        hostname: `sim-${macInPath(this.mac)}`,
        addresses: ['127.0.0.1/8'],
        host_keys: [],
      },
    });
    disk.hasBooted = true;
  }

  get uuid(): string {
    return this.#options.uuid ?? `00000000-0000-4000-8000-${this.mac.replaceAll(':', '')}`;
  }

  get serial(): string {
    return this.#options.serial ?? `SIM-${this.mac.replaceAll(':', '').toUpperCase()}`;
  }

  #hardware(): object {
    return {
      mac: this.mac,
      uuid: this.uuid,
      serial: this.serial,
      manufacturer: 'Simulated',
      model: 'Machine 1',
      boot_mode: 'uefi',
      arch: 'x86_64',
      cpu_model: 'Simulated CPU',
      cpu_cores: 8,
      memory_bytes: 16 * 2 ** 30,
      nics: [
        {
          name: 'ens3',
          mac: this.mac,
          driver: 'virtio_net',
          speed_mbps: 1000,
          link: true,
          addresses: ['127.0.0.1/8'],
        },
      ],
      disks: [
        {
          name: 'vda',
          size_bytes: 250 * 10 ** 9,
          model: 'SIMDISK',
          serial: `D-${this.serial}`,
          wwn: null,
          by_id: `/dev/disk/by-id/virtio-${this.serial}`,
          rotational: false,
          removable: false,
          transport: 'virtio',
          has_data: false,
        },
      ],
    };
  }
}

/** What one install says to the bastion, with the sequence numbers that make repeats harmless. */
class InstallReport {
  seq: number;
  #lineSeq = new Map<string, number>();

  constructor(
    readonly http: MachineHttp,
    readonly token: string,
    readonly history: MachineHistory,
    readonly options: SimulatedMachineOptions,
    seq = 0,
  ) {
    this.seq = seq;
  }

  /** `%pre`, the installer's own work, `%post`; false if a stage failed, after which nothing more runs. */
  async sections(failAt: StageName | undefined): Promise<boolean> {
    await this.event('pre', 'started');
    if (!(await this.stages(SECTION_STAGES.pre, failAt))) return false;
    await this.event('pre', 'ended');
    if (!(await this.stages(['partitioning', 'packages'], failAt))) return false;
    await this.event('post', 'started');
    if (!(await this.stages(SECTION_STAGES.post, failAt))) return false;
    await this.event('post', 'ended');
    return true;
  }

  /** Stages one after the other, up to the one that fails; false if one did. */
  async stages(stages: readonly StageName[], failAt: StageName | undefined): Promise<boolean> {
    for (const stage of stages) if (!(await this.stage(stage, failAt))) return false;
    return true;
  }

  /** A whole stage: started, its log lines, ended. False if this is the one that fails. */
  async stage(stage: StageName, failAt: StageName | undefined): Promise<boolean> {
    await this.event(stage, 'started');
    await this.lines(stage);
    if (this.options.pace !== undefined) await this.http.pause(this.options.pace.stageMs);
    if (stage === failAt) {
      if (this.options.failLines !== undefined) await this.write(stage, this.options.failLines);
      await this.event(stage, 'failed', {
        message: 'the simulated command failed',
        failure: {
          section: `%${STAGES[stage].reporter}`,
          stage,
          line: 1,
          command: 'false',
          exit_code: 1,
          last_lines: [`${stage}: about to fail`],
        },
      });
      return false;
    }
    await this.event(stage, 'ended');
    return true;
  }

  async event(stage: StageName, event: 'started' | 'ended' | 'failed', more: object = {}): Promise<void> {
    this.seq += 1;
    const section = STAGES[stage].reporter;
    await this.http.deliver(
      '/api/progress',
      { stage, event, seq: this.seq, at: new Date().toISOString(), section, ...more },
      this.token,
    );
    this.history.stages.push(`${stage} ${event}`);
  }

  async lines(stage: StageName): Promise<void> {
    const count = this.options.linesPerStage ?? 3;
    const texts = Array.from({ length: count }, (_, index) => `${stage}: line ${index + 1} of ${count}`);
    await this.write(stage, texts);
  }

  /** Lines that the stage writes to its log. */
  async write(stage: StageName, texts: readonly string[]): Promise<void> {
    const source = STAGES[stage].reporter === 'first-boot' ? 'first-boot' : 'anaconda';
    for (let sent = 0; sent < texts.length; sent += 500) {
      const lines = texts.slice(sent, sent + 500).map((text) => {
        const seq = (this.#lineSeq.get(source) ?? 0) + 1;
        this.#lineSeq.set(source, seq);
        return { seq, at: new Date().toISOString(), source, text };
      });
      await this.http.deliver('/api/log', { lines }, this.token);
      this.history.lines.push(...lines.map((line) => line.text));
    }
  }
}
