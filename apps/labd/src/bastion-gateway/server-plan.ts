import {
  isServerRole,
  orderMacs,
  parseMac,
  type InstallState,
  type OrderableNic,
  type ServerPhase,
} from '@lab/domain';
import type { ServerPlan } from '@lab/protocol';
import { LAYOUT_OF_ROLE } from '../provisioning/install-queue.repository.js';
import { diskRule } from '../provisioning/disk-rule.js';
import { setupOf } from '../provisioning/install-parameters.js';

/** A server with its newest install, as `plan.query.ts` selects it. */
export interface PlanRow {
  id: string;
  name: string;
  phase: ServerPhase;
  smbios_uuid: string | null;
  nics: OrderableNic[] | null;
  serial: string | null;
  confirmed: boolean;
  install_id: string | null;
  install_attempt: number;
  install_state: InstallState | null;
  install_profile: string;
  install_role: string;
  install_hostname: string;
  disk_rule: unknown;
  allow_erase: boolean;
  layout: string;
  parameters: unknown;
}

/** What a bastion has to do with a machine on its next boot. */
function actionFor(phase: ServerPhase, install: InstallState | null): ServerPlan['action'] {
  switch (phase) {
    case 'provisioning':
      return install === 'queued' || install === 'booting' || install === 'installing'
        ? 'install'
        : 'local-disk';
    case 'installed':
      return 'local-disk';
    case 'discovered':
    case 'failed':
      return 'discover';
  }
}

export function toServerPlan(row: PlanRow): ServerPlan {
  const action = actionFor(row.phase, row.install_state);
  return {
    serverId: row.id,
    name: row.name,
    phase: row.phase,
    macs: orderMacs(row.nics ?? []).flatMap((mac) => parseMac(mac) ?? []),
    uuid: row.smbios_uuid,
    serial: row.serial,
    confirmed: row.confirmed,
    action,
    install: action === 'install' ? installOf(row) : null,
  };
}

function installOf(row: PlanRow): ServerPlan['install'] {
  if (row.install_id === null || row.install_state === null || !isServerRole(row.install_role)) return null;
  return {
    installId: row.install_id,
    attempt: row.install_attempt,
    state: row.install_state,
    profile: row.install_profile,
    role: row.install_role,
    hostname: row.install_hostname,
    disk: diskRule(row.disk_rule),
    allowErase: row.allow_erase,
    layout: row.layout === LAYOUT_OF_ROLE ? null : row.layout,
    ...setupOf(row.parameters),
  };
}
