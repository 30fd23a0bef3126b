import { z } from 'zod';
import type { BastionAssets } from './assets.loader.js';
import { shellData } from './context-values.js';
import { bastionUrl } from './install-kickstart.renderer.js';
import { checkSections } from './kickstart-sections.js';
import { parseInput } from './render-input.js';

const inputSchema = z.object({ bastionUrl });
export type DiscoveryKickstartInput = z.input<typeof inputSchema>;

/** The kickstart of a machine that nobody has plans for yet: it reports its hardware and waits. Holds no secret. */
export function renderDiscoveryKickstart(assets: BastionAssets, raw: DiscoveryKickstartInput): string {
  const input = parseInput(inputSchema, raw, 'The discovery kickstart');
  return checkSections(
    assets.kickstart('discovery', {
      data: shellData({ LAB_URL: input.bastionUrl }),
      scripts: assets.scripts,
    }),
  );
}
