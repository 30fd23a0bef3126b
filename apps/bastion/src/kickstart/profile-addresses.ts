import { LabError } from '@lab/domain';
import { httpUrl, refused } from './context-values.js';
import type { Profile } from './profile.schema.js';

/** Where a machine gets the parts of a profile from; absolute URLs. */
export interface ProfileAddresses {
  kernel: string;
  initrd: string;
  stage2: string | undefined;
  repository: string | undefined;
}

/** The addresses of a profile as a machine reaches them through the bastion at `bastion`. Raises `invalid` for a bad one. */
export function addressesOf(profile: Profile, bastion: string): ProfileAddresses {
  const assets = `${bastion}/assets/${profile.name}`;
  const values: Readonly<Record<string, string>> = {
    assets,
    bastion,
    version: profile.version,
    arch: profile.arch,
  };
  const address = (field: string, template: string): string => {
    const url = template.replaceAll(/\{\{\s*([a-z0-9]+)\s*\}\}/g, (_, name: string) => {
      const value = values[name];
      if (value !== undefined) return value;
      throw new LabError(
        'invalid',
        `The profile "${profile.name}": ${field} asks for an unknown value "${name}".`,
        {
          hint: `Known: ${Object.keys(values).join(', ')}.`,
          errors: [{ path: field, message: 'asks for an unknown value' }],
        },
      );
    });
    if (!httpUrl.accepts(url)) throw refused(field, url, httpUrl.rule);
    return url;
  };
  const file = (field: string, value: string) =>
    address(field, /^https?:\/\//.test(value) ? value : `${assets}/${value}`);
  return {
    kernel: file('kernel', profile.kernel),
    initrd: file('initrd', profile.initrd),
    stage2: profile.stage2 === undefined ? undefined : address('stage2', profile.stage2),
    repository: profile.repository === undefined ? undefined : address('repository', profile.repository),
  };
}
