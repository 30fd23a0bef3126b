import type { HandoverKind } from './handover-tables.js';

export const HANDOVER_FORMAT = 1;

/** How many rows of each kind there are. */
export type HandoverCounts = Readonly<Record<HandoverKind, number>>;

/** The first line of a hand-over. */
export interface HandoverHeader {
  'lab-handover': typeof HANDOVER_FORMAT;
  /** Names this hand-over: whoever gets a part twice knows it by that. */
  id: string;
  /** RFC 3339. */
  createdAt: string;
  bastion: {
    name: string;
    /** Generation of the newest plan that it may hold: plans of the new labd have to be newer. */
    planGeneration: number;
    /** How far its spools are committed. */
    streams: { stream: string; epoch: string; seq: number }[];
  };
  counts: HandoverCounts;
  /** The `cloud/environment` of what is handed over. With the new labd all of it is in that of the join token. */
  places: string[];
  /** What stays behind, for people to know: users, tokens … */
  leftBehind: Readonly<Record<string, number>>;
  /** How many parts follow. */
  parts: number;
}

/** A line after the first: rows of one kind, few enough for a request. */
export interface HandoverPart {
  /** From 1, without gaps. */
  part: number;
  kind: HandoverKind;
  rows: unknown[];
}
