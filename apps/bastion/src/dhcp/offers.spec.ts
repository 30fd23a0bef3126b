import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { siteOf, type Answer, type Probe } from '../../test/dhcp/dhcp-lab.js';
import { DHCP, encodeDhcp, ipText, optionsOf } from '../../test/dhcp/dhcp-packet.js';
import { BASTION_URL, SiteUnderTest, machine, served, type Kind } from '../../test/dhcp/site-under-test.js';

const X64_URL = `${BASTION_URL}/netboot/ipxe.efi`;
const ARM64_URL = `${BASTION_URL}/netboot/ipxe-arm64.efi`;
const SCRIPT = `${BASTION_URL}/boot.ipxe`;
const RELAY = '10.9.0.1';
const RELAYED = {
  cidr: '10.9.0.0/24',
  ranges: [
    { first: '10.9.0.100', last: '10.9.0.120' },
    { first: '10.9.0.140', last: '10.9.0.150' },
  ],
};
const ARCHITECTURES = [0, 6, 7, 9, 11, 16, 19, 99] as const;

/** What a machine is to be told: the file, where it gets it from, and what it needs to believe it. */
interface Cell {
  file: string;
  /** `siaddr`, from which TFTP is fetched. */
  server: string;
  /** Option 60. */
  vendorClass: string | null;
  /** Whether there is a PXE menu (option 43), and with it a question to port 4011. */
  menu: boolean;
}
/** What each of ARCHITECTURES is to be told; null: nothing that it could boot. */
type Row = readonly (string | null)[];

const noArm = (row: Row): Row => row.map((file) => (file?.includes('arm64') === true ? null : file));
const TFTP: Row = ['undionly.kpxe', null, 'ipxe.efi', 'ipxe.efi', 'ipxe-arm64.efi', X64_URL, ARM64_URL, null];
const HTTP: Row = [null, null, X64_URL, X64_URL, ARM64_URL, X64_URL, ARM64_URL, null];
const SCRIPTS: Row = ARCHITECTURES.map(() => SCRIPT);
const TABLE: Record<Exclude<Kind, 'plain'>, Row> = { pxe: TFTP, http: HTTP, ipxe: SCRIPTS };
const KINDS = ['pxe', 'http', 'ipxe'] as const;

const fileOf = ({ file, options }: Answer): string =>
  file === '' ? (options.get(67)?.toString('latin1').replace(/\0.*$/s, '') ?? '') : file;
const told = (answer: Answer | undefined): Cell | null =>
  answer === undefined
    ? null
    : {
        file: fileOf(answer),
        server: answer.siaddr,
        vendorClass: answer.options.get(60)?.toString('latin1') ?? null,
        menu: optionsOf(answer.options.get(43) ?? Buffer.alloc(0)).has(9),
      };
const vendorOf = (kind: Kind): string => (kind === 'http' ? 'HTTPClient' : 'PXEClient');
const cells = (kinds: readonly Exclude<Kind, 'plain'>[] = KINDS) =>
  [undefined, RELAY].flatMap((giaddr) =>
    kinds.flatMap((kind) =>
      ARCHITECTURES.map((arch, column) => ({
        ...{ kind, arch, giaddr, file: TABLE[kind][column] ?? null },
        way: giaddr === undefined ? 'on the wire' : 'through a relay',
      })),
    ),
  );
const probe = (kind: Kind, arch: number | null, over: Partial<Probe> & { type?: number }): Probe =>
  machine(kind, arch, over);
const relayed = (giaddr: string | undefined) => (giaddr === undefined ? {} : { giaddr });

describe('Full DHCP', () => {
  let site: SiteUnderTest;
  beforeAll(async () => {
    site = await SiteUnderTest.start({ networks: [served({ gateway: '192.168.77.254' }), served(RELAYED)] });
  });
  afterAll(() => site.stop());

  it.each(cells())(
    'tells $kind of architecture $arch, $way, to boot $file',
    async ({ kind, arch, giaddr, file }) => {
      const answer = await site.lab.ask(probe(kind, arch, relayed(giaddr)));
      expect(answer.options.get(53)?.[0]).toBe(DHCP.offer);
      const isUrl = file?.startsWith(`${BASTION_URL}/netboot`) === true;
      expect(told(answer)).toEqual({
        file: file ?? '',
        server: siteOf(0),
        // Only HTTP Boot needs it. With PXEClient in it firmware would look for the menu that goes with it.
        vendorClass: isUrl ? 'HTTPClient' : null,
        menu: false,
      });
      expect(answer.options.has(43)).toBe(false);
      // BOOTP's field has 128 bytes.
      expect(fileOf(answer).length).toBeLessThan(128);
      expect(answer.yiaddr).toMatch(giaddr === undefined ? /^192\.168\.77\.1\d\d$/ : /^10\.9\.0\.1\d\d$/);
    },
  );

  it.each([[undefined], [RELAY]])(
    'gives a machine that boots nothing an address (relay: %s)',
    async (giaddr) => {
      const answer = await site.lab.ask(machine('plain', null, relayed(giaddr)));
      expect(told(answer)).toEqual({ file: '', server: siteOf(0), vendorClass: null, menu: false });
      expect(ipText(answer.options.get(3))).toBe(giaddr === undefined ? '192.168.77.254' : null);
    },
  );

  it('says nothing through a relay that belongs to no network', async () => {
    const stranger = machine('pxe', 7, { giaddr: '10.9.200.1' });
    expect(await site.lab.askInVain(stranger, machine('plain', null))).toBeUndefined();
    expect(site.lines.join('\n')).toContain('no address range available for DHCP request via 10.9.200.1');
  });

  it.each<[string, ReadonlyMap<number, Buffer>]>([
    ['an architecture of one byte', new Map([[93, Buffer.from([7])]])],
    ['an architecture of nine bytes', new Map([[93, Buffer.alloc(9, 255)]])],
    ['an empty vendor class', new Map([[60, Buffer.alloc(0)]])],
    ['a vendor class full of control characters', new Map([[60, Buffer.alloc(200, '\n\0"%n')]])],
    [
      'a host name with a line break',
      new Map([[12, Buffer.from('a\ndnsmasq-dhcp[1]: DHCPACK(lab0) 1.2.3.4')]]),
    ],
  ])('goes on after %s', async (_name, options) => {
    await site.lab.askInVain(machine('pxe', 7, { options }), machine('plain', null));
    expect((await site.lab.ask(machine('pxe', 7))).siaddr).toBe(siteOf(0));
    expect(site.dhcp.state).toBe('running');
    // Whatever it was: one line of the log is one line of dnsmasq.
    expect(site.lines.filter((line) => !/^dnsmasq(?:-dhcp|-tftp)?\[\d+\]: /.test(line))).toEqual([]);
  });

  it('goes on after packets that are none', async () => {
    const { options } = machine('pxe', 7);
    const good = encodeDhcp({
      ...{
        xid: 1,
        broadcast: true,
        ciaddr: '0.0.0.0',
        giaddr: '0.0.0.0',
        mac: '52:54:00:00:ff:01',
        options: new Map(options),
      },
    });
    // An option that says it is longer than what is left of the packet.
    const overlong = Buffer.concat([good.subarray(0, 243), Buffer.from([60, 250, 1])]);
    for (const data of [Buffer.alloc(0), Buffer.alloc(240, 255), Buffer.alloc(1_400, 1), overlong])
      await site.lab.datagram(5_000, 67, data);
    expect((await site.lab.ask(machine('pxe', 7))).siaddr).toBe(siteOf(0));
  });
});

describe('Proxy DHCP', () => {
  let site: SiteUnderTest;
  beforeAll(async () => {
    const proxy = { mode: 'proxy' as const, ranges: [] };
    site = await SiteUnderTest.start({ networks: [served(proxy), served({ ...RELAYED, ...proxy })] });
  });
  afterAll(() => site.stop());
  const sure = () => machine('pxe', 7);

  it.each(cells())(
    'tells $kind of architecture $arch, $way, to boot $file',
    async ({ kind, arch, giaddr, file }) => {
      const offer = await site.lab.askInVain(probe(kind, arch, relayed(giaddr)), sure());
      if (file === null) {
        // Who can't boot from here isn't kept from booting elsewhere.
        expect(offer).toBeUndefined();
        return;
      }
      // UEFI fetches what TFTP is to bring from port 4011, BIOS asks there for an item of the menu.
      const isBios = kind === 'pxe' && arch === 0;
      const isLater = !file.startsWith('http');
      expect(offer?.yiaddr).toBe('0.0.0.0');
      expect(told(offer)).toEqual({
        file: isLater ? '' : file,
        // A URL needs none.
        server: arch === 0 ? '0.0.0.0' : siteOf(0),
        vendorClass: vendorOf(kind),
        menu: isBios,
      });
    },
  );

  it.each(
    cells(['pxe']).filter(({ giaddr, file }) => giaddr === undefined && file?.endsWith('.efi') === true),
  )('answers UEFI of architecture $arch at port 4011 with $file', async ({ kind, arch, file }) => {
    const answer = await site.lab.ask(probe(kind, arch, { pxePort: true, type: DHCP.request }));
    expect(answer.fromPort).toBe(4011);
    expect(answer.options.get(53)?.[0]).toBe(DHCP.ack);
    expect(told(answer)).toMatchObject({ file, server: siteOf(0), vendorClass: 'PXEClient' });
  });

  it('answers BIOS at port 4011 with the program of the menu that it was offered', async () => {
    const offer = await site.lab.ask(machine('pxe', 0));
    const vendor = optionsOf(offer.options.get(43) ?? Buffer.alloc(0));
    // One item, chosen without asking (PXE 2.1, option 43: 8 servers, 9 menu, 10 prompt).
    expect(vendor.get(8)?.subarray(3).join('.')).toBe(siteOf(0));
    expect(vendor.get(10)?.[0]).toBe(0);
    const item = vendor.get(9)?.subarray(0, 2) ?? Buffer.alloc(2);
    const chosen = Buffer.concat([Buffer.from([71, 4]), item, Buffer.from([0, 0, 255])]);
    const options = new Map([[43, chosen]]);
    const answer = await site.lab.ask(machine('pxe', 0, { pxePort: true, type: DHCP.request, options }));
    expect(answer.fromPort).toBe(4011);
    expect(told(answer)).toMatchObject({ file: 'undionly.kpxe', server: siteOf(0) });
  });

  it.each([[undefined], [RELAY]])(
    'leaves who boots nothing to the DHCP server (relay: %s)',
    async (giaddr) => {
      expect(await site.lab.askInVain(machine('plain', null, relayed(giaddr)), sure())).toBeUndefined();
      const request = machine('plain', null, { type: DHCP.request, ...relayed(giaddr) });
      expect(await site.lab.askInVain(request, sure())).toBeUndefined();
    },
  );
});

describe('Both modes on two interfaces', () => {
  let site: SiteUnderTest;
  beforeAll(async () => {
    site = await SiteUnderTest.start({
      interfaces: 2,
      networks: [served(), served({ cidr: '192.168.78.0/24', mode: 'proxy', ranges: [] })],
    });
  });
  afterAll(() => site.stop());

  it.each(cells().filter(({ giaddr }) => giaddr === undefined))(
    'tell $kind of architecture $arch to boot $file, each in its way',
    async ({ kind, arch, file }) => {
      const full = await site.lab.ask(probe(kind, arch, { at: 0 }));
      expect(full.yiaddr).toMatch(/^192\.168\.77\.1\d\d$/);
      // One process speaks PXE to all its clients: "no menu, take the file" (option 43.6, bit 3).
      expect(told(full)).toEqual({
        ...{ file: file ?? '', server: siteOf(0), vendorClass: vendorOf(kind), menu: false },
      });
      expect(optionsOf(full.options.get(43) ?? Buffer.alloc(0)).get(6)).toEqual(Buffer.from([8]));
      const proxy = await site.lab.ask(probe(kind, arch, { at: 1 }));
      expect(proxy.yiaddr).toBe('0.0.0.0');
      expect(told(proxy)?.file).toBe(file?.startsWith('http') === true ? file : '');
    },
  );

  it('leave who boots nothing to the other server where there is one', async () => {
    expect((await site.lab.ask(machine('plain', null, { at: 0 }))).yiaddr).toMatch(/^192\.168\.77\./);
    const sure = machine('pxe', 7, { at: 1 });
    expect(await site.lab.askInVain(machine('plain', null, { at: 1 }), sure)).toBeUndefined();
  });
});

describe('Without iPXE for arm64', () => {
  it.each(['full', 'proxy'] as const)('nobody is told of it, in %s mode', async (mode) => {
    const site = await SiteUnderTest.start({ networks: [served({ mode })], arm64: false });
    for (const [column, arch] of ARCHITECTURES.entries()) {
      const answer = await site.lab.askInVain(machine('http', arch), machine('pxe', 7));
      const expected = noArm(HTTP)[column];
      expect(answer === undefined ? null : fileOf(answer) || null).toBe(expected);
    }
    await site.stop();
  });
});
