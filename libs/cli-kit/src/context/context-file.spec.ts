import { describe, expect, it } from '@jest/globals';
import { ContextFile } from './context-file.js';

const text = `# mine
currentContext: local
contexts:
  # at home
  local:
    server: http://127.0.0.1:7070
    username: admin
    accessToken: secret-a
    refreshToken: secret-r
    note: kept
`;

describe('the contexts file', () => {
  it('is read', () => {
    const file = ContextFile.parse(text, 'config.yaml');
    expect(file.current).toBe('local');
    expect(file.names()).toEqual(['local']);
    expect(file.get('local')).toEqual({
      server: 'http://127.0.0.1:7070',
      username: 'admin',
      accessToken: 'secret-a',
      refreshToken: 'secret-r',
    });
    expect(file.get('other')).toBeUndefined();
  });

  it('keeps comments and unknown keys when a context changes', () => {
    const file = ContextFile.parse(text, 'config.yaml');
    file.set('local', { server: 'http://127.0.0.1:7070', username: 'admin' });
    expect(file.toString()).toBe(text.replace(/ +(?:access|refresh)Token: .*\n/g, ''));
  });

  it('is made from nothing', () => {
    const file = ContextFile.parse('', 'config.yaml');
    file.set('lab.example:7070', { server: 'https://lab.example:7070', accessToken: 'a' });
    file.current = 'lab.example:7070';
    const again = ContextFile.parse(file.toString(), 'config.yaml');
    expect(again.current).toBe('lab.example:7070');
    expect(again.get('lab.example:7070')).toEqual({ server: 'https://lab.example:7070', accessToken: 'a' });
  });

  it('shows no secret when it is redacted', () => {
    const shown = JSON.stringify(ContextFile.parse(text, 'config.yaml').redacted());
    expect(shown).not.toContain('secret');
    expect(shown).toContain('"note":"kept"');
  });

  it.each([
    ['contexts: [', /config\.yaml can't be read as labctl's contexts: .*line 1/],
    ['- a', /it is not a mapping/],
    ['contexts: 7', /contexts: it is not a mapping/],
    ['a: 1\na: 2', /Map keys must be unique/],
  ])('that holds %j is refused', (broken, message) => {
    expect(() => ContextFile.parse(broken, 'config.yaml')).toThrow(message);
  });
});
