import { usageError } from '../cli-error.js';
import { parseDuration } from '../duration.js';

/** What `config set` can set: the default that a flag and the environment go before. */
export interface Setting {
  description: string;
  byDefault: string;
  /** Raises a usage error for a value that it can't have. */
  check: (value: string) => void;
}

export const SETTINGS: Readonly<Record<string, Setting>> = {
  'request-timeout': {
    description: 'how long an answer may take; --request-timeout, LABCTL_REQUEST_TIMEOUT',
    byDefault: '30s',
    check: (value) => void parseDuration(value, 'request-timeout'),
  },
  color: {
    description: 'auto, or never; --no-color, NO_COLOR',
    byDefault: 'auto',
    check: (value) => {
      if (value !== 'auto' && value !== 'never')
        throw usageError(`color: "${value}" is neither auto nor never`);
    },
  },
  pager: {
    description: 'shell command that shows what is longer than the screen, or cat; LABCTL_PAGER, PAGER',
    byDefault: 'less -FRX',
    check: (value) => {
      if (value.trim() === '') throw usageError('pager: is empty', 'Set cat for no pager.');
    },
  },
};

/** The declaration of a setting; raises a usage error that lists them all. */
export function settingNamed(name: string): Setting {
  const setting = Object.hasOwn(SETTINGS, name) ? SETTINGS[name] : undefined;
  if (setting !== undefined) return setting;
  throw usageError(`there is no setting "${name}"`, `Settings: ${Object.keys(SETTINGS).join(', ')}.`);
}
