// Holds a shared test PostgreSQL for as long as somebody uses it. A user is an open connection, so that one who is killed
// counts no more. Plain JavaScript without imports of ours: it runs as a process of its own, without a build.
// Arguments: instance folder, milliseconds without users after which it ends the server. Prints its port.
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';

const [, , folder, idle] = process.argv;
const idleMs = Number(idle);
if (folder === undefined || !(idleMs > 0)) throw new Error('usage: postgres-keeper FOLDER IDLE_MS');

/** Whoever started us is about to become the first user. */
const FIRST_USER_MS = 120_000;

const users = new Set();
let timer = setTimeout(stop, FIRST_USER_MS);

const server = createServer((socket) => {
  users.add(socket);
  clearTimeout(timer);
  socket.on('error', () => socket.destroy());
  socket.on('close', () => {
    users.delete(socket);
    if (users.size === 0) timer = setTimeout(stop, idleMs);
  });
  socket.resume();
  // The user counts from here on: one who was in the queue when we closed never reads this, and asks elsewhere.
  socket.write('yours\n');
});
server.listen(0, '127.0.0.1', () => {
  const { port } = server.address();
  writeFileSync(join(folder, 'keeper'), String(port));
  process.stdout.write(`${port}\n`);
});
process.stdout.on('error', () => {});

function stop() {
  server.close(() => void end());
  server.unref();
  if (users.size > 0) return; // Someone came at the last moment: the server closes when they leave.
}

async function end() {
  const pid = Number(readPid());
  if (pid > 0) {
    signal(pid, 'SIGINT');
    for (let waited = 0; waited < 60_000 && signal(pid, 0); waited += 20) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
  rmSync(folder, { recursive: true, force: true });
  process.exit(0);
}

function readPid() {
  try {
    return readFileSync(join(folder, 'postgres', 'data', 'postmaster.pid'), 'utf8').split('\n')[0];
  } catch {
    return '0';
  }
}

function signal(pid, name) {
  try {
    return process.kill(pid, name);
  } catch {
    return false;
  }
}
