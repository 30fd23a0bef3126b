import type { Schemas } from '@lab/api-client';

/**
 * The bodies of labd's REST API, from its OpenAPI document. Moments are RFC 3339, sizes bytes, null is unknown or none.
 * Where labctl must live with a labd newer than itself, a closed list is opened.
 */
export type NamedRef = Schemas['NamedRef'];
export type Server = Schemas['Server'];
/** A server after an order; a labd before dry runs says neither of its warnings nor of its plan. */
export type Ordered = Server & Partial<Pick<Schemas['OrderedServer'], 'dryRun' | 'warnings' | 'plan'>>;
export type OrderPlan = Schemas['OrderPlan'];
export type OrderWarning = Schemas['OrderWarning'];
export type Forgotten = Schemas['Forgotten'];
export type Condition = Schemas['Condition'];
export type Netboot = Schemas['Netboot'];
export type Network = Schemas['Network'];
export type NetworkLease = Schemas['NetworkLease'];
export type NetworkReservation = Schemas['NetworkReservation'];
export type Nic = Schemas['Nic'];
export type Disk = Schemas['Disk'];
export type Install = Schemas['Install'];
export type InstallSummary = Schemas['InstallSummary'];
export type SessionTokens = Schemas['Session'];
export type OidcProvider = Schemas['OidcProvider'];
export type Whoami = Schemas['Whoami'];
export type CanIQuestion = { [K in keyof Schemas['CanI']]: Schemas['CanI'][K] | undefined };
export type AuditVerdict = Schemas['AuditVerdict'];
export type CanIAnswer = Schemas['CanIAnswer'];
export type DiskRule = Schemas['DiskRule'];

/** A page of any resource; `continue` is the cursor of the next page, null on the last one. */
export interface ResourceList {
  metadata: Schemas['ListMetadata'];
  items: unknown[];
}

export type InstallFailure = Omit<Schemas['InstallFailure'], 'stage'> & { stage: string };
export type InstallStage = Omit<Schemas['InstallStage'], 'name' | 'failure'> & {
  name: string;
  failure: InstallFailure | null;
};
export type LogLine = Omit<Schemas['LogLine'], 'stage'> & { stage: string | null };
export type LogPage = Omit<Schemas['LogPage'], 'lines'> & { lines: LogLine[] };

/** What provision and reprovision send. labd knows the roles, and says which there are. */
export type ProvisionBody = Partial<Omit<Schemas['Provision'], 'role'>> & { role?: string };
export type AdoptBody = Schemas['Adopt'];
