import { LabError } from './lab-error.js';
import { printable } from './mac-address.js';

/** One condition on labels; all of a selector must hold. `!=` and `notin` also hold for what lacks the label. */
export type LabelRequirement =
  | { key: string; operator: 'in' | 'notin'; values: readonly string[] }
  | { key: string; operator: 'exists' | 'absent' };

/** Most labels that a resource may have, most conditions in a selector, and most values in one. */
export const MOST_LABELS = 64;
const MOST_REQUIREMENTS = 32;
const MOST_VALUES = 64;
const LONGEST_SELECTOR = 4096;

const KEY = /^(?:[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?\/)?[A-Za-z0-9](?:[A-Za-z0-9._-]{0,61}[A-Za-z0-9])?$/;
const VALUE = /^(?:[A-Za-z0-9](?:[A-Za-z0-9._-]{0,61}[A-Za-z0-9])?)?$/;

/** A label's key: at most 63 letters, digits, `.`, `_`, `-`, with a DNS name and `/` before it if it is a program's. */
export const isLabelKey = (text: string): boolean =>
  text.length <= 317 && KEY.test(text) && text !== '__proto__';

/** A label's value: at most 63 letters, digits, `.`, `_`, `-`; may be empty. */
export const isLabelValue = (text: string): boolean => VALUE.test(text);

const TERM =
  /^(?:(?<absent>!)\s*(?<absentKey>[^\s!=,()]+)|(?<key>[^\s!=,()]+)\s*(?:(?<equality>==|!=|=)\s*(?<value>[^\s!=,()]*)|\s(?<set>in|notin)\s*\((?<values>[^()]*)\))?)$/;

/**
 * Parses `key=value,key!=v,key in (a,b),key notin (a),key,!key`, as kubectl writes it. Raises `invalid` that names
 * `labelSelector` and the term.
 */
export function parseLabelSelector(text: string): LabelRequirement[] {
  if (text.length > LONGEST_SELECTOR) throw refuse(text, `is longer than ${LONGEST_SELECTOR} characters`);
  const terms = splitTerms(text);
  if (terms.length > MOST_REQUIREMENTS) throw refuse(text, `has more than ${MOST_REQUIREMENTS} conditions`);
  return terms.map((term) => requirement(term.trim()));
}

/** At commas outside parentheses. */
function splitTerms(text: string): string[] {
  if (text.trim() === '') return [];
  const terms: string[] = [];
  let depth = 0;
  let start = 0;
  for (let index = 0; index < text.length; index += 1) {
    const character = text[index];
    if (character === '(') depth += 1;
    else if (character === ')') depth -= 1;
    else if (character === ',' && depth === 0) {
      terms.push(text.slice(start, index));
      start = index + 1;
    }
  }
  return [...terms, text.slice(start)];
}

function requirement(term: string): LabelRequirement {
  const parts = TERM.exec(term)?.groups;
  const key = parts?.['absentKey'] ?? parts?.['key'];
  if (parts === undefined || key === undefined) throw refuse(term, 'is not a condition');
  if (!isLabelKey(key)) throw refuse(term, `"${printable(key)}" can't be the key of a label`);
  if (parts['absent'] !== undefined) return { key, operator: 'absent' };
  if (parts['equality'] !== undefined) {
    const operator = parts['equality'] === '!=' ? 'notin' : 'in';
    return { key, operator, values: [labelValue(term, parts['value'] ?? '')] };
  }
  if (parts['set'] !== undefined) {
    const values = (parts['values'] ?? '').split(',').map((value) => labelValue(term, value.trim()));
    if (values.length > MOST_VALUES) throw refuse(term, `has more than ${MOST_VALUES} values`);
    return { key, operator: parts['set'] === 'in' ? 'in' : 'notin', values };
  }
  return { key, operator: 'exists' };
}

function labelValue(term: string, value: string): string {
  if (isLabelValue(value)) return value;
  throw refuse(term, `"${printable(value)}" can't be the value of a label`);
}

/** Whether labels meet a selector. */
export const matchesLabels = (
  labels: Readonly<Record<string, string>>,
  requirements: readonly LabelRequirement[],
): boolean =>
  requirements.every((requirement) => {
    const value = Object.hasOwn(labels, requirement.key) ? labels[requirement.key] : undefined;
    switch (requirement.operator) {
      case 'exists':
        return value !== undefined;
      case 'absent':
        return value === undefined;
      case 'in':
        return value !== undefined && requirement.values.includes(value);
      case 'notin':
        return value === undefined || !requirement.values.includes(value);
    }
  });

const refuse = (term: string, why: string): LabError =>
  new LabError('invalid', `labelSelector: "${printable(term)}" ${why}`, {
    hint: "Write conditions such as rack=a1,tier!=test,'zone in (a,b)',gpu,!old.",
    errors: [{ path: 'labelSelector', message: why }],
  });
