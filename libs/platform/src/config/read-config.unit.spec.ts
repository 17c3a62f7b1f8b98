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

  const CLUSTER = {
    LOTLINE_PROFILE: 'cluster',
    DATABASE_URL: 'postgres://lotline:secret@db/lotline',
    KAFKA_BROKERS: 'kafka-1:9092, [::1]:9093',
    REDIS_URL: 'redis://:secret@redis:6379/1',
    LOTLINE_API_KEYS: `mes ${HASH} *`,
  };

  it('needs a database, brokers, Redis and keys in the cluster profile, where migrating is a step of its own', () => {
    const lacking = problemsOf({ LOTLINE_PROFILE: 'cluster' }).map((problem) => problem.split(':')[0]);
    expect(lacking).toEqual(['DATABASE_URL', 'KAFKA_BROKERS', 'REDIS_URL', 'LOTLINE_API_KEYS']);
    expect(problemsOf({ ...CLUSTER, DATABASE_URL: '' })).toEqual([expect.stringMatching(/^DATABASE_URL: needed/)]);
    expect(readConfig(CLUSTER)).toMatchObject({
      kafkaBrokers: ['kafka-1:9092', '[::1]:9093'],
      kafkaSsl: false,
      kafkaSessionTimeoutMs: 30_000,
      topicPrefix: 'lotline',
      log: 'postgres',
      migrate: false,
    });
    expect(readConfig({ ...CLUSTER, LOTLINE_MIGRATE: 'true' }).migrate).toBe(true);
  });

  it('needs the whole login at the brokers, and where EventStoreDB is the log, its address', () => {
    expect(problemsOf({ KAFKA_SASL_USERNAME: 'me', KAFKA_SASL_MECHANISM: 'plain' }).join()).toContain('all three');
    expect(problemsOf({ LOTLINE_LOG: 'eventstoredb' })).toEqual([expect.stringMatching(/^EVENTSTORE_URL: needed/)]);
    const EVENTSTORE_URL = 'esdb://admin:changeit@localhost:2113?tls=false';
    expect(readConfig({ LOTLINE_LOG: 'eventstoredb', EVENTSTORE_URL }).log).toBe('eventstoredb');
  });

  it('keeps every credential out of its messages', () => {
    const all = problemsOf({
      DATABASE_URL: 'mysql://user:secret@host/db',
      REDIS_URL: 'http://:secret@host',
      EVENTSTORE_URL: 'http://admin:secret@host',
      KAFKA_SASL_PASSWORD: 'secret',
      KAFKA_SASL_MECHANISM: 'gssapi',
    }).join('\n');
    expect(all).toMatch(/DATABASE_URL[\s\S]*KAFKA_SASL_MECHANISM[\s\S]*REDIS_URL[\s\S]*EVENTSTORE_URL/);
    expect(all).not.toContain('secret');
  });

  it.each([
    ['KAFKA_BROKERS', 'kafka'],
    ['LOTLINE_TOPIC_PREFIX', 'our topics'],
    ['LOTLINE_KAFKA_SESSION_TIMEOUT_MS', '5000'],
    ['LOTLINE_PARTITIONS', '0'],
    ['KAFKA_SSL', 'perhaps'],
    ['LOTLINE_EXPIRY_LEADS', '30,4000'],
    ['LOTLINE_EXPIRY_LEADS', '-1'],
    ['LOTLINE_TIME_ZONE', 'Berlin'],
  ])('refuses %s=%s', (name, value) => {
    expect(problemsOf({ [name]: value })).toEqual([expect.stringContaining(`${name}: `)]);
  });
});

describe('docs/configuration.md', () => {
  it('has every setting, as the code says it', () => {
    const text = readFileSync(new URL('../../../../docs/configuration.md', import.meta.url), 'utf8');
    const plain = (table: string): string => table.replace(/ +/g, ' ').replace(/-{3,}/g, '---');
    expect(plain(text)).toContain(plain(settingsTable()));
  });
});
