// `npm start`: labd with the embedded database and a bastion beside it, until Ctrl-C.
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { LocalLab } from '@lab/local-lab';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const { env } = process;

let isEnding = false;
/** @type {LocalLab | undefined} */
let lab;
lab = await orExit(() => {
  const labdPort = port('LABD_PORT', 7070);
  return new LocalLab({ root, home: labHome(), labdPort, bastionPort: port('BASTION_PORT', 7071), env });
});
const isFirstStart = !existsSync(lab.passwordFile);
const ending = new Promise((resolve) => {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => resolve(signal));
});
void ending.then(async () => {
  isEnding = true;
  process.stderr.write('\nStopping …\n');
  await lab.stop();
  process.exit(0);
});

await orExit(() => lab.startLabd());
await orExit(() => lab.startBastion());
const context = await orExit(writeContext);
printWelcome(context);

// A program that ends by itself takes the other one with it, with its reason.
const ended = await Promise.race(
  [lab.labd, lab.bastion].map((program) => program.exited.then(() => program)),
);
if (!isEnding) {
  console.error(`${ended.name} ended unexpectedly. hint: its log is ${ended.logFile}.`);
  await lab.stop();
  process.exit(1);
}
await ending;

function labHome() {
  if (env.LAB_HOME) return env.LAB_HOME;
  if (process.getuid?.() === 0) return '/var/lib/lab';
  return join(env.XDG_DATA_HOME || join(homedir(), '.local', 'share'), 'lab');
}

function port(variable, otherwise) {
  const text = env[variable] ?? String(otherwise);
  const number = Number(text);
  if (Number.isInteger(number) && number >= 1 && number <= 65535) return number;
  console.error(`${variable}: "${text}" is not a port. hint: give a number from 1 to 65535.`);
  process.exit(1);
}

/** Logs labctl in, unless its context for this labd still works. Returns the context's name. */
function writeContext() {
  const name = lab.labdUrl.endsWith(':7070') ? 'local' : `local-${new URL(lab.labdUrl).port}`;
  const labctl = (...args) =>
    execFileSync(process.execPath, [join(root, 'apps/labctl/bin/run.js'), ...args], {
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  try {
    labctl('auth', 'whoami', '--context', name);
  } catch {
    try {
      labctl(
        'login',
        lab.labdUrl,
        '--context',
        name,
        '--username',
        'admin',
        '--password-file',
        lab.passwordFile,
      );
    } catch (error) {
      console.error(`labctl could not log in: ${error.stderr?.toString().trim() ?? error.message}`);
    }
  }
  return name;
}

function printWelcome(context) {
  const labctl = context === 'local' ? 'npx labctl' : `npx labctl --context ${context}`;
  const password = isFirstStart ? `password in ${lab.passwordFile}` : `first password in ${lab.passwordFile}`;
  console.log(`
  labd     ${lab.labdUrl}     API and database
  docs     ${lab.labdUrl}/docs     Swagger UI
  bastion  ${lab.bastionUrl}     DHCP ${env.BASTION_DHCP_INTERFACE ? `on ${env.BASTION_DHCP_INTERFACE}` : 'off (set BASTION_DHCP_INTERFACE to serve a network)'}
  login    admin, ${password}

  In another terminal:

    ${labctl} get servers
    ${labctl} get bastions
    npm run demo                 # watch an install, from power-on to first boot

  Ctrl-C ends both.
`);
}

/** Runs a step of the start; its error ends the program with what to do. */
async function orExit(step) {
  try {
    return await step();
  } catch (error) {
    if (isEnding) return await new Promise(() => undefined);
    console.error(error.hint ? `${error.message}\nhint: ${error.hint}` : (error.stack ?? error.message));
    await lab?.stop();
    process.exit(1);
  }
}
