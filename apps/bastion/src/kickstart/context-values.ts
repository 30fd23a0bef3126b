import { LabError, USER_NAME, isDiskIdentifier, isSshPublicKey, printable } from '@lab/domain';

/**
 * Values are refused, not repaired, where they enter a text that is code for someone: a newline in a quoted shell
 * string once became a kickstart section of its own that ran outside the chroot. Each context has an allow-list; on
 * top of that shell values go into one data block only.
 */
export interface ValueRule {
  accepts: (value: string) => boolean;
  /** What is allowed, for a person. */
  rule: string;
}

/** No C0/C1 control characters, no line or paragraph separators: nothing that begins a new line anywhere. */
const CONTROL = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/;

export const hasControlCharacters = (value: string): boolean => CONTROL.test(value);

/** One word of a kernel command line; iPXE expands `${…}` and splits at `&&` and `||`. */
export const kernelArgument: ValueRule = {
  accepts: (value) => /^[A-Za-z0-9_][A-Za-z0-9_.:=/,@%+~?&[\]-]{0,511}$/.test(value) && !value.includes('&&'),
  rule: 'must be one kernel argument without spaces, quotes, $ or &&',
};

/** A package, `@group`, `@^environment` or `-excluded`. */
export const kickstartPackage: ValueRule = {
  accepts: (value) => /^-?(?:@\^?)?[A-Za-z0-9][A-Za-z0-9._+-]{0,127}$/.test(value),
  rule: 'must be a package or group name',
};

/** An http(s) URL whose host is an address or a host name, in the characters that need no quoting anywhere. */
export const httpUrl: ValueRule = {
  accepts: (value) =>
    /^https?:\/\/(?:[A-Za-z0-9.-]+|\[[0-9A-Fa-f:]+\])(?::[0-9]{1,5})?(?:\/[A-Za-z0-9._~%+=,@/-]*)?$/.test(
      value,
    ) &&
    value.length <= 512 &&
    URL.canParse(value),
  rule: 'must be an http(s) URL without query, spaces or quotes',
};

/** Kinds of public keys that sshd takes; certificates and options are not installed. */
export const sshKey: ValueRule = {
  accepts: isSshPublicKey,
  rule: 'must be one OpenSSH public key: type, base64 and a plain comment',
};

/** 32 random bytes and more, base64url. */
export const token: ValueRule = {
  accepts: (value) => /^[A-Za-z0-9_-]{16,128}$/.test(value),
  rule: 'must be base64url',
};

/** What a disk rule compares with: a serial number, WWN, by-id or kernel name. */
export const diskValue: ValueRule = {
  accepts: isDiskIdentifier,
  rule: 'must be a serial number, WWN, by-id name or disk name',
};

/** A POSIX user or group name. */
export const userName: ValueRule = {
  accepts: (value) => USER_NAME.test(value),
  rule: 'must be a user name of lower-case letters, digits, - and _',
};

/** A refused value; `field` is its dotted path in the input. */
export function refused(field: string, value: string, rule: string): LabError {
  return new LabError('invalid', `${field}: "${printable(value)}" is not allowed here: it ${rule}`, {
    hint: `Correct ${field}; nothing was rendered.`,
    errors: [{ path: field, message: rule }],
  });
}

/**
 * A value as a word of the shell data block: single quotes, which nothing inside can end.
 * Raises `invalid` for control characters: a newline could end the block.
 */
export function shellWord(field: string, value: string): string {
  if (hasControlCharacters(value)) throw refused(field, value, 'must be one line without control characters');
  return `'${value.replaceAll("'", String.raw`'\''`)}'`;
}

export type ShellValue = string | readonly string[];

/** The data block: an assignment a line, the only place where values meet the shell. */
export function shellData(values: Readonly<Record<string, ShellValue>>): string {
  return Object.entries(values)
    .map(([name, value]) =>
      typeof value === 'string'
        ? `${name}=${shellWord(name, value)}`
        : `${name}=(${value.map((item) => shellWord(name, item)).join(' ')})`,
    )
    .join('\n');
}

/** A value in an iPXE script: no expansion, no command separators, one word. */
export function ipxeWord(field: string, value: string): string {
  const bad = hasControlCharacters(value) || /\$\{|&&|\|\||\s/.test(value);
  if (bad) throw refused(field, value, 'must be one word without ${, && and ||');
  return value;
}

/** As much of a text as fits on two lines of a screen of 80 columns. */
const MAX_SHOWN = 160;

/**
 * A text for a person at the console of a machine, as words of iPXE's `echo`: only what has no meaning to iPXE (`${`,
 * `&&`, `||`, `;`, `#`: core/exec.c) and is in every font. Nothing is refused: a strange name must not keep a machine from booting.
 */
export function ipxeText(text: string): string {
  const words = text
    .normalize('NFKD')
    .replaceAll(/[\u2018\u2019\u201c\u201d"'`]/g, '')
    .replaceAll(/[^A-Za-z0-9 .,:()/_@%+=!?*[\]-]+/g, ' ')
    .split(' ')
    .filter((word) => word !== '')
    .join(' ');
  return words.length <= MAX_SHOWN ? words : `${words.slice(0, MAX_SHOWN - 3)}...`;
}
