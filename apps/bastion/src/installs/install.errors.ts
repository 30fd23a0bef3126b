import { LabError, printable } from '@lab/domain';

export const unknownKickstart = (): LabError =>
  new LabError('not-found', 'This kickstart is not to be had (any more)', {
    hint: 'Boot the machine again: its boot script brings a new address.',
  });

export const installElsewhere = (): LabError =>
  new LabError(
    'not-allowed',
    'This install is bound to the machine that fetched its kickstart, at another address',
    {
      hint: 'If this is that machine at a new address, it is let in once the old address has been silent for two minutes. The refusal is in the log of the install.',
    },
  );

export const kickstartUsed = (): LabError =>
  new LabError('not-found', 'This kickstart was fetched already, and its time to be repeated is over', {
    hint: 'Boot the machine again: its boot script brings a new address.',
  });

export const notLoggedIn = (what: string): LabError =>
  new LabError('not-logged-in', `${what} is missing or not valid`, {
    hint: 'Send it as "Authorization: Bearer TOKEN".',
  });

export const tooManyReports = (): LabError =>
  new LabError('too-many-requests', 'This install has reported more often than an install can', {
    hint: 'Look at what runs on the machine; report a stage when it starts and when it ends.',
  });

export const noInstalls = (mac: string): LabError =>
  new LabError('not-found', `This bastion has served no install to ${printable(mac)}`, {
    hint: 'Look at the MAC address, or at another bastion; labctl get servers -o wide shows both.',
  });

export const noInstall = (installId: string, mac: string): LabError =>
  new LabError('not-found', `${mac} has no install ${printable(installId)} here`, {
    hint: 'Leave ?install= out for the newest install.',
  });

/** 410: whoever asks before it touches its disk goes no further. */
export const installCancelled = (): LabError =>
  new LabError('gone', 'This install was cancelled', {
    hint: 'Boot the machine again: it boots what its server is for now.',
  });
