/** Every way to die that BOOT-FACTS lists: the section's own text, and what must be reported of it. */
export const DEATHS: {
  name: string;
  body: string;
  line: number;
  command: string | RegExp;
  code: number;
  message?: RegExp;
}[] = [
  {
    name: 'a failed command',
    body: 'stage disk\ntrue\nls /nowhere\n',
    line: 3,
    command: 'ls /nowhere',
    code: 2,
  },
  {
    name: 'a failed command in a function',
    body: 'stage disk\nf() {\n  ls /nowhere\n}\nf\n',
    line: 3,
    command: 'ls /nowhere',
    code: 2,
  },
  {
    name: 'an unknown command',
    body: 'stage disk\nno-such-program --x\n',
    line: 2,
    command: 'no-such-program --x',
    code: 127,
  },
  {
    name: 'a failed substitution',
    body: 'stage disk\nx=$(false)\necho "$x"\n',
    line: 2,
    command: /false/,
    code: 1,
  },
  {
    name: 'an unbound variable',
    body: 'stage disk\ntrue\necho "$NOT_SET"\n',
    line: 3,
    command: 'echo "$NOT_SET"',
    code: 1,
    message: /NOT_SET: unbound variable/,
  },
  {
    name: 'an unset parameter that is required',
    body: 'stage disk\n: "${DISK:?no disk}"\n',
    line: 2,
    command: ': "${DISK:?no disk}"',
    code: 1,
  },
  {
    name: 'a plain exit',
    body: 'stage disk\nif true; then\n  exit 3\nfi\n',
    line: 3,
    command: 'exit 3',
    code: 3,
  },
  {
    name: 'a syntax error',
    body: 'stage disk\ntrue\nif true; fi\n',
    line: 3,
    command: 'if true; fi',
    code: 2,
    message: /syntax error/,
  },
  {
    name: 'a quote that never ends',
    body: 'stage disk\ntrue\necho "oops\ntrue\n',
    line: 3,
    command: /echo "oops/,
    code: 2,
    message: /unexpected EOF/,
  },
  {
    name: 'a subshell',
    body: 'stage disk\ntrue\n(\n  cd /\n  ls /nowhere\n)\n',
    line: 5,
    command: 'ls /nowhere',
    code: 2,
  },
  { name: 'an exit of a subshell', body: 'stage disk\n(exit 7)\n', line: 2, command: /exit 7/, code: 7 },
  {
    name: 'the first part of a pipeline',
    body: 'stage disk\nls /nowhere | cat\n',
    line: 2,
    command: 'ls /nowhere | cat',
    code: 2,
  },
  {
    name: 'a loop in a pipeline',
    body: 'stage disk\nprintf "a\\nb\\n" | while read -r x; do\n  test "$x" = a\ndone\n',
    line: 3,
    command: 'test "$x" = a',
    code: 1,
  },
  {
    name: 'a reason given',
    body: 'stage disk\nchoose() {\n  lab_fail "No disk matches."\n}\nchoose\n',
    line: 3,
    command: 'lab_fail "No disk matches."',
    code: 1,
    message: /^No disk matches\.$/,
  },
  {
    name: 'after a masked failure',
    body: 'stage disk\nf() {\n  local x=$(ls /nowhere)\n  echo "$x"\n}\nf\nexit 2\n',
    line: 7,
    command: 'exit 2',
    code: 2,
  },
];
