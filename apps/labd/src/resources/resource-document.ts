import {
  LabError,
  MOST_LABELS,
  isLabelKey,
  isLabelValue,
  isResourceName,
  printable,
  type FieldError,
  type ResourceKind,
} from '@lab/domain';
import type { Type } from '@nestjs/common';
import { plainToInstance } from 'class-transformer';
import { validateSync } from 'class-validator';
import { fieldErrors, VALIDATION } from '../http/validation.js';
import { API_VERSION } from './resource.js';

/** All annotations of a resource together, as JSON. */
const MOST_ANNOTATION_BYTES = 16 * 1024;

/** A resource as somebody wrote it, checked as far as it can be without the database. */
export interface ResourceDocument {
  /** Undefined: to be made up (tokens), or taken from the path. */
  name: string | undefined;
  /** The version that the writer read. */
  version: number | undefined;
  labels: Readonly<Record<string, string>> | undefined;
  annotations: Readonly<Record<string, string>> | undefined;
  /** As given; `parseSpec` checks it. */
  spec: Readonly<Record<string, unknown>> | undefined;
}

/** What `get` shows beside what a person writes: taken back without a word, so that its output can be applied. */
const READ_ONLY_METADATA = ['id', 'createdAt', 'updatedAt'];

/** Reads the envelope of a document: `apiVersion`, `kind`, `metadata`, `spec`; `status` is labd's own and is passed over. */
export function parseDocument(kind: ResourceKind, body: unknown): ResourceDocument {
  const document = record(body, '');
  known(document, '', ['apiVersion', 'kind', 'metadata', 'spec', 'status']);
  const { apiVersion, kind: stated, metadata: given = {}, spec } = document;
  if (apiVersion !== undefined && apiVersion !== API_VERSION)
    throw refuse('apiVersion', `must be ${API_VERSION}`);
  if (stated !== undefined && stated !== kind.kind) throw refuse('kind', `must be ${kind.kind}`);
  const metadata = record(given, 'metadata');
  known(metadata, 'metadata', ['name', 'labels', 'annotations', 'version', ...READ_ONLY_METADATA]);
  const { name, version, labels, annotations } = metadata;
  return {
    name: name === undefined ? undefined : resourceName(name),
    version: version === undefined ? undefined : versionOf(version),
    labels: labels === undefined ? undefined : parseLabels(labels),
    annotations: annotations === undefined ? undefined : parseAnnotations(annotations),
    spec: spec === undefined ? undefined : record(spec, 'spec'),
  };
}

/** The kind that a document of an apply says it is. */
export function statedKind(body: unknown): string {
  const { kind } = record(body, '');
  if (typeof kind === 'string' && kind !== '') return kind;
  throw refuse('kind', 'is missing');
}

/** How @nestjs/swagger keeps what `@ApiProperty` was given. */
interface PropertyMetadata {
  nullable?: boolean;
  type?: unknown;
}

/** `field:` without a value is null in YAML, and says nothing where the description doesn't allow a null. */
function withoutNulls(dto: object, given: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const prototype: unknown = 'prototype' in dto ? dto.prototype : undefined;
  if (typeof prototype !== 'object' || prototype === null) return given;
  return Object.fromEntries(
    Object.entries(given).flatMap(([key, value]): [string, unknown][] => {
      const property = Reflect.getMetadata('swagger/apiModelProperties', prototype, key) as
        PropertyMetadata | undefined;
      if (value === null) return property === undefined || property.nullable === true ? [[key, value]] : [];
      const { type } = property ?? {};
      if (!Array.isArray(value) || typeof type !== 'function') return [[key, value]];
      const items = value.map((item: unknown) => (isRecord(item) ? withoutNulls(type, item) : item));
      return [[key, items]];
    }),
  );
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** An instance of the kind's spec, checked by the decorators that document it; errors name `spec.…`. */
export function parseSpec<Spec extends object>(
  dto: Type<Spec>,
  given: Readonly<Record<string, unknown>>,
): Spec {
  const spec = plainToInstance(dto, withoutNulls(dto, given));
  const errors = validateSync(spec, VALIDATION).flatMap((error) => fieldErrors(error, 'spec'));
  const [first] = errors;
  if (first === undefined) return spec;
  const type = dto.name.replace(/SpecDto$/, '').toLowerCase();
  throw new LabError('invalid', `${first.path}: ${first.message}`, {
    hint: `See the fields with: labctl explain ${type}.spec --recursive`,
    errors,
  });
}

function resourceName(name: unknown): string {
  if (typeof name === 'string' && isResourceName(name)) return name;
  throw refuse(
    'metadata.name',
    'must be an RFC 1123 host name that is neither an ID nor a MAC address',
    'Use lower-case letters, digits and dashes, at most 63 a label, such as node1.',
  );
}

function versionOf(version: unknown): number {
  if (typeof version === 'number' && Number.isInteger(version) && version > 0 && version < 2 ** 31)
    return version;
  throw refuse('metadata.version', 'must be the whole number that `get` shows');
}

export function parseLabels(given: unknown, path = 'metadata.labels'): Record<string, string> {
  const labels = record(given, path);
  const entries = Object.entries(labels);
  if (entries.length > MOST_LABELS) throw refuse(path, `are more than ${MOST_LABELS}`);
  return Object.fromEntries(
    entries.map(([key, value]) => {
      if (!isLabelKey(key)) {
        throw refuse(
          `${path}.${printable(key)}`,
          "can't be a key",
          'Use at most 63 letters, digits, ".", "_" and "-".',
        );
      }
      if (typeof value !== 'string' || !isLabelValue(value)) {
        throw refuse(`${path}.${key}`, 'must be at most 63 letters, digits, ".", "_" and "-"');
      }
      return [key, value];
    }),
  );
}

export function parseAnnotations(given: unknown, path = 'metadata.annotations'): Record<string, string> {
  const annotations = record(given, path);
  const entries = Object.entries(annotations);
  const result = Object.fromEntries(
    entries.map(([key, value]) => {
      if (!isLabelKey(key)) throw refuse(`${path}.${printable(key)}`, "can't be a key");
      if (typeof value !== 'string') throw refuse(`${path}.${key}`, 'must be text');
      return [key, value];
    }),
  );
  if (Buffer.byteLength(JSON.stringify(result)) > MOST_ANNOTATION_BYTES) {
    throw refuse(path, `are more than ${MOST_ANNOTATION_BYTES / 1024} KiB together`);
  }
  return result;
}

export function record(value: unknown, path: string): Readonly<Record<string, unknown>> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value))
    return value as Record<string, unknown>;
  throw refuse(path, 'must be an object');
}

function known(value: Readonly<Record<string, unknown>>, path: string, names: readonly string[]): void {
  const unknown = Object.keys(value).find((key) => !names.includes(key));
  if (unknown === undefined) return;
  throw refuse(
    path === '' ? printable(unknown) : `${path}.${printable(unknown)}`,
    'is not known here',
    `Known are ${names.join(', ')}.`,
  );
}

export function refuse(path: string, message: string, hint?: string): LabError {
  const where = path === '' ? 'The document' : path;
  const errors: FieldError[] = [{ path, message }];
  return new LabError('invalid', `${where}${path === '' ? ' ' : ': '}${message}`, {
    hint: hint ?? 'See the fields with: labctl explain TYPE, or at /docs.',
    errors,
  });
}
