/** How far a follower of an install has got: the `id` of an event, and so the `Last-Event-ID` of a reconnect. */
export interface FollowCursor {
  /** Revision of the last stage that was sent. */
  stage: number;
  /** Number of the last line that was sent. */
  line: number;
  /** Attempt that they belong to. */
  attempt: number;
}

export const writeFollowCursor = ({ attempt, stage, line }: FollowCursor): string =>
  `${attempt}.${stage}.${line}`;

/** Undefined for anything that isn't ours: such a follower starts anew. */
export function readFollowCursor(text: string | undefined): FollowCursor | undefined {
  const parts = /^(\d{1,9})\.(\d{1,9})\.(\d{1,10})$/
    .exec(text ?? '')
    ?.slice(1)
    .map(Number);
  const [attempt, stage, line] = parts ?? [];
  if (attempt === undefined || stage === undefined || line === undefined) return undefined;
  return line > 2_147_483_647 ? undefined : { attempt, stage, line };
}
