/** What the tests read of labd's answers. */
export interface ServerResource {
  metadata: { id: string; name: string };
  spec: { role: string | null };
  status: {
    phase: string;
    conditions: { type: string; reason: string; since: string; message: string }[];
    mac: string | null;
    hardware: {
      arch: string | null;
      cpuCores: number | null;
      memoryBytes: number | null;
      bootMode: string | null;
      smbiosUuid: string | null;
      serial: string | null;
    };
    nics: { name: string; mac: string; boot: boolean }[];
    disks: { name: string; sizeBytes: number; serial: string | null }[];
    system: { osName: string | null; hostname: string | null; addresses: string[] } | null;
    install: { id: string; attempt: number; state: string; finishedAt: string | null } | null;
  };
}

export interface BastionResource {
  status: { link: string; conditions: { type: string; reason: string; message: string }[] };
}

export interface InstallResource {
  state: string;
  stages: {
    name: string;
    state: string;
    startedAt: string | null;
    endedAt: string | null;
    message: string | null;
  }[];
  logTotal: number;
}

export interface InstallLogs {
  lines: { number: number; source: string; stage: string | null; text: string }[];
  next: number | null;
}
