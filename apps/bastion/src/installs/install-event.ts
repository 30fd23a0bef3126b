import type { StageName } from '@lab/domain';
import type { InstallPlan, Progress } from '@lab/protocol';
import type { RefusedRequest } from './binding.js';

export type Failure = NonNullable<Progress['failure']>;
export type Facts = NonNullable<Progress['facts']>;

/** What happened to an install here, as it is kept in its file: the record is the sum of its events. Times in ms since the epoch. */
export type InstallEvent =
  | { type: 'planned'; at: number; installId: string; serverId: string; macs: string[]; plan: InstallPlan }
  | {
      type: 'boot-served';
      at: number;
      mac: string;
      address: string;
      tokenHash: string;
      uuid?: string | null;
      serial?: string | null;
    }
  | {
      type: 'kickstart-fetched';
      at: number;
      address: string;
      reportHash: string;
      tokenHash?: string;
      link?: string | null;
    }
  /** The bound machine reports from a new address. */
  | { type: 'moved'; at: number; address: string }
  /** The machine that had gone silent reports again: who took its install over meanwhile loses it. */
  | { type: 'given-back'; at: number; address: string }
  /** A second address was refused, so many times since it was last written down. */
  | {
      type: 'refused';
      at: number;
      address: string;
      what: RefusedRequest;
      count?: number;
      link?: string | null;
    }
  | StageReport
  | { type: 'went-on'; at: number; stage: StageName }
  | { type: 'ended'; at: number; outcome: 'cancelled'; reason: string };

export type EventOf<T extends InstallEvent['type']> = Extract<InstallEvent, { type: T }>;

export interface StageReport {
  type: 'stage';
  at: number;
  stage: StageName;
  event: 'started' | 'ended' | 'failed';
  /** The machine's number; null for the bastion's own. */
  seq: number | null;
  section: string | null;
  message: string | null;
  failure: Failure | null;
  facts: Facts | null;
}
