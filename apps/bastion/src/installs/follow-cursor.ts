import { isId } from '@lab/domain';

/** How far a follower has got: in which install, after which report of a stage and which log line. */
export interface FollowCursor {
  installId: string;
  report: number;
  line: number;
}

/** As an SSE event ID: `<install>/<report>/<line>`. */
export const formatCursor = ({ installId, report, line }: FollowCursor): string =>
  `${installId}/${report}/${line}`;

/** A `Last-Event-ID` of ours; undefined for anything else, which counts as none. */
export function parseCursor(text: string | undefined): FollowCursor | undefined {
  const parts = (text ?? '').split('/');
  const [installId = '', report = '', line = ''] = parts;
  const isNumber = (value: string): boolean => /^\d{1,15}$/.test(value);
  if (parts.length !== 3 || !isId(installId) || !isNumber(report) || !isNumber(line)) return undefined;
  return { installId, report: Number(report), line: Number(line) };
}
