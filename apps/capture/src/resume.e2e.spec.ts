import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '#testkit';
import { type Capture, startCapture } from '../../../test/support/start-capture.js';
import { begun } from './domain/capture-job.js';
import { insertJob } from './jobs/job-store.js';

const body = JSON.stringify({
  '@context': 'https://ref.gs1.org/standards/epcis/epcis-context.jsonld',
  type: 'EPCISDocument',
  schemaVersion: '2.0',
  creationDate: '2026-01-17T10:00:00Z',
  epcisBody: {
    eventList: [
      {
        type: 'ObjectEvent',
        eventTime: '2026-01-17T09:30:00Z',
        eventTimeZoneOffset: '+00:00',
        action: 'OBSERVE',
        epcList: ['urn:test:serial:1'],
      },
    ],
  },
});

describe('a job that a process left behind', () => {
  let database: TestDatabase;
  let capture: Capture;
  beforeAll(async () => {
    database = await createTestDatabase();
    capture = await startCapture({ databaseUrl: database.url });
    await capture.stop();
  });
  afterAll(async () => {
    await capture.stop();
    await database.drop();
  });

  it('is finished by the next start', async () => {
    const id = randomUUID();
    await insertJob(
      database.pool,
      {
        id,
        createdAt: new Date().toISOString(),
        finishedAt: null,
        success: null,
        behaviour: 'rollback',
        meta: { source: 'urn:test:erp', actor: 'test', correlationId: 'c' },
        progress: begun,
      },
      body,
    );
    capture = await startCapture({ databaseUrl: database.url });
    const job = await capture.jobDone(`/epcis/capture/${id}`);
    expect(job.body).toMatchObject({ success: true, recorded: 1 });
  });
});
