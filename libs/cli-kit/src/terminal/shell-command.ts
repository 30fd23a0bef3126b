/**
 * A person's command, such as `code --wait`, as text for `sh -c`. Where it is a program with arguments the shell makes way for it:
 * one that stays would die of a Ctrl-C that the program has dealt with.
 */
export const shellCommand = (command: string): string =>
  /^[\w@%+:,./ -]+$/.test(command) ? `exec ${command}` : command;
