/** One thing that is tried from a namespace of its own, as a machine would. */
export type Attempt =
  /** Against a socket that the preflight has opened for it, while no bastion runs: it answers with what it gets. */
  | { kind: 'echo'; protocol: 'udp' | 'tcp'; port: number }
  /** The first two blocks of a file by TFTP. */
  | { kind: 'tftp'; file: string }
  | { kind: 'http'; port: number; path: string }
  /** An offer of that server, to an address request by broadcast. */
  | { kind: 'dhcp' };

/** What the namespace is to do. */
export interface ProbeOrder {
  /** This machine's address on the interface, and the namespace's own with its prefix length. */
  target: string;
  address: string;
  prefix: number;
  device: string;
  attempts: readonly Attempt[];
}

export type Outcome = { result: 'answered' } | { result: 'silent' | 'refused' | 'wrong'; detail: string };
