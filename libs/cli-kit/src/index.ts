export { LabError } from '@lab/domain';
export { cliEnvironment, programEnvironment } from './config.js';
export type { CliEnvironment } from './config.js';
export { CliError, EXIT, InterruptedError, exitCodeOf, notLoggedIn, usageError } from './cli-error.js';
export type { CliErrorOptions, ExitCode } from './cli-error.js';
export { errorReport } from './error-report.js';
export { isProgram, pathFolders, programOnPath } from './path-programs.js';
export { DEFAULT_BASTION_DIR, bastionFolderInUse, isProcess, runningBastion } from './local-bastion.js';
export type { RunningBastion } from './local-bastion.js';
export { parseSize } from './size.js';
export { parseDuration } from './duration.js';
export { ConnectionError, connectionError } from './api/connection-error.js';
export type { ConnectionProblem } from './api/connection-error.js';
export { problemError } from './api/problem.js';
export { Transport } from './api/transport.js';
export type { ApiAnswer, ApiRequest, TransportOptions } from './api/transport.js';
export { ContextSession, FixedSession } from './api/session.js';
export type { Session } from './api/session.js';
export { LabClient, logIn, logInWithIdToken, oidcProvider } from './api/lab-client.js';
export { OrderClient } from './api/order-client.js';
export type { OrderOptions } from './api/order-client.js';
export { ResourceClient } from './api/resource-client.js';
export type { Applied } from './api/resource-client.js';
export type { ListQuery, LogQuery } from './api/lab-client.js';
export type {
  Condition,
  Disk,
  DiskRule,
  Forgotten,
  Install,
  InstallFailure,
  InstallStage,
  InstallSummary,
  LogLine,
  LogPage,
  NamedRef,
  Netboot,
  Network,
  NetworkLease,
  NetworkReservation,
  Nic,
  OidcProvider,
  OrderPlan,
  OrderWarning,
  Ordered,
  ProvisionBody,
  Server,
  SessionTokens,
  Whoami,
} from './api/api-types.js';
export { ContextFile } from './context/context-file.js';
export type { Context } from './context/context-file.js';
export { ContextStore, contextFilePath, fileSettings } from './context/context-store.js';
export { SETTINGS, settingNamed } from './context/settings.js';
export { contextNameFor, isLoopback, serverUrl } from './context/server-url.js';
export { BUNDLED_KINDS, Catalog, catalogCachePath, parseKinds } from './resources/catalog.js';
export { authored, editable, withChanges } from './resources/authored.js';
export { isKeyChange, parseKeyChanges } from './resources/key-changes.js';
export type { KeyChanges } from './resources/key-changes.js';
export { appliedError, appliedName } from './output/applied-report.js';
export { parseDocuments, readDocuments, saidOf } from './resources/documents.js';
export type { SourceDocument } from './resources/documents.js';
export { parseSelections, parseServerRef, parseServerRefs } from './resources/selection.js';
export type { Selection } from './resources/selection.js';
export { similarTo } from './resources/similar.js';
export { watchResources } from './resources/watch.js';
export type { Change } from './resources/watch.js';
export { JsonPathTemplate, order, parsePath, valueText } from './output/json-path.js';
export { GET_FORMATS, OUTPUT_FORMATS, getFormat, isData, outputFormat } from './output/output-format.js';
export type { CustomColumn, GetFormat, OutputFormat } from './output/output-format.js';
export { NONE, UNKNOWN, cellText, momentAge, textAt, valueAt } from './output/cells.js';
export { changeText, documentText, resourceName } from './output/document.js';
export { findingOf, found, reportFindings } from './output/findings.js';
export type { Finding } from './output/findings.js';
export { logText, oneLine, paragraph, safeJson } from './output/neutralise.js';
export { ageText, bytesText, elapsedText } from './output/quantities.js';
export { plainList } from './output/plain-list.js';
export type { PlainListOptions } from './output/plain-list.js';
export { ResourceTable } from './output/resource-table.js';
export { Table } from './output/table.js';
export { conditionText, watchConditions } from './installs/condition-watch.js';
export { followInstall } from './installs/install-follower.js';
export type { FollowOptions, FollowTiming } from './installs/install-follower.js';
export type { FollowEvent } from './installs/follow-events.js';
export { awaitInstall } from './installs/await-install.js';
export type { AwaitedInstall } from './installs/await-install.js';
export { failedInstall, failureCause, failureEvidence } from './installs/install-outcome.js';
export type { EndedInstall } from './installs/install-outcome.js';
export { StageBoard } from './installs/stage-board.js';
export { stageChange, stageElapsed, stageLine } from './installs/stage-lines.js';
export { confirm, requireWayToConfirm } from './terminal/confirmation.js';
export { exitCodeOfChild, uninterrupted, whenInterruptible } from './terminal/interruption.js';
export { ask } from './terminal/prompt.js';
export { couldNotRun, shellCommand } from './terminal/shell-command.js';
export type { PagedOutput } from './terminal/pager.js';
export { processTerminal } from './terminal/terminal.js';
export type { Terminal } from './terminal/terminal.js';
export { LabCommand, formatOf, jsonFlag, outputFlag } from './lab-command.js';
export type { GlobalFlags } from './lab-command.js';
export { Connection, connect, noContext } from './connection.js';
export type { ConnectOptions } from './connection.js';
