/** One OpenSSH public key as in `authorized_keys`, without options: type, base64, an optional plain comment. */
export const SSH_PUBLIC_KEY =
  /^(?:ssh-ed25519|ssh-rsa|ecdsa-sha2-nistp(?:256|384|521)|sk-ssh-ed25519@openssh\.com|sk-ecdsa-sha2-nistp256@openssh\.com) [A-Za-z0-9+/]{40,4000}={0,2}(?: [A-Za-z0-9 @._:+-]{1,128})?$/;

/** What a disk rule compares with: a serial number, WWN, by-id or kernel name. */
export const DISK_IDENTIFIER = /^[A-Za-z0-9/][A-Za-z0-9 ._:+=@/#-]{0,255}$/;

/** A POSIX user or group name. */
export const USER_NAME = /^[a-z_][a-z0-9_-]{0,31}$/;

export const isSshPublicKey = (text: string): boolean => text.length <= 4096 && SSH_PUBLIC_KEY.test(text);

export const isDiskIdentifier = (text: string): boolean => DISK_IDENTIFIER.test(text);
