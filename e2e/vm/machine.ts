import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { LabError } from '@lab/domain';
import { programs, run } from '@lab/testing';
import { accelerator } from './accelerator.js';
import { qemuArguments, type MachineFiles, type MachineHardware, type Medium } from './qemu-arguments.js';
import { Qmp } from './qmp.js';

export interface MachineOptions extends Omit<Partial<MachineHardware>, 'name' | 'tap'> {
  name: string;
  /** The port of the network that the NIC is plugged into: `await network.addTap()`. */
  tap: string;
  /** An existing folder for the disk, the firmware's variables and the console's log. */
  folder: string;
  /** Default 250 GB, sparse: a blank one takes 200 KB of the host's disk. */
  diskBytes?: number;
}

const DISK_BYTES = 250_000_000_000;

/** Makes a blank machine and switches it on. */
export async function startMachine(options: MachineOptions): Promise<Machine> {
  const machine = await Machine.create(options);
  await machine.powerOn();
  return machine;
}

/**
 * A virtual machine with its own disk and firmware variables, which outlive power cycles as on real hardware.
 * Its power is a QEMU process: off means that there is none.
 */
export class Machine {
  private qemu: ChildProcess | undefined;
  private qmp: Qmp | undefined;
  /** While a reboot replaces the QEMU process. */
  private restarting: Promise<void> | undefined;
  private complaint = '';

  private constructor(
    public hardware: MachineHardware,
    readonly files: MachineFiles,
    private readonly program: string,
  ) {}

  static async create(options: MachineOptions): Promise<Machine> {
    const found = await programs(['qemu-system-x86_64', 'qemu-img', 'ovmf-code', 'ovmf-vars']);
    const { name, tap, folder, diskBytes, ...rest } = options;
    const id = [...name]
      .reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 0xffffff, 7)
      .toString(16)
      .padStart(6, '0');
    const hardware: MachineHardware = {
      name,
      tap,
      mac: `52:54:00:${id.slice(0, 2)}:${id.slice(2, 4)}:${id.slice(4, 6)}`,
      uuid: `1ab00000-0000-4000-8000-000000${id}`,
      serial: `LAB-${id.toUpperCase()}`,
      memoryMiB: 2048,
      firmware: 'uefi',
      bootOrder: 'disk-first',
      netboot: 'pxe',
      otherDisks: [],
      ...rest,
    };
    await mkdir(folder, { recursive: true });
    const files: MachineFiles = {
      firmwareCode: found['ovmf-code'],
      firmwareVariables: join(folder, `${name}-variables.fd`),
      disk: join(folder, `${name}.qcow2`),
      serialPort: join(folder, 'serial-port'),
      serialLog: join(folder, `${name}-console.log`),
      qmpSocket: join(folder, `${name}.qmp`),
    };
    await copyFile(found['ovmf-vars'], files.firmwareVariables);
    await run(found['qemu-img'], [
      'create',
      '-q',
      '-f',
      'qcow2',
      files.disk,
      String(diskBytes ?? DISK_BYTES),
    ]);
    await writeFile(files.serialPort, Buffer.from([0xf8, 0x03])); // 0x3f8, little-endian
    await writeFile(files.serialLog, '');
    return new Machine(hardware, files, found['qemu-system-x86_64']);
  }

  get mac(): string {
    return this.hardware.mac;
  }

  get isOn(): boolean {
    return this.qemu !== undefined || this.restarting !== undefined;
  }

  async powerOn(): Promise<void> {
    if (this.isOn) return;
    await this.spawnQemu();
  }

  private async spawnQemu(): Promise<void> {
    await rm(this.files.qmpSocket, { force: true });
    const args = qemuArguments(this.hardware, this.files, await accelerator(this.program));
    const qemu = spawn(this.program, args, { stdio: ['ignore', 'ignore', 'pipe'] });
    this.qemu = qemu;
    this.complaint = '';
    let reset = false;
    qemu.stderr.setEncoding('utf8').on('data', (text: string) => (this.complaint += text));
    qemu.once('close', () => {
      if (this.qemu !== qemu) return; // powerOff has seen to it
      this.qemu = undefined;
      // A system that powered itself off leaves the machine off; one that reboots gets a new process.
      if (reset) this.restart();
    });
    this.qmp = await Qmp.open(
      this.files.qmpSocket,
      () => (this.qemu === qemu ? undefined : this.complaint.trim()),
      (event, reason) => {
        if (event === 'SHUTDOWN' && reason?.endsWith('-reset') === true) reset = true;
      },
    );
  }

  private restart(): void {
    this.restarting = this.spawnQemu()
      .catch((error: unknown) => {
        this.complaint = error instanceof Error ? error.message : String(error);
      })
      .finally(() => {
        this.restarting = undefined;
      });
  }

  /** Pulls the plug: nothing is told to the system. */
  async powerOff(): Promise<void> {
    await this.restarting;
    const qemu = this.qemu;
    if (qemu === undefined) return;
    this.qemu = undefined;
    const closed = once(qemu, 'close');
    qemu.kill('SIGKILL');
    await closed;
    this.qmp?.close();
  }

  /** Plugs another disk in, as from the next power-on. */
  addDisk(rawImage: string): void {
    this.hardware = { ...this.hardware, otherDisks: [...this.hardware.otherDisks, rawImage] };
  }

  /** Puts a boot medium in, as from the next power-on; none takes it out. */
  insert(medium: Medium | undefined): void {
    const { medium: _before, ...hardware } = this.hardware;
    this.hardware = medium === undefined ? hardware : { ...hardware, medium };
  }

  /** Off and on again. */
  async powerCycle(): Promise<void> {
    await this.powerOff();
    await this.powerOn();
  }

  /** Stops the processors where they are, as a kernel that hangs does; the machine says nothing any more. */
  async freeze(): Promise<void> {
    await this.control().command('stop');
  }

  /** Goes on as if nothing had been. */
  async thaw(): Promise<void> {
    await this.control().command('cont');
  }

  /** The reset button. */
  async reset(): Promise<void> {
    await this.control().command('system_reset');
  }

  /** The screen as a PNG file. */
  async screendump(file: string): Promise<void> {
    await this.control().command('screendump', { filename: file, format: 'png' });
  }

  /** What a person would look at after a failure: the screen, if it is on, and all of the serial console. */
  async keepEvidence(folder: string): Promise<void> {
    await copyFile(this.files.serialLog, join(folder, `${this.hardware.name}-console.log`));
    if (this.qemu !== undefined) await this.screendump(join(folder, `${this.hardware.name}-screen.png`));
  }

  /** All that came out of the serial console since the machine was made, over all its power cycles. */
  async serial(): Promise<string> {
    return await readFile(this.files.serialLog, 'utf8');
  }

  /**
   * Waits for a line on the serial console. With `after` only what comes after that many characters counts:
   * `const before = (await vm.serial()).length; await vm.powerCycle(); await vm.serialContains(/login/, { after: before })`.
   */
  async serialContains(
    pattern: RegExp,
    options: { timeoutMs?: number; after?: number } = {},
  ): Promise<RegExpExecArray> {
    const timeoutMs = options.timeoutMs ?? 240_000;
    const deadline = Date.now() + timeoutMs;
    for (;;) {
      const text = (await this.serial()).slice(options.after ?? 0);
      const match = pattern.exec(text);
      if (match) return match;
      if (Date.now() > deadline || !this.isOn) {
        const why = this.isOn
          ? `nothing like ${String(pattern)} in ${timeoutMs / 1000} s`
          : `it is off${this.complaint === '' ? '' : `: ${this.complaint}`}`;
        throw new LabError(
          'timed-out',
          `${this.hardware.name}: ${why}. Its console's end:\n${printable(text).slice(-2000)}`,
        );
      }
      await delay(100);
    }
  }

  /** Waits until the system has switched itself off. */
  async poweredOff(timeoutMs = 60_000): Promise<void> {
    const deadline = Date.now() + timeoutMs;
    while (this.isOn) {
      if (Date.now() > deadline)
        throw new LabError('timed-out', `${this.hardware.name} is still on after ${timeoutMs / 1000} s.`);
      await delay(100);
    }
  }

  /** Switches it off for good. Its files stay, for a look at them. */
  async stop(): Promise<void> {
    await this.powerOff();
  }

  private control(): Qmp {
    if (this.qmp === undefined || !this.isOn)
      throw new LabError('environment', `${this.hardware.name} is off.`);
    return this.qmp;
  }
}

/** The firmware's menus are full of cursor movements, which must not reach a person's terminal. */
function printable(text: string): string {
  return text.replace(/\u001b\[[0-9;?]*[A-Za-z]/g, '').replace(/[^\n\t\u0020-\u007e\u00a0-\uffff]/g, '');
}
