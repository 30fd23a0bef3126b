import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { temporaryFolder } from '../../test/bastion-fixture.js';
import { inDoctorLab, type DoctorRun } from '../../test/preflight/doctor-lab.js';

/** The built program, on networks made for it. */
describe('bastion doctor', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  beforeAll(async () => {
    folder = await temporaryFolder();
    // What dnsmasq serves by TFTP has to be larger than a block.
    await writeFile(join(folder.path, 'ipxe.efi'), Buffer.alloc(4096, 1));
  });
  afterAll(async () => folder[Symbol.asyncDispose]());

  const run = (script: string, environment: NodeJS.ProcessEnv = {}): Promise<DoctorRun> =>
    inDoctorLab(script, {
      BASTION_DIR: join(folder.path, 'site'),
      BASTION_IPXE_DIR: folder.path,
      ...environment,
    });
  const of = (check: string, { findings, stderr }: DoctorRun) => {
    const found = findings
      .filter((finding) => finding.check === check)
      .map(({ status, message }) => `${status}: ${message}`);
    // What went wrong in the script is the reason for none.
    return found.length === 0 ? [stderr] : found;
  };

  it('names both of two other DHCP servers, one that pings first among them, and shows their texts harmlessly', async () => {
    const result = await run(`
      host one 192.168.77.2
      host two 192.168.77.3
      serve one --dhcp-range=192.168.77.50,192.168.77.59 --dhcp-option-force=15,"$(printf 'evil\\033[2J')" --no-ping
      serve two --dhcp-range=192.168.77.70,192.168.77.80 --dhcp-boot=pxelinux.0
      doctor
    `);
    const found = of('dhcp', result);
    expect(found).toHaveLength(2);
    expect(found[0]).toMatch(
      /^failed: another DHCP server gives addresses on lab0: 192\.168\.77\.2 \(MAC [0-9a-f:]{17}, offered 192\.168\.77\.5\d,.*domain "evil\uFFFD\[2J"/,
    );
    expect(found[1]).toMatch(
      /^failed: .*: 192\.168\.77\.3 \(.*offered 192\.168\.77\.[78]\d,.*boot file "pxelinux\.0"/,
    );
    expect(result.stdout).not.toContain('\u001b');
    expect(result.code).toBe(1);
  });

  it('in proxy mode wants the site’s DHCP server, and one that names no boot file', async () => {
    const proxy = { BASTION_DHCP_MODE: 'proxy', BASTION_DHCP_RANGE: '192.168.77.0' };
    const without = await run('host one 192.168.77.2; doctor', proxy);
    expect(of('dhcp', without)).toEqual([
      expect.stringMatching(/^failed: no DHCP server gives addresses on lab0/),
    ]);
    expect(of('firewall', without)).toEqual([
      'ok: tried from a namespace of its own on lab0: udp 67, udp 69, udp 4011, tcp 7071',
    ]);
    const site = 'serve one --dhcp-range=192.168.77.50,192.168.77.59 --no-ping';
    const beside = await run(`host one 192.168.77.2; ${site}; doctor`, proxy);
    expect(of('dhcp', beside)).toEqual(['ok: 192.168.77.2 gives the addresses on lab0']);
  });

  it('finds nobody on a network without one, and tries its ports from a namespace that is gone afterwards', async () => {
    // The kernel takes a namespace down in its own time.
    const gone = 'while ip -o link | grep -q labdr; do read -rt 0.05 <> <(:) || true; done; echo gone >&2';
    const result = await run(`host one 192.168.77.2; doctor || true; ${gone}`);
    expect(of('dhcp', result)).toEqual([expect.stringMatching(/^ok: no other DHCP server answered on lab0/)]);
    expect(of('interface', result)).toEqual(['ok: lab0 is up, with 192.168.77.1, MTU 1500']);
    expect(of('firewall', result)).toEqual([
      'ok: tried from a namespace of its own on lab0: udp 67, udp 69, tcp 7071',
    ]);
    expect(of('port', result)).toEqual([
      'ok: udp 67 (DHCP) is free',
      'ok: udp 69 (TFTP) is free',
      'ok: tcp 7071 (HTTP) is free',
    ]);
    expect(result.stderr).toBe('gone\n');
  });

  it('finds what a firewall drops and what it rejects', async () => {
    const result = await run(`
      host one 192.168.77.2
      "$NFT" add table inet lab
      "$NFT" 'add chain inet lab input { type filter hook input priority 0; }'
      "$NFT" add rule inet lab input udp dport 67 drop
      "$NFT" add rule inet lab input tcp dport 7071 reject with tcp reset
      doctor
    `);
    expect(of('firewall', result)).toEqual([
      'failed: udp 67 does not get through on lab0 (no answer): a firewall of this machine is in the way',
      'ok: udp 69 gets through on lab0',
      'failed: tcp 7071 does not get through on lab0 (rejected): a firewall of this machine is in the way',
    ]);
  });

  it.each(['INT', 'KILL'])('leaves nothing of its namespace behind after SIG%s', async (signal) => {
    const result = await run(`
      host one 192.168.77.2
      "$NFT" add table inet lab; "$NFT" 'add chain inet lab input { type filter hook input priority 0; policy drop; }'
      set -m
      doctor >/dev/null & pid=$!
      until ip -o link | grep -q labdr; do kill -0 $pid; read -rt 0.05 <> <(:) || true; done
      kill -${signal} -- -$pid
      while ip -o link | grep -q labdr; do read -rt 0.05 <> <(:) || true; done
      echo gone
    `);
    expect([result.stdout, result.stderr]).toEqual(['gone\n', expect.any(String)]);
  });

  it('tells a program on its ports, and an interface that is down, of another network, a port, or not there', async () => {
    const result = await run(`
      host one 192.168.77.2
      "$NODE" -e 'require("dgram").createSocket("udp4").bind(69); require("net").createServer().listen(7071, () => console.log("up"))' taken >/run/up & pid=$!
      until grep -q up /run/up; do kill -0 $pid; read -rt 0.05 <> <(:) || true; done
      ip address add 10.9.0.1/24 dev lab0; ip address del 192.168.77.1/24 dev lab0; ip link set lab0 mtu 1400
      doctor || true
      BASTION_DHCP_INTERFACE=one doctor || true
      BASTION_DHCP_INTERFACE=lab9 doctor || true
      ip link set lab0 down
      doctor
    `);
    const said = of('interface', result).join('\n');
    expect(said).toContain(
      'failed: lab0 has 10.9.0.1 (255.255.255.0): no address in the network of BASTION_DHCP_RANGE',
    );
    expect(said).toContain('failed: one is a port of lab0');
    expect(said).toContain('failed: there is no interface lab9');
    expect(said).toContain('failed: lab0 is down');
    expect(of('mtu', result).join('\n')).toContain('warning: lab0 has an MTU of 1400');
    const ports = of('port', result).join('\n');
    expect(ports).toMatch(/failed: udp 69 \(TFTP\) is in use by .*node.* \(process \d+\) on all addresses/);
    expect(ports).toMatch(/failed: tcp 7071 \(HTTP\) is in use by .*node.* \(process \d+\)/);
  });

  it('finds a bastion that runs well, by its own settings, and asks it itself', async () => {
    const result = await run(`
      host one 192.168.77.2
      export LABD_URL=http://127.0.0.1:9
      "$NODE" "$BASTION" >&2 & pid=$!
      until [[ -e $BASTION_DIR/running.json ]]; do kill -0 $pid; read -rt 0.05 <> <(:) || true; done
      BASTION_DHCP_INTERFACE= BASTION_DHCP_RANGE= BASTION_PORT=1 doctor || true
      kill $pid; wait $pid || true
    `);
    expect(of('bastion', result)).toEqual([
      expect.stringMatching(/^ok: process \d+ at http:\/\/127\.0\.0\.1:7071 is ready; DHCP running$/),
    ]);
    expect(of('port', result)).toEqual([
      'ok: udp 67 (DHCP) is held by this bastion',
      'ok: udp 69 (TFTP) is held by this bastion',
      'ok: tcp 7071 (HTTP) is held by this bastion',
    ]);
    expect(of('dhcp', result)).toEqual([expect.stringMatching(/^ok: no other DHCP server answered/)]);
    expect(of('firewall', result)).toEqual([
      'ok: tried from a namespace of its own on lab0: DHCP, TFTP (ipxe.efi), HTTP (port 7071)',
    ]);
  });
});
