import { LabError, SERVER_ROLES, isServerRole, printable, type Rejected, type ServerRole } from '@lab/domain';

export const illegalTransition = (serverName: string, rejection: Rejected): LabError =>
  new LabError('illegal-transition', `${serverName}: ${rejection.reason}`, { hint: rejection.hint });

export function serverRole(text: string): ServerRole {
  if (isServerRole(text)) return text;
  throw new LabError('invalid', `There is no role "${printable(text)}"`, {
    hint: `Use one of ${SERVER_ROLES.join(', ')}.`,
    errors: [{ path: 'role', message: `must be one of ${SERVER_ROLES.join(', ')}` }],
  });
}

export const noBastion = (serverName: string): LabError =>
  new LabError('bastion-offline', `${serverName} belongs to no bastion that could install it`, {
    hint: 'Boot it over the network of a bastion, so that the bastion sees it.',
  });
