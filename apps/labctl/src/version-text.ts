/** `labctl 0.1.0 (linux-x64, node v24.0.0)` */
export const versionText = (version: string): string =>
  `labctl ${version} (${process.platform}-${process.arch}, node ${process.version})`;
