import { execFile } from 'node:child_process';
import { printable } from '@lab/domain';
import { programEnvironment } from '../config.js';
import { codeOf } from '../storage/storage-error.js';
import { failed, ok, type Finding } from './finding.js';

/** What `dnsmasq --version` said; null: it can't be run. */
export type DnsmasqAnswer = { output: string } | { error: string };

/** What the bastion's configuration needs (docs/operations.md). */
const OLDEST = [2, 81] as const;

/** src/dnsmasq.c, `--version`: `Dnsmasq version 2.90  Copyright …`, then `Compile time options: … DHCP … TFTP …`. */
export function judgeDnsmasq(program: string, answer: DnsmasqAnswer, mode: 'full' | 'proxy'): Finding[] {
  const install =
    'Install it (Debian: apt-get install dnsmasq-base; Fedora: dnf install dnsmasq), or set BASTION_DNSMASQ to it.';
  if ('error' in answer)
    return [failed('dnsmasq', `${printable(program)} can't be run: ${printable(answer.error)}`, install)];
  const [, major = '', minor = ''] = /^Dnsmasq version (\d{1,3})\.(\d{1,3})/.exec(answer.output) ?? [];
  if (major === '')
    return [
      failed(
        'dnsmasq',
        `${printable(program)} is another program: it said ${JSON.stringify(printable(answer.output.slice(0, 60)))}`,
        install,
      ),
    ];
  const version = `${major}.${minor}`;
  const options = (/^Compile time options: (.*)$/m.exec(answer.output)?.[1] ?? '').split(' ');
  const without = ['DHCP', 'TFTP'].filter((name) => options.includes(`no-${name}`));
  if (without.length > 0)
    return [
      failed(
        'dnsmasq',
        `${printable(program)} ${version} was built without ${without.join(' and ')}`,
        'Install the build of your distribution.',
      ),
    ];
  // 2.92 sends the answers of port 4011 to 255.255.255.255:68; 2.93 mends it (its CHANGELOG).
  if (version === '2.92' && mode === 'proxy')
    return [
      failed(
        'dnsmasq',
        'dnsmasq 2.92 breaks PXE beside another DHCP server: its answers on port 4011 go to the wrong port',
        'Use 2.91 or older, or 2.93 or newer; or serve the addresses, too: BASTION_DHCP_MODE=full.',
      ),
    ];
  if (Number(major) < OLDEST[0] || (Number(major) === OLDEST[0] && Number(minor) < OLDEST[1]))
    return [failed('dnsmasq', `dnsmasq ${version} is too old`, `Use ${OLDEST.join('.')} or newer.`)];
  return [ok('dnsmasq', `version ${version}`)];
}

export function dnsmasqAnswer(program: string): Promise<DnsmasqAnswer> {
  return new Promise((settle) => {
    execFile(
      program,
      ['--version'],
      { timeout: 5_000, maxBuffer: 65_536, env: { ...programEnvironment(), LC_ALL: 'C' } },
      (error, stdout) => {
        if (error === null) {
          settle({ output: stdout });
          return;
        }
        const code = codeOf(error);
        settle({
          error:
            code === 'ENOENT'
              ? 'it is not installed'
              : code === 'EACCES'
                ? 'it may not be run'
                : error.message,
        });
      },
    );
  });
}
