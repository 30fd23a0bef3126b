import { execFile } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { get } from 'node:http';
import { connect } from 'node:net';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { codeOf } from '../storage/storage-error.js';
import { askForOffers } from './dhcp-probe.js';
import type { Attempt, Outcome, ProbeOrder } from './reach-attempt.js';

/**
 * A program of its own, in a network namespace of its own: does what it is told on standard input, and ends with that. With
 * its end the kernel removes the namespace and both ends of its cable, however the preflight ended.
 */
const PATIENCE_MS = 2_500;
/** UDP packets may be lost: sent again after so long, in ms. */
const AGAIN_MS = 700;
const run = promisify(execFile);

const silent: Outcome = { result: 'silent', detail: 'no answer' };
const answered: Outcome = { result: 'answered' };

const lines = createInterface({ input: process.stdin });
lines.once('line', (line) => {
  obey(JSON.parse(line) as ProbeOrder).then(
    () => process.exit(0),
    (error: unknown) => {
      process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
      process.exit(1);
    },
  );
});
lines.once('close', () => process.exit(1));
process.stdout.write('ready\n');

async function obey({ target, address, prefix, device, attempts }: ProbeOrder): Promise<void> {
  await run('ip', ['address', 'add', `${address}/${prefix}`, 'broadcast', '+', 'dev', device]);
  await run('ip', ['link', 'set', device, 'up']);
  for (const attempt of attempts) {
    process.stdout.write(`${JSON.stringify(await outcomeOf(attempt, target, address))}\n`);
  }
}

function outcomeOf(attempt: Attempt, target: string, address: string): Promise<Outcome> {
  switch (attempt.kind) {
    case 'http':
      return http(target, attempt.port, attempt.path);
    case 'dhcp':
      return dhcp(target, address);
    case 'tftp':
      return tftp(target, attempt.file);
    case 'echo':
      return attempt.protocol === 'tcp' ? tcp(target, attempt.port) : udp(target, attempt.port);
  }
}

async function dhcp(target: string, address: string): Promise<Outcome> {
  const answers = await askForOffers(address, PATIENCE_MS);
  if ('refusal' in answers) return { result: 'wrong', detail: answers.refusal };
  return answers.offers.some(({ server }) => server === target) ? answered : silent;
}

function http(host: string, port: number, path: string): Promise<Outcome> {
  return new Promise((settle) => {
    const request = get({ host, port, path, timeout: PATIENCE_MS, agent: false }, (response) => {
      response.resume();
      settle(answered);
    });
    request.once('timeout', () => request.destroy(new Error('no answer')));
    request.once('error', (error) => settle(failureOf(error)));
  });
}

function tcp(host: string, port: number): Promise<Outcome> {
  return new Promise((settle) => {
    const socket = connect({ host, port, timeout: PATIENCE_MS }, () => {
      socket.destroy();
      settle(answered);
    });
    socket.once('timeout', () => socket.destroy(new Error('no answer')));
    socket.once('error', (error) => settle(failureOf(error)));
  });
}

function failureOf(error: unknown): Outcome {
  const code = codeOf(error);
  if (code === '') return silent;
  return code === 'ECONNREFUSED' ? { result: 'refused', detail: code } : { result: 'silent', detail: code };
}

/** A connected socket is told of ICMP's "port unreachable", which a firewall's reject looks like, too. */
function udp(host: string, port: number): Promise<Outcome> {
  const socket = createSocket('udp4');
  return new Promise<Outcome>((settle) => {
    const limit = setTimeout(() => settle(silent), PATIENCE_MS);
    let again: NodeJS.Timeout | undefined;
    const done = (outcome: Outcome): void => {
      clearTimeout(limit);
      clearInterval(again);
      settle(outcome);
    };
    socket.once('message', () => done(answered));
    socket.on('error', (error) => done(failureOf(error)));
    socket.connect(port, host, () => {
      const send = (): void =>
        socket.send('lab-preflight', (error) => error !== null && done(failureOf(error)));
      send();
      again = setInterval(send, AGAIN_MS);
    });
  }).finally(() => socket.close());
}

/** RFC 1350: the answer comes from a port of its own, so the second block shows whether that one gets through, too. */
function tftp(host: string, file: string): Promise<Outcome> {
  const socket = createSocket('udp4');
  return new Promise<Outcome>((settle) => {
    const request = Buffer.from(`\0\u0001${file}\0octet\0`, 'latin1');
    const done = (outcome: Outcome): void => {
      clearInterval(again);
      clearTimeout(limit);
      settle(outcome);
    };
    let said: Outcome = silent;
    const limit = setTimeout(() => done(said), PATIENCE_MS);
    socket.on('error', (error) => done(failureOf(error)));
    socket.on('message', (packet, { port, address }) => {
      if (address !== host || packet.length < 4) return;
      const opcode = packet.readUInt16BE(0);
      const number = packet.readUInt16BE(2);
      if (opcode === 5) {
        done({ result: 'wrong', detail: packet.toString('latin1', 4, 80).replace(/\0.*$/s, '') });
        return;
      }
      if (opcode !== 3) return;
      if (number === 2 || packet.length < 516) {
        // Error 0 ends the transfer.
        socket.send(Buffer.from('\0\u0005\0\0done\0', 'latin1'), port, host, () => done(answered));
        return;
      }
      said = { result: 'silent', detail: 'the transfer began, and went no further' };
      socket.send(Buffer.from([0, 4, packet[2] ?? 0, packet[3] ?? 0]), port, host);
    });
    const send = (): void =>
      socket.send(request, 69, host, (error) => error !== null && done(failureOf(error)));
    const again = setInterval(send, AGAIN_MS);
    send();
  }).finally(() => socket.close());
}
