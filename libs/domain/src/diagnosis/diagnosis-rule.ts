/** What a failure of an installer looks like in a log, and what it means. */
export interface DiagnosisRule {
  /** Kebab-case; the heading in docs/runbooks/failed-installs.md. */
  id: string;
  /** Matches the causal line. Tried on single lines of at most 2,000 characters. */
  pattern: RegExp;
  /** The cause in a few words, as a person would tell another. */
  cause: string;
  /** Why that happens: one or two sentences. */
  explanation: string;
  /** What to do next: one sentence or command. */
  next: string;
  /** A line as the programs concerned write it. */
  example: string;
  /** Successful installs have such lines too: it only counts in what the failed stage wrote. */
  oftenHarmless?: true;
}
