import StartCommand from './commands/bastion/start.js';
import StatusCommand from './commands/bastion/status.js';
import StopCommand from './commands/bastion/stop.js';

/** What oclif reads of this plugin. */
export const COMMANDS = {
  'bastion:start': StartCommand,
  'bastion:status': StatusCommand,
  'bastion:stop': StopCommand,
};
