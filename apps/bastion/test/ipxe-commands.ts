/** What a script of ours may say: iPXE's commands with the options that we use (ipxe hci/commands/*.c), by their arguments. */
const COMMANDS: Readonly<Record<string, { options: readonly string[]; least: number; most: number }>> = {
  chain: { options: ['--replace', '--autofree'], least: 1, most: 1 },
  clear: { options: [], least: 1, most: 1 },
  dhcp: { options: [], least: 0, most: 1 },
  echo: { options: [], least: 0, most: 60 },
  exit: { options: [], least: 0, most: 1 },
  goto: { options: [], least: 1, most: 1 },
  ifclose: { options: [], least: 0, most: 1 },
  iflinkwait: { options: ['--timeout='], least: 0, most: 1 },
  ifopen: { options: [], least: 0, most: 1 },
  ifstat: { options: [], least: 0, most: 1 },
  imgfree: { options: [], least: 0, most: 1 },
  inc: { options: [], least: 1, most: 2 },
  initrd: { options: ['--name='], least: 1, most: 1 },
  iseq: { options: [], least: 2, most: 2 },
  isset: { options: [], least: 1, most: 1 },
  kernel: { options: [], least: 1, most: 100 },
  boot: { options: [], least: 0, most: 0 },
  sanboot: { options: ['--no-describe', '--drive='], least: 0, most: 1 },
  set: { options: [], least: 2, most: 8 },
  sleep: { options: [], least: 1, most: 1 },
};

/** Commands that never fail, or whose failure says nothing. All others end the script if they fail, unless `||` follows. */
const NEVER_FAIL = new Set(['echo', 'exit', 'goto', 'inc', 'set', 'sleep', 'imgfree']);

/** What is wrong with a script, a line each; none: iPXE can run it to its end. Reads as iPXE does (core/exec.c, image/script.c). */
export function ipxeFaults(script: string): string[] {
  const faults: string[] = [];
  const lines = script.split('\n');
  if (lines[0] !== '#!ipxe') faults.push('line 1: a script begins with #!ipxe');
  if (lines.at(-1) !== '') faults.push('the last line has no end');
  if (/[^\n\u0020-\u007e]/.test(script)) faults.push('a character that is not printable ASCII');
  const labels = new Set(lines.flatMap((line) => /^:(\S+)$/.exec(line)?.[1] ?? []));
  lines.forEach((line, index) => {
    const say = (fault: string): void => void faults.push(`line ${index + 1}: ${fault}: ${line}`);
    if (line === '' || line.startsWith('#')) return;
    if (line.startsWith(':')) {
      if (!/^:[a-z]+$/.test(line)) say('not a label');
      return;
    }
    if (
      line.replaceAll(/\$\{[^${}]+\}/g, '').includes('${') &&
      !/\$\{[a-z]+\$\{[a-z]+\}\/[a-z]+\}/.test(line)
    ) {
      say('an expansion that does not end');
    }
    checkLine(line.split(/\s+/), labels, say);
  });
  return faults;
}

function checkLine(
  tokens: readonly string[],
  labels: ReadonlySet<string>,
  say: (fault: string) => void,
): void {
  const commands: { words: string[]; then: string | undefined }[] = [];
  let words: string[] = [];
  for (const token of tokens) {
    if (token.startsWith('#')) say('a comment within a line');
    if (token === ';') say('a semicolon');
    if (token === '||' || token === '&&') {
      commands.push({ words, then: token });
      words = [];
    } else words.push(token);
  }
  commands.push({ words, then: undefined });
  commands.forEach(({ words: [name, ...args] }, index) => {
    if (name === undefined) {
      // "… ||" at the end: whatever happens, go on.
      if (index !== commands.length - 1 || commands.at(-2)?.then !== '||') say('a command is missing');
      return;
    }
    const known = COMMANDS[name];
    if (known === undefined) {
      say(`unknown command ${name}`);
      return;
    }
    const positional = withoutOptions(args, known.options, say);
    if (positional < known.least || positional > known.most)
      say(`${name} takes ${known.least} to ${known.most} arguments`);
    if (name === 'goto' && !labels.has(args[0] ?? '')) say('no such label');
    const isLast = index === commands.length - 1;
    const isHandled = !isLast && commands.slice(index).some((command) => command.then === '||');
    if (!NEVER_FAIL.has(name) && !isHandled) say('its failure would end the script');
  });
}

/** Options come first, as its getopt has it; those with a value take the next word. Answers how many arguments are left. */
function withoutOptions(
  args: readonly string[],
  options: readonly string[],
  say: (fault: string) => void,
): number {
  let index = 0;
  for (; args[index]?.startsWith('-') === true; index += 1) {
    const option = args[index] ?? '';
    if (options.includes(`${option}=`)) index += 1;
    else if (!options.includes(option)) say(`unknown option ${option}`);
  }
  return args.length - index;
}
