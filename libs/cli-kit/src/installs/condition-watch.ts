import type { Condition } from '../api/api-types.js';
import type { LabClient } from '../api/lab-client.js';
import { oneLine } from '../output/neutralise.js';

/** How often somebody who waits looks whether the install is stuck. */
const LOOK_EVERY_MS = 5_000;

/** `Stuck: Nothing was heard of the machine since …` */
export const conditionText = ({ type, message }: Condition): string =>
  `${oneLine(type)}: ${oneLine(message)}`;

/**
 * Tells what conditions a server has, whenever they have changed, until the returned function is called. A look that fails is
 * made up for by the next.
 */
export function watchConditions(
  client: LabClient,
  ref: string,
  changed: (texts: readonly string[]) => void,
  everyMs = LOOK_EVERY_MS,
): () => void {
  let told = '';
  let looking = false;
  const timer = setInterval(() => {
    if (looking) return;
    looking = true;
    client
      .getServer(ref)
      .then(
        ({ status }) => {
          const texts = status.conditions.map(conditionText);
          if (texts.join('\n') === told) return;
          told = texts.join('\n');
          changed(texts);
        },
        () => undefined,
      )
      .finally(() => {
        looking = false;
      });
  }, everyMs);
  return () => {
    clearInterval(timer);
  };
}
