import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SimulatedMachine } from '@lab/testing';
import { withLabctl } from '../checkout.js';
import { LabUnderTest, eventually } from '../lab-under-test.js';
import { Tmux } from '../tmux.js';

/** labctl on a real terminal, against a real labd, bastion and database. */
describe('labctl on a terminal', () => {
  let lab: LabUnderTest;
  let folder: string;
  let env: NodeJS.ProcessEnv;
  /** The terminal of the test that runs. */
  let tmux: Tmux;
  const machines: SimulatedMachine[] = [];

  beforeAll(async () => {
    lab = await LabUnderTest.create();
    await lab.start();
    folder = mkdtempSync(join(tmpdir(), 'lab-terminal-'));
    env = { ...lab.env, HOME: folder, PATH: withLabctl(join(folder, 'bin')) };
  });
  afterEach(() => tmux.stop());
  afterAll(async () => {
    for (const machine of machines) machine.powerOff();
    await lab.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  async function discovered(number: number, failAt?: 'packages'): Promise<string> {
    const mac = `52:54:00:00:1a:0${number}`;
    const machine = new SimulatedMachine({
      bastionUrl: lab.lab.bastionUrl,
      mac,
      pace: { stageMs: 60, pollMs: 200 },
      ...(failAt !== undefined && { failAt, failLines: ['No match for argument: k3s-selinux'] }),
    });
    machines.push(machine);
    machine.run().catch(() => undefined);
    await lab.serverIn('discovered', mac);
    return mac;
  }
  const order = (mac: string, name: string): string =>
    `labctl provision ${mac} --os fedora-43 --role worker --hostname ${name} --wait`;

  it('draws the stages of an install in their place, in colour', async () => {
    const mac = await discovered(1);
    tmux = await Tmux.start(80, 40, env);
    await tmux.enter(order(mac, 'node1'));
    await tmux.shows(/✓ Kickstart fetched +\d+s[^]*\n {2}· First boot/);
    await tmux.shows(/server\/node1 installed/);
    const coloured = await tmux.screen({ coloured: true });
    // Each stage stands there once, green; the heading says how it ended.
    const stages = [...coloured.matchAll(/\u001b\[32m✓ (\S.*?) +\d+s/g)].map(([, title]) => title);
    expect(stages).toHaveLength(19);
    expect(new Set(stages).size).toBe(19);
    expect((await tmux.everything()).match(/^node1: /gm)).toHaveLength(1);
  });

  it('shows in 40 columns what fits, and the cause of a failure below', async () => {
    const mac = await discovered(2, 'packages');
    tmux = await Tmux.start(40, 50, env);
    await tmux.enter(order(mac, 'node2'));
    const screen = await tmux.shows(/^hint: Read the log[^]*\n\$ ?\n*$/m);
    expect(screen).toMatch(/✗ Packages/);
    expect(screen.match(/Kickstart fetched/g)).toHaveLength(1);
    expect(screen.replaceAll('\n', ' ')).toMatch(/evidence .*> No match for argument: k3s-selinux/);
    const coloured = await tmux.screen({ coloured: true });
    expect(coloured).toMatch(/\u001b\[31m✗ Packages/);
    expect(coloured).toMatch(/\u001b\[31m(\u001b\[49m)?error:\u001b\[39m the install of node2 failed/);
  });

  it('keeps its place when the window is made smaller, and lets go of it on Ctrl-C', async () => {
    const mac = await discovered(3);
    // It never comes for its plan.
    machines.at(-1)?.powerOff();
    tmux = await Tmux.start(100, 40, env);
    await tmux.enter(order(mac, 'node3'));
    await tmux.shows(/node3: queued/);
    await tmux.resize(60, 40);
    await tmux.shows(/· First boot/);
    await tmux.press('C-c');
    const screen = await tmux.shows(/The install goes on/);
    expect(screen.match(/Kickstart fetched/g)).toHaveLength(1);
    await tmux.enter('echo "code $?"');
    await tmux.shows(/^code 130$/m);
  });

  it('follows the stages of an install that somebody else began', async () => {
    const mac = await discovered(4);
    await lab.labctl(...order(mac, 'node4').split(' ').slice(1, -1));
    tmux = await Tmux.start(80, 40, env);
    await tmux.enter('labctl logs node4 -f --stages');
    await tmux.shows(/^node4: succeeded\.[^]*✓ First boot/m);
  });

  it('asks before it destroys, and hides what is secret', async () => {
    await lab.labctl('create', 'network', 'lab', '--cidr', '10.9.0.0/16');
    tmux = await Tmux.start(80, 24, env);
    await tmux.enter('labctl delete network lab');
    await tmux.shows(/Type the name "lab" to go on:$/m);
    await tmux.enter('lap');
    await tmux.shows(/error: the name was not confirmed; nothing was done/);
    await tmux.enter('clear; labctl delete network lab');
    await tmux.shows(/to go on:$/m);
    await tmux.press('l', 'x', 'BSpace', 'a', 'b', 'Enter');
    await tmux.shows(/^network\/lab deleted$/m);
    await tmux.enter(
      `clear; LABCTL_CONFIG=${folder}/other.yaml labctl login ${lab.lab.labdUrl} --username admin`,
    );
    await tmux.shows(/[Pp]assword.*:$/m);
    await tmux.enter('not-the-password');
    const screen = await tmux.shows(/error: /);
    expect(screen).not.toContain('not-the-password');
  });

  it('leaves Ctrl-C to an editor, and ends with one that it ends', async () => {
    await lab.labctl('create', 'network', 'edited', '--cidr', '10.10.0.0/16');
    writeFileSync(
      join(folder, 'bin/editor'),
      '#!/bin/bash\ntrap "echo not now" INT\necho editing\nuntil read -r; do :; done\n',
      {
        mode: 0o755,
      },
    );
    tmux = await Tmux.start(80, 24, env);
    await tmux.enter('LABCTL_EDITOR=editor labctl edit network edited; echo "code $?"');
    await tmux.shows(/^editing$/m);
    await tmux.press('C-c');
    await tmux.shows(/not now/);
    await tmux.press('Enter');
    await tmux.shows(/^Nothing was changed\.\ncode 0$/m);
    await tmux.enter(
      'clear; LABCTL_EDITOR="echo changing; sleep 60 #" labctl edit network edited; echo "code $?"',
    );
    await tmux.shows(/^changing$/m);
    await tmux.press('C-c');
    await tmux.shows(/code 130$/m);
  });

  it('gives what is longer than the screen to the pager, and nothing else', async () => {
    tmux = await Tmux.start(80, 12, env);
    await tmux.enter('labctl describe server node1');
    await tmux.shows(/^Name: +node1[^]*\n:$/m);
    await tmux.press('C-c');
    // What is typed together with Ctrl-C is thrown away by less.
    await eventually('the pager shows the end', async () => {
      await tmux.press('G');
      return (await tmux.screen()).includes('(END)') ? true : undefined;
    });
    await tmux.press('q');
    await tmux.enter('clear; labctl get servers -o name; LABCTL_PAGER=no-such labctl describe server node1');
    const screen = await tmux.shows(/hint: Set LABCTL_PAGER/);
    expect(screen).toMatch(/^server\/node1\n/m);
    await tmux.enter('clear; PAGER=cat labctl describe server node1 | tail -1; echo "code $?"');
    await tmux.shows(/^code 0$/m);
  });

  it('writes no escape sequence where there is no terminal, nor where none is wanted', async () => {
    tmux = await Tmux.start(80, 24, env);
    const mac = await discovered(5, 'packages');
    const quiet = `{ ${order(mac, 'node5')}; labctl describe server node5; labctl get servers; labctl get nonsense; } >out.txt 2>&1`;
    await tmux.enter(`cd '${folder}'; ${quiet}; grep -c "$(printf '\\033')" out.txt; wc -l <out.txt`);
    const screen = await tmux.shows(/^0\n *\d\d+$/m);
    expect(screen).not.toContain('error');
    await tmux.enter('clear; NO_COLOR=1 labctl get nonsense; labctl get nonsense --no-color');
    await tmux.shows(/error: [^]*error: [^]*\n\$ ?\n*$/);
    expect(await tmux.screen({ coloured: true })).not.toContain('\u001b[31m');
  });
});
