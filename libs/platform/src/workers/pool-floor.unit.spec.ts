import { describe, expect, it } from '@jest/globals';
import { readConfig } from '../config/read-config.js';
import { createLogger } from '../logging/logger.js';
import { poolFloor, tellIfPoolIsSmall } from './pool-floor.js';
import type { Work } from './work.js';

const work = { projectors: [{}], reactors: [{}], receivers: [] } as unknown as Work;

describe('the connections a process needs', () => {
  it('are two for each partition of a read model, one of a reactor, and a few', () => {
    expect(poolFloor(work, 4)).toBe(16);
    expect(poolFloor({ projectors: [], reactors: [] }, 12)).toBe(4);
  });

  it('are told where fewer are configured', () => {
    const told: string[] = [];
    const logger = createLogger({ level: 'silent', name: 'test' });
    logger.warn = ((_details: object, message: string) => void told.push(message)) as typeof logger.warn;
    const config = readConfig({ LOTLINE_DATABASE_POOL: '16' });
    tellIfPoolIsSmall({ config, logger }, work, 4);
    expect(told).toEqual([]);
    tellIfPoolIsSmall({ config, logger }, work, 5);
    expect(told).toEqual([expect.stringContaining('LOTLINE_DATABASE_POOL should be 19 or more')]);
  });
});
