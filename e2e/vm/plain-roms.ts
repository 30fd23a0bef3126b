import { writeFile } from 'node:fs/promises';
import { programs, run } from '@lab/testing';

/** Where DHCP's options may begin, from the UDP header on: BOOTP's fixed part and the magic cookie come before (RFC 2131 §2). */
const OPTIONS_AT = 8 + 236 + 4;
const OPTIONS_END = OPTIONS_AT + 300;

/**
 * Makes the option ROMs on a bridge pass for plain PXE: QEMU has none that isn't iPXE, and iPXE says so, by option 175 and by
 * the user class (77). Until a machine fetches its boot file by TFTP both get a number that means nothing; then it is iPXE
 * that runs, and may say so. A machine counts as such from then on.
 */
export async function plainRoms(bridge: string, folder: string): Promise<void> {
  const { nft } = await programs(['nft']);
  const places = Array.from({ length: OPTIONS_END - OPTIONS_AT }, (_, index) => (OPTIONS_AT + index) * 8);
  // nft mends no checksum behind a raw write; none at all is allowed on IPv4 (RFC 768).
  const rules = places.flatMap((bit) => [
    // 175, its length, then the bus ID of the NIC, 177 (ipxe net/udp/dhcp.c).
    `udp dport 67 @th,${bit},24 & 0xff00ff == 0xaf00b1 @th,${bit},8 set 224 @th,48,16 set 0`,
    // 77, 4, "iPXE"
    `udp dport 67 @th,${bit},48 == 0x4d0469505845 @th,${bit},8 set 225 @th,48,16 set 0`,
  ]);
  const file = `${folder}/plain-roms.nft`;
  await writeFile(
    file,
    `table bridge ${bridge}roms {
  set booted { type ether_addr; flags dynamic; size 64; }
  chain from {
    type filter hook prerouting priority -300; policy accept;
    udp dport 69 add @booted { ether saddr }
    ether saddr @booted accept
${rules.map((rule) => `    ${rule}`).join('\n')}
  }
}
`,
  );
  await run(nft, ['-f', file]);
}
