import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { ConfigError, readConfig } from './read-config.js';
import { settingsTable } from './settings-table.js';

const HASH = 'a'.repeat(64);

const problemsOf = (env: Record<string, string>): readonly string[] => {
  try {
    readConfig(env);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
};

describe('the configuration', () => {
  it('needs nothing set: standalone on loopback', () => {
    expect(readConfig({})).toMatchObject({
      profile: 'standalone',
      port: 3000,
      host: '127.0.0.1',
      dataDir: '.lotline',
      logLevel: 'info',
      ownParties: [],
      apiKeys: [],
      migrate: true,
    });
    expect(readConfig({}).databaseUrl).toBeUndefined();
  });

  it('counts an empty variable as unset', () => {
    expect(readConfig({ PORT: ' ', DATABASE_URL: '' })).toMatchObject({ port: 3000 });
  });

  it('names every problem at once, with what was found', () => {
    const problems = problemsOf({
      PORT: '70000',
      LOG_LEVEL: 'loud',
      DATABASE_URL: 'mysql://x',
      LOTLINE_BODY_LIMIT: '1MB',
      PUBLIC_URL: 'lotline.example.org',
      LOTLINE_MIGRATE: 'maybe',
    });
    const all = problems.join('\n');
    for (const name of ['PORT', 'LOG_LEVEL', 'DATABASE_URL', 'LOTLINE_BODY_LIMIT', 'PUBLIC_URL', 'LOTLINE_MIGRATE'])
      expect(all).toContain(`${name}: `);
    expect(all).toContain('(found 70000)');
    expect(all).toContain('(found "1MB")');
  });

  it('keeps passwords out of its messages', () => {
    expect(problemsOf({ DATABASE_URL: 'mysql://user:secret@host/db' }).join()).not.toContain('secret');
  });

  it('reads keys with their permissions', () => {
    const { apiKeys } = readConfig({ LOTLINE_API_KEYS: `mes ${HASH} capture:write,production:*; boss ${HASH} *` });
    expect(apiKeys).toMatchObject([
      { name: 'mes', sha256: HASH, permissions: ['capture:write', 'production:*'] },
      { name: 'boss', permissions: ['*'] },
    ]);
  });

  it('refuses keys that are none, and names that are there twice', () => {
    expect(problemsOf({ LOTLINE_API_KEYS: 'mes not-a-hash' }).join('\n')).toMatch(/SHA-256[\s\S]*permission/);
    expect(problemsOf({ LOTLINE_API_KEYS: `mes ${HASH} drink` }).join()).toContain('context:action');
    expect(problemsOf({ LOTLINE_API_KEYS: `a ${HASH} *; a ${HASH} *` }).join()).toContain('a is there twice');
  });

  it.each(['0.0.0.0', '::', '192.168.1.10', 'plant.example.org'])('does not listen on %s without keys', (host) => {
    expect(problemsOf({ HOST: host }).join()).toContain('LOTLINE_API_KEYS must be set');
    expect(problemsOf({ HOST: host, LOTLINE_API_KEYS: `mes ${HASH} *` })).toEqual([]);
  });

  it.each(['127.0.0.1', '127.1.2.3', '::1', 'localhost'])('listens on %s without keys', (host) => {
    expect(problemsOf({ HOST: host })).toEqual([]);
  });

  it('needs a database and keys in the cluster profile', () => {
    expect(problemsOf({ LOTLINE_PROFILE: 'cluster' })).toHaveLength(2);
  });
});

describe('docs/configuration.md', () => {
  it('has every setting, as the code says it', () => {
    const text = readFileSync(new URL('../../../../docs/configuration.md', import.meta.url), 'utf8');
    const plain = (table: string): string => table.replace(/ +/g, ' ').replace(/-{3,}/g, '---');
    expect(plain(text)).toContain(plain(settingsTable()));
  });
});
