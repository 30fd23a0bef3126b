import type { DiagnosisRule } from './diagnosis-rule.js';
import { BOOTLOADER_RULES } from './rules/bootloader-rules.js';
import { BOOT_RULES } from './rules/boot-rules.js';
import { DISK_RULES } from './rules/disk-rules.js';
import { KICKSTART_RULES } from './rules/kickstart-rules.js';
import { MACHINE_RULES } from './rules/machine-rules.js';
import { NETWORK_RULES } from './rules/network-rules.js';
import { PACKAGE_RULES } from './rules/package-rules.js';
import { REPOSITORY_RULES } from './rules/repository-rules.js';
import { STORAGE_RULES } from './rules/storage-rules.js';
import { SYSTEM_RULES } from './rules/system-rules.js';

/** Every rule; where two know the same line equally well, the one that comes first counts. */
export const DIAGNOSIS_RULES: readonly DiagnosisRule[] = [
  ...BOOT_RULES,
  ...NETWORK_RULES,
  ...REPOSITORY_RULES,
  ...KICKSTART_RULES,
  ...BOOTLOADER_RULES,
  ...DISK_RULES,
  ...STORAGE_RULES,
  ...SYSTEM_RULES,
  ...PACKAGE_RULES,
  ...MACHINE_RULES,
];
