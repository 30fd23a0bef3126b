import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { LabError } from '@lab/cli-kit';

/** The first line of what `labd handover` writes. */
export interface HandoverHeader {
  id: string;
  bastion: {
    name: string;
    planGeneration: number;
    streams: { stream: string; epoch: string; seq: number }[];
  };
  counts: Record<string, number>;
  places: string[];
  leftBehind: Record<string, number>;
  parts: number;
}

export interface HandoverPart {
  part: number;
  kind: string;
  rows: Record<string, unknown>[];
}

/** Reads a hand-over line by line: a part is in memory at a time. Raises `environment` where it isn't whole. */
export async function* readHandover(path: string): AsyncGenerator<HandoverHeader | HandoverPart> {
  const stream = createReadStream(path);
  const lines = createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY });
  let parts = -1;
  try {
    for await (const line of lines) {
      const value = parsed(path, line);
      parts += 1;
      yield value;
    }
  } finally {
    stream.destroy();
  }
  if (parts < 0) throw notWhole(path);
}

export async function headerOf(path: string): Promise<HandoverHeader> {
  for await (const first of readHandover(path)) if (isHeader(first)) return first;
  throw notWhole(path);
}

export const isHeader = (value: HandoverHeader | HandoverPart): value is HandoverHeader => 'parts' in value;

function parsed(path: string, line: string): HandoverHeader | HandoverPart {
  try {
    const value = JSON.parse(line) as HandoverHeader | HandoverPart | null;
    if (value !== null && ('parts' in value || 'part' in value)) return value;
  } catch (cause) {
    throw notWhole(path, cause);
  }
  throw notWhole(path);
}

const notWhole = (path: string, cause?: unknown): LabError =>
  new LabError('environment', `${path} is damaged`, {
    hint: 'Give the join up (labctl bastion join --abandon), and begin it again.',
    ...(cause !== undefined && { cause }),
  });
