import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '#testkit';
import { startStandalone, type Standalone } from '../../../test/support/start-standalone.js';

let database: TestDatabase;
let standalone: Standalone;

beforeAll(async () => {
  database = await createTestDatabase();
  standalone = await startStandalone({ databaseUrl: database.url });
});

afterAll(async () => {
  await standalone?.stop();
  await database?.drop();
});

describe('standalone', () => {
  it('is ready with all its parts', async () => {
    const { status, body } = await standalone.api('GET', '/health/ready');
    expect(body).toEqual({ status: 'up', checks: { process: 'up', database: 'up', log: 'up', projections: 'up' } });
    expect(status).toBe(200);
  });
});
