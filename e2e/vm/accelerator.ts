import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { access, constants } from 'node:fs/promises';

let probed: Promise<'kvm' | 'tcg'> | undefined;

/**
 * KVM where it works, else emulation. Some machines have `/dev/kvm` and refuse to run a guest, so a small guest is
 * tried. `LAB_VM_ACCELERATOR=tcg` decides otherwise.
 */
export async function accelerator(qemu: string): Promise<'kvm' | 'tcg'> {
  probed ??= probe(qemu);
  return await probed;
}

async function probe(qemu: string): Promise<'kvm' | 'tcg'> {
  const wanted = process.env['LAB_VM_ACCELERATOR'];
  if (wanted === 'kvm' || wanted === 'tcg') return wanted;
  try {
    await access('/dev/kvm', constants.R_OK | constants.W_OK);
  } catch {
    return 'tcg';
  }
  const args = [
    '-accel',
    'kvm',
    '-machine',
    'q35',
    '-cpu',
    'host',
    '-m',
    '64',
    '-nodefaults',
    '-display',
    'none',
    '-monitor',
    'stdio',
  ];
  const guest = spawn(qemu, args, { stdio: ['pipe', 'ignore', 'ignore'], timeout: 5_000 });
  guest.stdin.on('error', () => undefined); // a QEMU that ended at once has no use for "quit"
  guest.stdin.end('quit\n');
  const [code] = await once(guest, 'close');
  return code === 0 ? 'kvm' : 'tcg';
}
