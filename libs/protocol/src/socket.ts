/** What a session needs of a connection. A real WebSocket is wrapped by each app; tests use {@link pipe}. */
export interface FrameSocket {
  send(frame: string): void;
  /** Ends the connection; `onClose` is then called once. Codes: RFC 6455 §7.4, ours are 44xx. */
  close(code: number, reason: string): void;
  /** Sets the receiver of text frames; frames that came earlier are delivered first. */
  onFrame(receive: (frame: string) => void): void;
  onClose(closed: (code: number, reason: string) => void): void;
}

/** Why an end closed the link. */
export const CLOSE = {
  goingAway: 1001,
  noHello: 4408,
  replaced: 4409,
  gap: 4410,
  unsupportedVersion: 4426,
  internal: 4500,
} as const;

class PipeEnd implements FrameSocket {
  peer: PipeEnd | undefined;
  #receive: ((frame: string) => void) | undefined;
  #closed: ((code: number, reason: string) => void) | undefined;
  #waiting: string[] = [];
  #open = true;

  send(frame: string): void {
    const peer = this.peer;
    if (this.#open && peer !== undefined) queueMicrotask(() => peer.#take(frame));
  }

  close(code: number, reason: string): void {
    if (!this.#open) return;
    this.#end(code, reason);
    const peer = this.peer;
    if (peer !== undefined) queueMicrotask(() => peer.#end(code, reason));
  }

  onFrame(receive: (frame: string) => void): void {
    this.#receive = receive;
    for (const frame of this.#waiting.splice(0)) receive(frame);
  }

  onClose(closed: (code: number, reason: string) => void): void {
    this.#closed = closed;
  }

  #take(frame: string): void {
    if (!this.#open) return;
    if (this.#receive === undefined) this.#waiting.push(frame);
    else this.#receive(frame);
  }

  #end(code: number, reason: string): void {
    if (!this.#open) return;
    this.#open = false;
    this.#closed?.(code, reason);
  }
}

/** Two connected ends in memory, in order and asynchronous as a socket is. */
export function pipe(): [FrameSocket, FrameSocket] {
  const left = new PipeEnd();
  const right = new PipeEnd();
  left.peer = right;
  right.peer = left;
  return [left, right];
}
