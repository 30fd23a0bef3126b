// What watchers cost those who write: the rate of changes with none and with 500.
import { Watching, median, startLabd } from './labd-bench.mjs';

const WATCHERS = 500;
const SECONDS = 4;
const WRITERS = 8;

export async function watchers(row) {
  const lab = await startLabd();
  try {
    for (let index = 0; index < WRITERS; index += 1) {
      await lab.call('POST', '/api/v1/networks', {
        metadata: { name: `net-${index}` },
        spec: { cidr: `10.${index}.0.0/16` },
      });
    }
    await rate(lab);
    const shares = [];
    for (let run = 0; run < 3; run += 1) {
      const alone = await rate(lab);
      const watching = await Promise.all(
        Array.from({ length: WATCHERS }, () =>
          Watching.open(`${lab.url}/api/v1/watch?kinds=networks&labelSelector=rack%3Dnone`, lab.token),
        ),
      );
      const watched = await rate(lab);
      await Promise.all(watching.map((each) => each.stop()));
      shares.push(100 * (1 - watched / alone));
    }
    row(`write rate that ${WATCHERS} watchers cost`, median(shares), 20, '%');
  } finally {
    await lab.stop();
  }
}

/** Changes a second. */
async function rate(lab) {
  let stop = false;
  let changes = 0;
  const writing = Array.from({ length: WRITERS }, async (_, index) => {
    for (let number = 0; !stop; number += 1) {
      await lab.call('PATCH', `/api/v1/networks/net-${index}`, {
        metadata: { annotations: { number: `${number}-${Math.random()}` } },
      });
      changes += 1;
    }
  });
  await new Promise((resolve) => setTimeout(resolve, SECONDS * 1000));
  stop = true;
  await Promise.all(writing);
  return changes / SECONDS;
}
