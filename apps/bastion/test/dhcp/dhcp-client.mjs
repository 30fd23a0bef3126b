// A host on the machines' network, in a network namespace of its own: sends what it is told to send, and passes on all
// that comes. The parent gives frames by IPC; when it is gone, so is this.
import { createSocket } from 'node:dgram';

const sockets = new Map();

/** The socket of an address and port, with everything that it receives passed on. */
function socketOf(address, port) {
  const key = `${address}:${port}`;
  sockets.get(key) ??
    sockets.set(
      key,
      new Promise((resolve, reject) => {
        const socket = createSocket({ type: 'udp4', reuseAddr: true });
        socket.once('error', reject);
        socket.on('message', (data, from) =>
          process.send?.({
            received: { at: port, from: from.address, fromPort: from.port, hex: data.toString('hex') },
          }),
        );
        socket.bind(port, address, () => {
          socket.setBroadcast(true);
          resolve(socket);
        });
      }),
    );
  return sockets.get(key);
}

process.on('message', (message) => {
  const { id, listen, send } = message;
  const done = (error) =>
    process.send?.({ id, error: error === null || error === undefined ? null : String(error) });
  const work = async () => {
    if (listen !== undefined) await socketOf('0.0.0.0', listen);
    if (send === undefined) return done(null);
    const socket = await socketOf(send.from, send.port);
    // Without a callback Node drops the error of a network that can't be reached.
    socket.send(Buffer.from(send.hex, 'hex'), send.toPort, send.to, done);
  };
  work().catch(done);
});
process.on('disconnect', () => process.exit(0));
process.send?.({ id: 0, error: null });
