import type { FrameSocket } from '@lab/protocol';
import type { WebSocket } from 'ws';

const PING_EVERY_MS = 15_000;
const MISSED_PINGS = 2;
/** What may wait to be sent. A bastion that reads so slowly is cut off: it gets everything anew when it reconnects. */
const MOST_BUFFERED_BYTES = 32 * 1024 * 1024;

/** A WebSocket as the session wants it: text frames only, pinged, ended when the peer is gone or reads nothing. */
export function linkSocket(socket: WebSocket): FrameSocket {
  let receive: ((frame: string) => void) | undefined;
  const early: string[] = [];
  let missed = 0;
  const pings = setInterval(() => {
    if (missed >= MISSED_PINGS) {
      socket.terminate();
      return;
    }
    missed += 1;
    socket.ping();
  }, PING_EVERY_MS);
  pings.unref();
  socket.on('pong', () => {
    missed = 0;
  });
  socket.on('message', (data, isBinary) => {
    missed = 0;
    if (isBinary) {
      socket.close(1003, 'text frames only');
      return;
    }
    // Without `binaryType` set otherwise, ws hands out one Buffer.
    const frame = (data as Buffer).toString('utf8');
    if (receive === undefined) early.push(frame);
    else receive(frame);
  });
  // An error is followed by the close that says why; without a listener it would end the process.
  socket.on('error', () => undefined);
  return {
    send: (frame) => {
      if (socket.readyState !== socket.OPEN) return;
      if (socket.bufferedAmount > MOST_BUFFERED_BYTES) socket.terminate();
      else socket.send(frame);
    },
    close: (code, reason) => {
      // RFC 6455 §5.5: a reason has room for 123 bytes.
      socket.close(
        code,
        Buffer.from(reason, 'utf8')
          .subarray(0, 123)
          .toString('utf8')
          .replace(/\uFFFD$/, ''),
      );
    },
    onFrame: (listener) => {
      receive = listener;
      for (const frame of early.splice(0)) listener(frame);
    },
    onClose: (closed) => {
      socket.on('close', (code, reason) => {
        clearInterval(pings);
        closed(code, reason.toString('utf8'));
      });
    },
  };
}
