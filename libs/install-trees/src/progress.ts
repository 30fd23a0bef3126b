/** What is told while a tree comes or is checked. */
export interface Progress {
  /** Another part of the work begins. */
  begin(what: string): void;
  /** So many more files, of so many bytes as far as that is known. */
  expect(files: number, bytes: number): void;
  came(bytes: number): void;
  done(): void;
}

/** For who doesn't want to know. */
export const silent: Progress = {
  begin: () => undefined,
  expect: () => undefined,
  came: () => undefined,
  done: () => undefined,
};
