/** `npm run demo`: an install before your eyes, in a lab of its own that is gone afterwards. `vm` or `simulated` says which machine. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { SimulatedMachine } from '@lab/testing';
import { root } from './checkout.js';
import { LabUnderTest, PLAIN_NAME } from './lab-under-test.js';
import { VmLab } from './vm-lab.js';

interface Demo {
  lab: LabUnderTest;
  profile: string;
  mac: string;
  machine: string;
  powerOn(): Promise<void>;
  stop(): Promise<void>;
}

async function vmDemo(): Promise<Demo> {
  const site = await VmLab.create();
  const machine = await site.machine('demo');
  return {
    lab: site.lab,
    profile: 'test-installer',
    mac: machine.mac,
    machine: 'a blank UEFI virtual machine (250 GB disk, 2 GB memory) on a network of its own',
    powerOn: () => machine.powerOn(),
    stop: () => site.stop(),
  };
}

async function simulatedDemo(): Promise<Demo> {
  const lab = await LabUnderTest.create({}, PLAIN_NAME);
  const machine = new SimulatedMachine({
    bastionUrl: lab.lab.bastionUrl,
    mac: '52:54:00:de:30:01',
    linesPerStage: 8,
    pace: { stageMs: 900, pollMs: 500 },
  });
  return {
    lab,
    profile: 'fedora-43',
    mac: machine.mac,
    machine: 'a simulated machine: real HTTP, no real system',
    powerOn: () => {
      machine.run().catch(() => undefined);
      return Promise.resolve();
    },
    stop: async () => {
      machine.powerOff();
      await lab.stop();
    },
  };
}

const say = (text: string): void => void process.stdout.write(`${text}\n`);

/** Runs labctl as a person would: the command is shown, its output goes to the terminal. */
function show(demo: Demo, ...args: string[]): Promise<number | null> {
  say(`\n$ labctl ${args.join(' ')}`);
  const child = spawn(process.execPath, [join(root, 'apps/labctl/bin/run.js'), ...args], {
    env: demo.lab.env,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  return new Promise((resolve) => child.once('close', resolve));
}

async function run(demo: Demo): Promise<void> {
  say(`This demo installs ${demo.machine}.`);
  await demo.lab.start();
  say(`labd and a bastion are up. Power on: ${demo.mac}`);
  await demo.powerOn();
  await demo.lab.serverIn('discovered', demo.mac, 180_000);
  await show(demo, 'get', 'servers', '-o', 'wide');
  await show(
    demo,
    'provision',
    demo.mac,
    '--os',
    demo.profile,
    '--role',
    'worker',
    '--hostname',
    'demo1',
    '--wait',
  );
  await show(demo, 'describe', 'server', 'demo1');
  await show(demo, 'logs', 'demo1', '--tail', '5');
  await show(demo, 'get', 'servers');
}

const demo = await (process.argv[2] === 'vm' ? vmDemo() : simulatedDemo());
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void demo.stop().finally(() => process.exit(130)));
}
try {
  await run(demo);
} catch (error) {
  process.exitCode = 1;
  process.stderr.write(`error: ${error instanceof Error ? error.message : String(error)}\n`);
} finally {
  await demo.stop();
}
