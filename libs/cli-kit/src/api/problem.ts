import { ERROR_CODES, LabError } from '@lab/domain';
import type { FieldError, LabErrorCode } from '@lab/domain';

const CODE_OF_STATUS: Readonly<Record<number, LabErrorCode>> = {
  400: 'invalid',
  401: 'not-logged-in',
  403: 'not-allowed',
  404: 'not-found',
  409: 'exists',
  413: 'too-large',
  415: 'unsupported-media-type',
  422: 'invalid',
  429: 'too-many-requests',
  503: 'not-ready',
  504: 'timed-out',
};

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const text = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined;
const isCode = (value: unknown): value is LabErrorCode =>
  typeof value === 'string' && Object.hasOwn(ERROR_CODES, value);

/** The error that an answer of 400 and above stands for: an RFC 9457 problem, or whatever a proxy made of it. */
export function problemError(status: number, body: string): LabError {
  const problem = parsed(body);
  if (problem === undefined) {
    return new LabError(
      codeOfStatus(status),
      `the answer was HTTP ${status}, with no reason that labctl can read`,
      {
        hint: "Check that the context's URL is labd's own; a proxy in between may have answered.",
      },
    );
  }
  const { type: _type, title, status: _status, code, detail, hint, errors, requestId, ...details } = problem;
  const advice = text(hint);
  const id = text(requestId);
  return new LabError(
    isCode(code) ? code : codeOfStatus(status),
    text(detail) ?? text(title) ?? `the answer was HTTP ${status}`,
    {
      ...(advice !== undefined && { hint: advice }),
      errors: fieldErrors(errors),
      details: { ...details, ...(id !== undefined && { requestId: id }) },
    },
  );
}

const codeOfStatus = (status: number): LabErrorCode =>
  CODE_OF_STATUS[status] ?? (status < 500 ? 'invalid' : 'internal');

function parsed(body: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(body);
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function fieldErrors(value: unknown): FieldError[] {
  if (!Array.isArray(value)) return [];
  return value.slice(0, 100).flatMap((entry: unknown) => {
    if (!isRecord(entry)) return [];
    const path = text(entry['path']);
    const message = text(entry['message']);
    return path === undefined || message === undefined ? [] : [{ path, message }];
  });
}
