import { describe, expect, it } from '@jest/globals';
import { LabError } from '@lab/domain';
import {
  asDatabaseError,
  databaseAddress,
  isSerializationFailure,
  isUniqueViolation,
  sqlStateOf,
} from './database-errors.js';

const URL_WITH_SECRET = 'postgresql://lab:secret-word@db.example:5432/lab?sslmode=require';
const withCode = (code: string): Error => Object.assign(new Error('failed'), { code });
/** As Prisma 7 hands on an error of its driver adapter under raw SQL. */
const throughPrisma = (originalCode: string): Error =>
  Object.assign(new Error('Raw query failed'), {
    code: 'P2010',
    meta: {
      driverAdapterError: Object.assign(new Error('postgres'), { cause: { kind: 'postgres', originalCode } }),
    },
  });

describe('asDatabaseError', () => {
  it.each(['ECONNREFUSED', 'ENOTFOUND', 'P1001', 'P1017', '57P01', '57P03'])(
    'knows by %s that it is away',
    (code) => {
      expect(asDatabaseError(withCode(code), URL_WITH_SECRET)).toMatchObject({
        code: 'database-unavailable',
        message: 'the database at db.example:5432/lab does not answer',
      });
    },
  );

  it.each(['28P01', '3D000', 'P1000'])('knows by %s that we are refused', (code) => {
    expect(asDatabaseError(withCode(code))).toMatchObject({ message: 'the database refuses us' });
  });

  it.each(['53300', 'P2028'])('knows by %s that it is full', (code) => {
    expect(asDatabaseError(withCode(code))).toMatchObject({
      message: expect.stringContaining('no connection left'),
    });
  });

  it.each(['40001', '40P01'])('says after %s that it is to be tried again, and when', (code) => {
    expect(asDatabaseError(withCode(code))).toMatchObject({
      code: 'database-unavailable',
      message: expect.stringContaining('busy'),
      details: { retryAfterSeconds: 1 },
    });
  });

  it('looks into what an error was made from', () => {
    const cause = new AggregateError([withCode('ECONNREFUSED'), withCode('ECONNREFUSED')]);
    expect(asDatabaseError(new Error('outer', { cause }))).toBeInstanceOf(LabError);
    expect(asDatabaseError(throughPrisma('57P01'))).toBeInstanceOf(LabError);
  });

  it('leaves other errors alone, and those that are ours already', () => {
    expect(asDatabaseError(withCode('23505'))).toBeUndefined();
    expect(asDatabaseError(new TypeError('x is not a function'))).toBeUndefined();
    expect(asDatabaseError(new LabError('not-found', 'no such server'))).toBeUndefined();
    expect(asDatabaseError('thrown text')).toBeUndefined();
  });

  it('survives an error that is its own cause', () => {
    const loop = new Error('loop');
    loop.cause = loop;
    expect(asDatabaseError(loop)).toBeUndefined();
  });
});

describe('the kind of an error', () => {
  it.each([
    ['of node-postgres', withCode('40001')],
    ['a deadlock', withCode('40P01')],
    ["Prisma's own", withCode('P2034')],
    ['under raw SQL', throughPrisma('40001')],
  ])('is a serialization failure: %s', (_, error) => {
    expect(isSerializationFailure(error)).toBe(true);
  });

  it('is a unique violation, from either', () => {
    expect([withCode('P2002'), withCode('23505'), withCode('40001')].map(isUniqueViolation)).toEqual([
      true,
      true,
      false,
    ]);
  });

  it('has the SQLSTATE that the database gave, not another code', () => {
    expect(sqlStateOf(throughPrisma('55P03'))).toBe('55P03');
    expect(sqlStateOf(withCode('P2034'))).toBeUndefined();
    expect(sqlStateOf(withCode('EPIPE'))).toBeUndefined();
  });
});

describe('databaseAddress', () => {
  it.each([
    [URL_WITH_SECRET, 'db.example:5432/lab'],
    ['postgresql:///lab?host=/run/postgresql', '/run/postgresql/lab'],
    ['no url at all: secret-word', '(an address that is no URL)'],
  ])('of %s is %s', (url, address) => {
    expect(databaseAddress(url)).toBe(address);
  });
});
