// Jest reporter: each scenario leaves what its machines last showed in e2e/failures/NAME; what passed needs no evidence.
import { rmSync } from 'node:fs';
import { basename, join } from 'node:path';

const folderOf = ({ path }) => join(import.meta.dirname, 'failures', basename(path, '.e2e.ts'));

export default class KeepFailures {
  onTestFileStart(test) {
    rmSync(folderOf(test), { recursive: true, force: true });
  }

  onTestFileResult(test, { numFailingTests, testExecError }) {
    if (numFailingTests === 0 && testExecError === undefined) {
      rmSync(folderOf(test), { recursive: true, force: true });
    } else {
      process.stderr.write(`screens and logs of the machines: ${folderOf(test)}\n`);
    }
  }
}
