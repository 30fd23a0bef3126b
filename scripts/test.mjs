// `npm test`: every test that needs no VM. Arguments go to Jest: `npm test -- libs/domain`.
import { testPrograms } from '@lab/testing';
import { jest } from './run.mjs';

process.env.PATH = await programsPath();
process.exit(jest('jest.config.mjs', process.argv.slice(2)));

/** Brings what the tests need, and says so; what can't be had ends the run before the first test. */
async function programsPath() {
  try {
    const { found, fetched, path } = await testPrograms(process.env.PATH);
    console.error(`Programs for the tests, of this machine: ${found.join(' ') || 'none'}`);
    if (fetched.length > 0) console.error(`and unpacked into the cache folder: ${fetched.join(' ')}`);
    return path;
  } catch (error) {
    console.error(error.hint ? `${error.message}\nhint: ${error.hint}` : error);
    process.exit(1);
  }
}
