import { programEnvironment } from '../config.js';
import { preflight } from './preflight.js';

/** `bastion doctor`: a finding a line, as JSON, for `labctl bastion doctor`. Resolves to the exit code: 1 if something failed. */
export async function runPreflight(environment = programEnvironment()): Promise<number> {
  let code = 0;
  for await (const finding of preflight(environment)) {
    if (finding.status === 'failed') code = 1;
    process.stdout.write(`${JSON.stringify(finding)}\n`);
  }
  return code;
}
