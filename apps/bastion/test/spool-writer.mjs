// Appends to a spool until it is killed; prints how many facts were answered. Runs from the build.
import { Spool } from '../dist/uplink/spool.js';

const spool = await Spool.open({ folder: process.argv[2], maxBytes: 1e9 });
for (let number = 1; ; number += 1) {
  await spool.append([
    {
      type: 'bastion-log',
      payload: {
        installId: '11111111-1111-4111-8111-111111111111',
        lines: [
          { number, at: '2026-11-22T10:00:00.000Z', source: 'pre', stage: null, text: `line ${number}` },
        ],
      },
    },
  ]);
  process.stdout.write(`${number}\n`);
}
