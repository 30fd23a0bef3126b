import { STAGES, type MacAddress } from '@lab/domain';
import type { InstallPlan, ServerPlan } from '@lab/protocol';
import type { PlanStore } from '../machines/plan.store.js';
import type { HeardInstalls } from '../uplink/heard-installs.js';
import type { Asker, InstallGate } from './install-gate.js';
import { REFETCH_MS, type InstallRecord } from './install-record.js';
import type { InstallWriter } from './install-writer.js';
import { installElsewhere, kickstartUsed, unknownKickstart } from './install.errors.js';
import type { InstallStore } from './install.store.js';
import { hashToken, mintToken, reportTokenFor } from './tokens.js';

/** An unfetched kickstart's address is good for so long, in ms. */
const KICKSTART_MS = 3_600_000;

export interface InstallBootsParts {
  store: InstallStore;
  writer: InstallWriter;
  gate: InstallGate;
  plans: PlanStore;
  heard: HeardInstalls;
  now: () => number;
  /** Makes report tokens out of kickstart tokens. */
  tokenKey: string;
}

/** How machines get into their installs: boot script, then kickstart, with which the install is bound to them. */
export class InstallBoots {
  constructor(private readonly parts: InstallBootsParts) {}

  /**
   * Whether the asker is the machine of the install. False: another machine. Raises `not-allowed` for a second address.
   * Until it is true, nothing may happen to the install.
   */
  async admits(server: ServerPlan, install: InstallPlan, asker: Asker): Promise<boolean> {
    const { store, gate, writer } = this.parts;
    const verdict = await gate.judge(server, store.get(install.installId), asker);
    if (verdict === 'machine' || verdict === 'restarted') return true;
    const record = await writer.exclusive(install.installId, () =>
      writer.planned(server, install, asker.mac),
    );
    await gate.refuse(record, 'boot script', asker.address);
    if (verdict === 'elsewhere') throw installElsewhere();
    return false;
  }

  /** Raises `not-allowed` if that MAC address is being installed, at another address. */
  admitDiscovery(mac: MacAddress, address: string): Promise<void> {
    return this.parts.gate.admitDiscovery(mac, address);
  }

  /**
   * The boot script of an install is served: answers the token of its kickstart; the one before it for the same address
   * is void. Only its own machine's start is one of the install; a new address has to fetch the kickstart first.
   */
  async serve(server: ServerPlan, install: InstallPlan, asker: Asker): Promise<string> {
    const { writer, gate, heard, now } = this.parts;
    const token = mintToken();
    const { mac, address, uuid, serial } = asker;
    await writer.exclusive(install.installId, async () => {
      const record = await writer.planned(server, install, mac);
      const verdict = await gate.judge(server, record, asker);
      if (verdict !== 'machine' && verdict !== 'restarted') throw installElsewhere();
      const isStart = verdict === 'machine';
      const again = record.boot > 0 ? ' again' : '';
      const message = interrupted(record);
      const served = { type: 'boot-served', at: now(), mac, address, uuid, serial } as const;
      await writer.report(record, isStart ? [{ stage: 'boot', event: 'started', message }] : [], [
        { ...served, tokenHash: hashToken(token) },
      ]);
      await writer.note(record, `boot script served${again} to ${mac} at ${address}`);
      if (!isStart) return;
      heard.note(install.installId);
      if (record.binding !== null) record.heardAt = now();
      if (message !== null) await writer.note(record, message);
    });
    return token;
  }

  /** The install has failed before or instead of being served. */
  async fail(server: ServerPlan, install: InstallPlan, mac: MacAddress, message: string): Promise<void> {
    const { writer } = this.parts;
    await writer.exclusive(install.installId, async () => {
      const record = await writer.planned(server, install, mac);
      if (record.isOver) return;
      await writer.note(record, message);
      await writer.report(record, [{ stage: 'boot', event: 'failed', message }]);
    });
  }

  /** Lets a machine fetch its kickstart: once, and again from its own address for a while. Answers the report token. */
  async fetchKickstart(
    token: string,
    address: string,
  ): Promise<{ record: InstallRecord; server: ServerPlan | undefined; reportToken: string }> {
    const { store, writer, gate, heard, plans } = this.parts;
    const hash = hashToken(token);
    const found = store.ofKickstart(hash);
    if (found === undefined) throw unknownKickstart();
    return writer.exclusive(found.installId, async () => {
      const open = found.open.find((each) => each.hash === hash);
      const isAgain = found.binding?.kickstartHash === hash;
      if ((open === undefined && !isAgain) || found.isOver) throw unknownKickstart();
      await gate.admitFetch(found, open, address);
      const now = this.parts.now();
      if (open === undefined) {
        if (now - (found.binding?.fetchedAt ?? 0) > REFETCH_MS) throw kickstartUsed();
      } else if (now - open.mintedAt > KICKSTART_MS) throw unknownKickstart();
      heard.note(found.installId);
      const reportToken = reportTokenFor(token, this.parts.tokenKey);
      if (open !== undefined) await this.#begin(found, { token, reportToken, address });
      found.heardAt = now;
      await writer.note(found, `kickstart fetched from ${address}`);
      return { record: found, server: plans.get(found.serverId), reportToken };
    });
  }

  /** The kickstart can't be written: the install has failed, and its machine will find nothing to install. */
  async failKickstart(record: InstallRecord, message: string): Promise<void> {
    const { writer } = this.parts;
    await writer.exclusive(record.installId, async () => {
      if (record.isOver) return;
      await writer.note(record, message);
      await writer.report(record, [{ stage: 'kickstart', event: 'failed', message }]);
    });
  }

  /** The kickstart is fetched, and the install bound to the address that it goes to. */
  async #begin(
    record: InstallRecord,
    fetch: { token: string; reportToken: string; address: string },
  ): Promise<void> {
    const { writer, gate, now } = this.parts;
    const { token, reportToken, address } = fetch;
    const link = await gate.linkOf(address);
    const boot = record.stages.get('boot');
    // A machine that came back at a new address starts the install only now.
    const isNew = boot?.state !== 'running';
    const message = isNew ? interrupted(record) : boot.message;
    if (isNew && message !== null) await writer.note(record, message);
    await writer.report(
      record,
      [
        ...(isNew ? [{ stage: 'boot', event: 'started', message } as const] : []),
        { stage: 'boot', event: 'ended', message },
        { stage: 'kickstart', event: 'started' },
      ],
      [
        {
          ...{ type: 'kickstart-fetched', at: now(), address, link },
          ...{ reportHash: hashToken(reportToken), tokenHash: hashToken(token) },
        },
      ],
    );
  }
}

/** What it means that a machine asks for its boot script in the middle of an install; null when nothing had begun. */
function interrupted({ preStarted, currentStage }: InstallRecord): string | null {
  if (!preStarted) return null;
  const during = currentStage === null ? '' : ` during "${STAGES[currentStage].title}"`;
  return `The machine started again${during}: it lost power, was reset, or its kernel crashed. The install begins anew.`;
}
