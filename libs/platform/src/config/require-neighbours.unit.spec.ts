import { describe, expect, it } from '@jest/globals';
import type { Feature } from '../feature.js';
import { ConfigError, readConfig } from './read-config.js';
import { requireNeighbours } from './require-neighbours.js';

const problemsOf = (env: Record<string, string>, feature: Feature): readonly string[] => {
  try {
    requireNeighbours(readConfig(env), [feature]);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
};

const CLUSTER = {
  LOTLINE_PROFILE: 'cluster',
  DATABASE_URL: 'postgres://db/lotline',
  KAFKA_BROKERS: 'kafka:9092',
  REDIS_URL: 'redis://redis',
  LOTLINE_API_KEYS: `service ${'a'.repeat(64)} service:act-for`,
};
const recalls: Feature = { name: 'recalls', calls: ['genealogy', 'inventory'] };

describe('the neighbours of a process', () => {
  it('need no address where all are one process', () => {
    expect(problemsOf({}, recalls)).toEqual([]);
  });

  it('need an address each and a key in the cluster profile', () => {
    expect(problemsOf(CLUSTER, recalls)).toEqual([
      'LOTLINE_GENEALOGY_URL: recalls calls genealogy: set it, or PUBLIC_URL',
      'LOTLINE_INVENTORY_URL: recalls calls inventory: set it, or PUBLIC_URL',
      'LOTLINE_SERVICE_KEY: recalls calls genealogy, inventory and needs a key of LOTLINE_API_KEYS for that',
    ]);
    const LOTLINE_SERVICE_KEY = 'secret';
    expect(problemsOf({ ...CLUSTER, LOTLINE_SERVICE_KEY, PUBLIC_URL: 'http://lotline' }, recalls)).toEqual([]);
    const own = { LOTLINE_GENEALOGY_URL: 'http://g:1', LOTLINE_INVENTORY_URL: 'http://i:1' };
    expect(problemsOf({ ...CLUSTER, LOTLINE_SERVICE_KEY, ...own }, recalls)).toEqual([]);
  });

  it('are none to who calls nobody', () => {
    expect(problemsOf(CLUSTER, { name: 'inventory' })).toEqual([]);
  });

  it('are brokers to who works with them', () => {
    const relay: Feature = { name: 'relay', needsBroker: true };
    expect(problemsOf({}, relay)).toEqual([expect.stringMatching(/^LOTLINE_PROFILE: relay works with a broker/)]);
    expect(problemsOf(CLUSTER, relay)).toEqual([]);
  });
});
