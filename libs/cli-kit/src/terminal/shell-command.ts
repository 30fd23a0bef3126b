/**
 * A person's command, such as `code --wait`, as text for `sh -c`. Where it is a program with arguments the shell makes way for it:
 * one that stays would die of a Ctrl-C that the program has dealt with.
 */
export const shellCommand = (command: string): string =>
  /^[\w@%+:,./ -]+$/.test(command) ? `exec ${command}` : command;

/**
 * Whether a shell says by its exit code that it could not run the command (POSIX XCU 2.8.2): 127 where there is none, 126
 * where exec was refused. The latter comes for a program that is nowhere, too, when a folder of PATH may not be read.
 */
export const couldNotRun = (code: number): boolean => code === 126 || code === 127;
