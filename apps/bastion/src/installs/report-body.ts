import {
  BOOT_ORDERS,
  BOOT_ORDER_OUTCOMES,
  MAX_BOOT_ENTRIES,
  STAGES,
  STAGE_NAMES,
  printable,
} from '@lab/domain';
import { z } from 'zod';
import { cleanLine } from './log-text.js';

/** Text that is shown to people: cleaned, and cut rather than refused: a long message must not cost a report. */
const text = (max: number) => z.string().transform((value) => cleanLine(value).slice(0, max).toWellFormed());
const when = z.string().max(64).nullish();
const count = z.number().int().nonnegative().max(Number.MAX_SAFE_INTEGER);
const strings = (max: number, length: number) => z.array(text(length)).transform((all) => all.slice(0, max));

const MAX_FIRMWARE_LINES = 64;

const machineStage = z
  .enum(STAGE_NAMES)
  .refine((stage) => STAGES[stage].reporter !== 'bastion', 'is a stage that the bastion itself reports');

/** What efibootmgr printed: parsed as it is, shown cleaned. */
const firmwareLines = z
  .array(z.string())
  .transform((lines) => lines.slice(0, MAX_FIRMWARE_LINES).map((line) => line.slice(0, 400)))
  .nullish();
const bootOrder = z.object({
  asked: z.enum(BOOT_ORDERS),
  outcome: z.enum(BOOT_ORDER_OUTCOMES),
  wanted: z.array(z.string().regex(/^[0-9A-F]{4}$/)).max(MAX_BOOT_ENTRIES),
  before: firmwareLines,
  after: firmwareLines,
});

export const progressBody = z.object({
  stage: machineStage,
  event: z.enum(['started', 'ended', 'failed']),
  seq: count,
  at: when,
  section: text(32).nullish(),
  message: text(1024).nullish(),
  failure: z
    .object({
      section: text(32),
      stage: z.enum(STAGE_NAMES),
      line: count.nullish(),
      command: text(1024).nullish(),
      exit_code: z
        .number()
        .int()
        .min(-(2 ** 31))
        .max(2 ** 31)
        .nullish(),
      last_lines: z
        .array(text(8192))
        .transform((lines) => lines.slice(-50))
        .nullish(),
    })
    .nullish(),
  facts: z
    .object({
      os: text(128).nullish(),
      kernel: text(128).nullish(),
      hostname: text(253).nullish(),
      addresses: strings(64, 64).nullish(),
      host_keys: strings(16, 2048).nullish(),
      // A firmware's strange words must not cost the report of a first boot.
      boot_order: bootOrder.nullish().catch(null),
    })
    .nullish(),
});
export type ProgressBody = z.infer<typeof progressBody>;

export const LOG_SOURCES = [
  'pre',
  'pre-install',
  'post',
  'anaconda',
  'program',
  'storage',
  'packaging',
  'dnf',
  'syslog',
  'first-boot',
  'bastion',
] as const;
export type LogSource = (typeof LOG_SOURCES)[number];
const logSource = z.enum(LOG_SOURCES, {
  error: (issue) =>
    `"${printable(String(issue.input))}" is not a source; there are ${LOG_SOURCES.join(', ')}`,
});

/** A line as a machine sends it. */
export interface ReportedLine {
  source: LogSource;
  text: string;
  /** Counts up per source; absent for a line that is never sent twice. */
  seq?: number | null | undefined;
}

const line = z.object({ seq: count.nullish(), at: when, source: logSource, text: z.string() });
export const MAX_LINES = 1000;

/** A batch, or one line, which is a batch of one. */
export const logBody = z.preprocess(
  (value) => (typeof value === 'object' && value !== null && 'text' in value ? { lines: [value] } : value),
  z.object({ lines: z.array(line).max(MAX_LINES, `at most ${MAX_LINES} lines a request`) }),
);

export const isLogSource = (text_: string): text_ is LogSource =>
  (LOG_SOURCES as readonly string[]).includes(text_);

/** A `text/plain` body: a line a line. */
export function plainLines(body: string, source: LogSource): ReportedLine[] {
  const lines = body.split('\n');
  if (lines.at(-1) === '') lines.pop();
  return lines.map((line_) => ({ source, text: line_ }));
}
