/** What printf, Python and C++ programs put into the gaps of their messages: names of devices, packages, paths. */
const NAMES = [
  ['sda', 'lab-root', '/boot', 'bash-5.3-2.fc43.x86_64'],
  ['nvme0n1', 'kernel-core-6.17.1-300.fc43', 'pv.01', '/mnt/sysroot/etc/fstab'],
  ['disk/by-id/wwn-0x5000c500a1b2c3d4', 'http://192.168.77.1:7071/assets/fedora-43', 'anaconda', 'ens3'],
] as const;

/** What programs write behind a colon when they say why, harmless or not. */
export const REASONS = [
  '[Errno 2] No such file or directory',
  'Device or resource busy',
  'No space left on device',
  'Connection refused',
  'Process reported exit code 5: Cannot process volume group rhel',
  '/dev/sda: Input/output error',
  '404 Client Error: Not Found for url: http://192.168.77.1:7071/assets/fedora-43/.treeinfo',
  'Timeout was reached for http://mirror.lab.example/repodata/repomd.xml [Operation too slow.]',
  'g-dbus-error-quark: GDBus.Error:org.freedesktop.DBus.Error.ServiceUnknown: The name is not activatable (2)',
] as const;

const PLACEHOLDER = /%%|%\(\w+\)[sd]|%#?0?\d*l{0,2}[disxXur]|%c|\{\}|…/g;

/**
 * The message with its gaps filled, in one of several ways. With a reason, gaps that stand behind a colon hold it; else
 * they hold names, too, so that nothing but the message itself says what happened.
 */
export function fill(template: string, variant: number, reason?: string): string {
  const names = NAMES[variant % NAMES.length] ?? NAMES[0];
  let used = 0;
  return template.replace(PLACEHOLDER, (gap, at: number) => {
    if (gap === '%%') return '%';
    if (gap === '%c') return 'M';
    if (gap === '…' && at === 0) return '07:49:38,950';
    if (reason !== undefined && isReason(template, gap, at)) return reason;
    used += 1;
    if (/[dixXu]$/.test(gap) && !gap.startsWith('%(')) return String(variant * 7 + used);
    return names[(used - 1) % names.length] ?? '';
  });
}

/** A gap for text behind the last colon of a message: there programs say why. */
const isReason = (template: string, gap: string, at: number): boolean =>
  /^(?:%s|\{\}|%\(\w+\)s)$/.test(gap) &&
  template.slice(0, at).endsWith(': ') &&
  at + gap.length === template.length;

/** As the same text stands in the logs of the families: ANACONDA's own, modules', syslog's, the journal's, dnf's. */
export const PREFIXES = [
  '',
  '07:49:30,101 ERR anaconda: ',
  'ERROR:anaconda.modules.common.task.task:',
  '07:49:38,950 WARNING org.fedoraproject.Anaconda.Modules.Storage:INFO:program:',
  'Jan 01 07:49:38 localhost kernel: ',
  '2026-01-01T07:51:02+0000 [1870] ERROR ',
  '[  200.161447] dracut-initqueue[1018]: Warning: ',
] as const;
