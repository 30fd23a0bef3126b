import { usageError } from '../cli-error.js';

export const OUTPUT_FORMATS = ['table', 'wide', 'json', 'yaml', 'name'] as const;
export type OutputFormat = (typeof OUTPUT_FORMATS)[number];

/** The format that `-o` names; a usage error for any other. */
export function outputFormat(text: string | undefined): OutputFormat {
  if (text === undefined) return 'table';
  const found = OUTPUT_FORMATS.find((format) => format === text);
  if (found !== undefined) return found;
  const later = ['jsonpath', 'custom-columns', 'go-template'].find((name) => text.startsWith(name));
  throw later === undefined
    ? usageError(`-o ${text}: there is no such output format`, `Use one of ${OUTPUT_FORMATS.join(', ')}.`)
    : usageError(`-o ${later}: labctl does not have this output format yet`, 'Use -o json and jq.');
}

/** The format prints data for programs: stdout then holds nothing else. */
export const isData = (format: OutputFormat): boolean => format === 'json' || format === 'yaml';
