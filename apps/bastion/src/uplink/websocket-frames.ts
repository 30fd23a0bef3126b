import type { FrameSocket } from '@lab/protocol';
import type WebSocket from 'ws';

const PING_MS = 15_000;
/** Pings without a pong before the peer counts as gone. */
const MISSED = 2;

/** A WebSocket as the link's session wants it; a peer that doesn't answer pings is ended. */
export function framesOf(socket: WebSocket): FrameSocket {
  let missed = 0;
  let waiting: string[] | undefined = [];
  let receive: (frame: string) => void = (frame) => waiting?.push(frame);
  const ping = setInterval(() => {
    if (missed >= MISSED) {
      socket.terminate();
      return;
    }
    missed += 1;
    if (socket.readyState === socket.OPEN) socket.ping();
  }, PING_MS);
  socket.on('pong', () => (missed = 0));
  socket.on('message', (data, isBinary) => {
    // Our frames are text; a Buffer is how ws hands one over.
    if (!isBinary && Buffer.isBuffer(data)) receive(data.toString('utf8'));
  });
  socket.once('close', () => clearInterval(ping));
  return {
    send: (frame) => {
      if (socket.readyState === socket.OPEN) socket.send(frame);
    },
    close: (code, reason) => socket.close(code, reason.slice(0, 120)),
    onFrame: (receiver) => {
      receive = receiver;
      for (const frame of waiting ?? []) receiver(frame);
      waiting = undefined;
    },
    onClose: (closed) => socket.once('close', (code, reason) => closed(code, reason.toString('utf8'))),
  };
}
