// `npm test`: every test that needs no VM. Arguments go to Jest: `npm test -- libs/domain`.
import { jest } from './run.mjs';

process.exit(jest('jest.config.mjs', process.argv.slice(2)));
