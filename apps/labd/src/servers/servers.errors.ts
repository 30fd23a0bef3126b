import { LabError, printable } from '@lab/domain';

export const noSuchServer = (reference: string): LabError =>
  new LabError('not-found', `There is no server "${printable(reference)}"`, {
    hint: 'See the ones there are with: labctl get servers',
  });

/** Someone else changed the server between our read and our write. */
export const staleServer = (name: string): LabError =>
  new LabError('stale-version', `${name} was changed by someone else meanwhile`, {
    hint: 'Look at it and try again.',
  });

export const nameTaken = (name: string): LabError =>
  new LabError('exists', `The name "${printable(name)}" is another server's`, {
    hint: 'Choose another host name, or forget the other server.',
    errors: [{ path: 'hostname', message: "is another server's name" }],
  });
