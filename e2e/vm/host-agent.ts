// Runs in the network namespace of a host (network-host.ts) and does what it is asked to over IPC.
import { connect, type Socket } from 'node:net';
import { SimulatedMachine, type SimulatedMachineOptions } from '@lab/testing';

export interface HostRequests {
  /** An HTTP request; `status` 0: there was no answer. */
  http: {
    ask: { url: string; method: string; headers: Record<string, string>; body: string | null };
    answer: { status: number; text: string };
  };
  /** A machine's whole life, from power-on until its system runs. */
  machine: { ask: SimulatedMachineOptions; answer: { boots: string[]; stages: string[] } };
  /** What someone who reads along on this host's cable has seen: tokens of kickstarts and reports. */
  overheard: { ask: null; answer: { kickstarts: string[]; tokens: string[] } };
  /** Opens connections that send this and then nothing; they stay open as long as the other end wants. */
  hold: { ask: { host: string; port: number; count: number; text: string }; answer: null };
  /** How many of those the other end has left open. */
  held: { ask: null; answer: { open: number } };
}
export type HostRequest = keyof HostRequests;

const kickstarts = new Set<string>();
const tokens = new Set<string>();
const held: Socket[] = [];

const realFetch = globalThis.fetch;
globalThis.fetch = (input, init) => {
  const url = input instanceof Request ? input.url : String(input);
  if (url.includes('/ks/install/')) kickstarts.add(url);
  const token = /^Bearer (.+)$/.exec(new Headers(init?.headers).get('authorization') ?? '')?.[1];
  if (token !== undefined) tokens.add(token);
  return realFetch(input, init);
};

const handlers: { [T in HostRequest]: (ask: HostRequests[T]['ask']) => Promise<HostRequests[T]['answer']> } =
  {
    http: async ({ url, method, headers, body }) => {
      try {
        const response = await realFetch(url, { method, headers, body, signal: AbortSignal.timeout(10_000) });
        return { status: response.status, text: await response.text() };
      } catch {
        return { status: 0, text: '' };
      }
    },
    machine: async (options) => {
      const machine = new SimulatedMachine(options);
      await machine.run();
      return { boots: machine.history.boots, stages: machine.history.stages };
    },
    overheard: () => Promise.resolve({ kickstarts: [...kickstarts], tokens: [...tokens] }),
    hold: async ({ host, port, count, text }) => {
      const sockets = await Promise.all(Array.from({ length: count }, () => opened(host, port, text)));
      held.push(...sockets);
      return null;
    },
    held: () => Promise.resolve({ open: held.filter((socket) => !socket.destroyed).length }),
  };

function opened(host: string, port: number, text: string): Promise<Socket> {
  const socket = connect(port, host);
  socket.resume();
  // A reset is an answer: `destroyed` tells.
  socket.on('error', () => undefined);
  return new Promise((resolve) => {
    socket.once('connect', () => {
      socket.write(text);
      resolve(socket);
    });
    socket.once('close', () => resolve(socket));
  });
}

interface Ask {
  id: number;
  type: HostRequest;
  ask: never;
}

process.on('message', ({ id, type, ask }: Ask) => {
  handlers[type](ask).then(
    (answer) => process.send?.({ id, answer }),
    (error: unknown) => process.send?.({ id, error: String(error) }),
  );
});
process.on('disconnect', () => process.exit(0));
process.send?.({ id: 0, answer: null });
