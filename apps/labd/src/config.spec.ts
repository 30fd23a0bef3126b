import { describe, expect, it } from '@jest/globals';
import { readConfig } from './config.js';

describe('config', () => {
  it('listens on loopback, port 7070, with the embedded database, when nothing is set', () => {
    const config = readConfig({ LAB_HOME: '/srv/lab' });
    expect(config).toMatchObject({ host: '127.0.0.1', port: 7070, databaseUrl: undefined, tls: undefined });
    expect(config.dataDir).toBe('/srv/lab/labd');
    expect(config.auditKeyFile).toBe('/srv/lab/labd/audit.key');
  });

  it('prefers LABD_DATA_DIR to LAB_HOME', () => {
    expect(readConfig({ LAB_HOME: '/srv/lab', LABD_DATA_DIR: '/srv/data' }).dataDir).toBe('/srv/data');
  });

  it('treats an empty variable as unset', () => {
    expect(readConfig({ LABD_PORT: '', DATABASE_URL: '' })).toMatchObject({
      port: 7070,
      databaseUrl: undefined,
    });
  });

  it.each([
    ['LABD_PORT', 'seven'],
    ['LABD_PORT', '70000'],
    ['DATABASE_URL', 'mysql://nowhere'],
    ['LABD_LOG_LEVEL', 'loud'],
  ])('names %s when it is %j', (variable, value) => {
    expect(() => readConfig({ [variable]: value })).toThrow(new RegExp(`^${variable}: `));
  });

  it('refuses a non-loopback address without TLS', () => {
    expect(() => readConfig({ LABD_HOST: '0.0.0.0' })).toThrow(
      /LABD_HOST: 0\.0\.0\.0 is not a loopback address/,
    );
    const config = readConfig({
      LABD_HOST: '0.0.0.0',
      LABD_TLS_CERT_FILE: 'c.pem',
      LABD_TLS_KEY_FILE: 'k.pem',
    });
    expect(config.tls).toEqual({ certFile: 'c.pem', keyFile: 'k.pem' });
  });

  it('wants both halves of the TLS pair', () => {
    expect(() => readConfig({ LABD_TLS_CERT_FILE: 'c.pem' })).toThrow(/LABD_TLS_KEY_FILE: is not set/);
  });
});
