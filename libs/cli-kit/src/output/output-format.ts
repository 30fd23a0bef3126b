import { usageError } from '../cli-error.js';
import { JsonPathTemplate, parsePath, valueText } from './json-path.js';

export const OUTPUT_FORMATS = ['table', 'wide', 'json', 'yaml', 'name'] as const;
export type OutputFormat = (typeof OUTPUT_FORMATS)[number];

/** The format that `-o` names; a usage error for any other. */
export function outputFormat(text: string | undefined): OutputFormat {
  if (text === undefined) return 'table';
  const found = OUTPUT_FORMATS.find((format) => format === text);
  if (found !== undefined) return found;
  const ofGet = ['jsonpath', 'custom-columns'].find((name) => text.startsWith(name));
  throw usageError(
    ofGet === undefined
      ? `-o ${text}: there is no such output format`
      : `-o ${ofGet}: only get has this output format`,
    `Use one of ${OUTPUT_FORMATS.join(', ')}.`,
  );
}

/** The format prints data for programs: stdout then holds nothing else. */
export const isData = (format: OutputFormat): boolean => format === 'json' || format === 'yaml';

/** A column of `-o custom-columns=NAME:.metadata.name,…`. */
export interface CustomColumn {
  heading: string;
  /** Of one resource; several values are joined by commas. */
  text: (resource: unknown) => string;
}

/** What `get` can print, beyond {@link OutputFormat}. */
export type GetFormat =
  | { type: OutputFormat }
  | { type: 'jsonpath'; template: JsonPathTemplate }
  | { type: 'columns'; columns: readonly CustomColumn[] };

export const GET_FORMATS = `${OUTPUT_FORMATS.join('|')}|jsonpath=…|custom-columns=…`;

/** As {@link outputFormat}, with `jsonpath=TEMPLATE` and `custom-columns=HEADING:PATH,…`. */
export function getFormat(text: string | undefined): GetFormat {
  const [, name, rest = ''] = /^(jsonpath|custom-columns)(?:=(.*))?$/s.exec(text ?? '') ?? [];
  if (name === undefined) {
    const plain = OUTPUT_FORMATS.find((format) => format === (text ?? 'table'));
    if (plain !== undefined) return { type: plain };
    throw usageError(
      `-o ${text ?? ''}: there is no such output format`,
      `Use one of ${GET_FORMATS.replaceAll('|', ', ')}.`,
    );
  }
  if (rest === '') {
    throw usageError(
      `-o ${name} says nothing to print`,
      name === 'jsonpath'
        ? "Write -o jsonpath='{.metadata.name}'."
        : 'Write -o custom-columns=NAME:.metadata.name.',
    );
  }
  if (name === 'jsonpath') return { type: 'jsonpath', template: new JsonPathTemplate(rest) };
  return { type: 'columns', columns: rest.split(',').map(customColumn) };
}

function customColumn(text: string): CustomColumn {
  const colon = text.indexOf(':');
  const heading = text.slice(0, Math.max(0, colon));
  if (colon <= 0 || /\s/.test(heading) || colon === text.length - 1)
    throw usageError(
      `-o custom-columns: "${text}" is not HEADING:PATH`,
      'Write -o custom-columns=NAME:.metadata.name,MAC:.status.mac.',
    );
  const values = parsePath(text.slice(colon + 1));
  return {
    heading,
    text: (resource) => {
      const found = values(resource).filter((value) => value !== null && value !== undefined);
      return found.length === 0 ? '<none>' : found.map(valueText).join(',');
    },
  };
}
