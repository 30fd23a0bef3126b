import { spawn } from 'node:child_process';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { programs } from '@lab/testing';
import { FakeLabd } from './fake-labd.js';
import { aServer } from './resources.js';
import { Labctl } from './run-labctl.js';

let labd: FakeLabd;
let labctl: Labctl;
let shells: Record<'zsh-static' | 'fish', string>;
let env: Record<string, string>;

beforeAll(async () => {
  labd = await FakeLabd.start();
  labctl = new Labctl();
  labctl.loggedInAt(labd.url, labd.tokens);
  labd.servers.push(aServer(1), aServer(2));
  shells = await programs(['zsh-static', 'fish']);
  const bin = join(labctl.home, 'bin');
  mkdirSync(bin);
  const run = join(import.meta.dirname, '../bin/run.js');
  writeFileSync(join(bin, 'labctl'), `#!/bin/sh\nexec '${process.execPath}' '${run}' "$@"\n`);
  chmodSync(join(bin, 'labctl'), 0o755);
  env = { PATH: `${bin}:/usr/local/bin:/usr/bin:/bin`, HOME: labctl.home, LANG: 'C.UTF-8', TERM: 'xterm' };
});
afterAll(async () => {
  labctl.remove();
  await labd.stop();
});

/** What a shell on a terminal shows while those lines are typed; each is typed once the one before has been answered. */
function typed(shell: string, lines: readonly { keys: string; answer: string }[]): Promise<string> {
  const child = spawn('script', ['-qec', shell, '/dev/null'], {
    env,
    timeout: 200_000,
    killSignal: 'SIGKILL',
  });
  let shown = '';
  let from = 0;
  const left = [...lines];
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    shown += text;
    const answer = left[0]?.answer;
    if (answer === undefined || !shown.includes(answer, from)) return;
    left.shift();
    from = shown.length;
    child.stdin.write(left[0]?.keys ?? 'exit\n');
  });
  child.stdin.write(left[0]?.keys ?? '');
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', () => resolve(shown));
  });
}

describe('completion', () => {
  it.each([
    ['bash', 'bash --norc -i', 'source <(labctl completion bash); echo rea""dy\n'],
    ['zsh', 'zsh', 'autoload -Uz compinit; compinit -u; source <(labctl completion zsh); echo rea""dy\n'],
  ])(
    'in %s, by the Tab key: commands, types, live names, flags and their values',
    async (name, shell, setUp) => {
      const program = name === 'zsh' ? `${shells['zsh-static']} -f -i` : shell;
      const shown = await typed(program, [
        { keys: setUp, answer: 'ready' },
        { keys: 'labctl ge\tserv\tnode2 -o na\t\n', answer: 'server/node2' },
        { keys: 'labctl get server node\t\b\b\b\b\b \t\u0015echo d""one\n', answer: 'done' },
        { keys: 'labctl get servers --stat\tinst\t -o name; echo en""d\n', answer: 'end' },
      ]);
      expect(shown).toMatch(/server\/node2\r?\n/);
      expect(shown).not.toContain('error');
    },
    40_000,
  );

  it('in fish', async () => {
    const offers = (line: string): Promise<string> =>
      new Promise((resolve, reject) => {
        const child = spawn(shells.fish, ['-c', `labctl completion fish | source; complete -C '${line}'`], {
          env,
        });
        let output = '';
        child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
        child.once('error', reject);
        child.once('close', () => resolve(output));
      });
    // Whoever presses Tab isn't kept waiting: on a busy machine names may come too late, and are there the next time.
    let names = '';
    while (names === '') names = await offers('labctl get server no');
    expect(names).toBe('node1\nnode2\n');
    expect(await offers('labctl get server/')).toBe('server/node1\nserver/node2\n');
    expect(await offers('labctl conf')).toBe('config\n');
    expect(await offers('labctl get servers --role=wor')).toContain('--role=worker');
  });

  it('offers nothing, and says nothing, while labd is away', async () => {
    const alone = new Labctl();
    alone.loggedInAt('http://127.0.0.1:1', labd.tokens);
    expect(await alone.run(['__complete', '--', 'get', 'server', ''])).toEqual({
      code: 0,
      stdout: '',
      stderr: '',
    });
    expect((await alone.run(['__complete', '--', 'get', 'serv'])).stdout).toBe('server\tServer\n');
    alone.remove();
  });

  it.each([
    ['', /^adopt\t.*\nannotate\t.*\napi-resources\t/],
    ['config u', /^use-context\tMake a context/],
    ['config use-context ', /^local\t\n$/],
    ['--context ', /^local\t\n$/],
    ['--context local get ser', /^server\tServer\n$/],
    ['get -o ', /^table\t\nwide\t\njson\t/],
    ['provision ', /^node1\t\nnode2\t\n$/],
    ['provision node1 ', /^node2\t\n$/],
    ['logs node1 ', /^$/],
    ['get servers --condition St', /^Stuck\t\n$/],
    ['wait server/node1 --for=condition=Disk', /^--for=condition=DiskMismatch\t\n$/],
    ['get servers --field-selector status.conditions=L', /^status\.conditions=LinkLost\t\n$/],
    ['auth can-i get ser', /^server\tServer\n$/],
    ['get server node1 ', /^node2\t\n$/],
    ['wait server/node1 --for=ph', /^--for=phase=\t\n$/],
    ['create ', /^server\t[^]*network\tNetwork\n/],
    ['nonsense ', /^$/],
  ])('for "labctl %s"', async (line, offered) => {
    const { stdout } = await labctl.run(['__complete', '--', ...line.split(' ')]);
    expect(stdout).toMatch(offered);
  });
});
