// `npm run demo`: a virtual machine where QEMU and a network namespace can be had, else a simulated one, saying why.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { node, root, run } from './run.mjs';

const namespace = join(root, 'e2e/vm/in-namespace.sh');
const reason = await whyNoVm();
if (reason) {
  console.log(`No virtual machine here, so a simulated one: ${reason}\n`);
  process.exit(run(node, ['e2e/dist/demo.js', 'simulated']));
}
process.exit(run(namespace, [node, 'e2e/dist/demo.js', 'vm']));

async function whyNoVm() {
  if (process.argv.includes('--simulated')) return '--simulated was given';
  try {
    console.error('Looking for QEMU and the test installer (the first time they are fetched and built) …');
    const { prepareVmTests } = await import('../e2e/dist/vm/prepare.js');
    await prepareVmTests();
  } catch (error) {
    return `${error.message}${error.hint ? ` (${error.hint})` : ''}`;
  }
  const { status, stderr } = spawnSync(namespace, ['true'], { encoding: 'utf8' });
  return status === 0 ? undefined : stderr.trim();
}
