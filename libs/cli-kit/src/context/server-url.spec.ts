import { describe, expect, it } from '@jest/globals';
import { contextNameFor, serverUrl } from './server-url.js';

describe("labd's URL", () => {
  it.each([
    ['http://127.0.0.1:7070', 'http://127.0.0.1:7070/', 'local'],
    ['127.0.0.1:7070', 'http://127.0.0.1:7070/', 'local'],
    ['localhost:7070', 'http://localhost:7070/', 'local'],
    ['[::1]:7070', 'http://[::1]:7070/', 'local'],
    ['lab.example', 'https://lab.example/', 'lab.example'],
    ['lab.example:7070', 'https://lab.example:7070/', 'lab.example:7070'],
    ['HTTPS://Lab.Example/base/', 'https://lab.example/base/', 'lab.example'],
  ])('%s is %s, and its context is %s', (text, href, name) => {
    expect(serverUrl(text).href).toBe(href);
    expect(contextNameFor(serverUrl(text))).toBe(name);
  });

  it.each([
    [''],
    ['http://'],
    ['ftp://lab'],
    ['http://a:b@lab'],
    ['http://lab?x=1'],
    ['two words'],
    ['http://lab:99999'],
  ])('%j is refused', (text) => {
    expect(() => serverUrl(text)).toThrow(/is not the URL of a labd/);
  });
});
