/**
 * Records what this release writes into its log, and what its read models make of it, for the releases to come:
 *
 *   npm run record:log -- 0.2.0    # once for a release; for one that is recorded, its digests are made anew
 */
import { execFile } from 'node:child_process';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import {
  allEvents,
  type EventDefinition,
  factStream,
  ItemDefined,
  LotReceived,
  RecallOpened,
  RunStarted,
  ShipmentPlanned,
} from '#contracts';
import type { EventLog } from '#event-log';
import { uuidFromName } from '#kernel';
import { environment, nodeArguments } from '../../deploy/local/cluster/product.js';
import { startPostgres } from '../../deploy/local/index.js';
import { createTestDatabase } from '../../libs/testkit/src/postgres.js';
import { nothingDone, work } from '../support/plant-load.js';
import { startStandalone } from '../support/start-standalone.js';
import { readLog, releases, writeDigests, writeLog } from './recorded-logs.js';
import { type RecordedLine, replay } from './replay.js';

/** The stream of a sample: that of what it names, so that samples about one thing follow on each other. */
const streamOf = ({ type, context, sample }: EventDefinition): string => {
  const named = sample as Partial<Record<'eventId' | 'case' | 'shipment' | 'run' | 'item', string>>;
  if (context === 'capture') return factStream(named.eventId ?? `urn:sample:${type}`);
  if (context === 'inventory') return 'stock-sample';
  for (const [prefix, id] of [
    ['recall', named.case],
    ['shipment', named.shipment],
    ['run', named.run],
    ['item', named.item],
  ])
    if (typeof id === 'string') return `${prefix}-${id}`;
  return `sample-${type}`;
};

/** What begins a stream comes first. */
const BEGINNINGS: readonly EventDefinition[] = [RecallOpened, ShipmentPlanned, RunStarted, ItemDefined, LotReceived];

/** One of each event, whether a story tells it or not. */
const samples = (): RecordedLine[] =>
  [...BEGINNINGS, ...allEvents.filter((event) => !BEGINNINGS.includes(event))].map((event) => ({
    stream: streamOf(event),
    id: uuidFromName(`sample:${event.type}:${event.version}`),
    type: event.type,
    schemaVersion: event.version,
    eventTime: '2026-01-17T09:30:00+01:00',
    data: event.sample,
    meta: { source: 'urn:sample', actor: 'system:sample', correlationId: `sample-${event.type}` },
  }));

const everything = async (log: EventLog): Promise<RecordedLine[]> => {
  const lines: RecordedLine[] = [];
  for (let after = ''; ;) {
    const { events } = await log.readAll({ after, max: 1_000 });
    for (const { revision: _revision, position, recordTime: _recordTime, ...line } of events) {
      lines.push(line);
      after = position;
    }
    if (events.length === 0) return lines;
  }
};

/** What a running product records while the demo is told to it and plants, stores and shops work with it. */
const toldStories = async (): Promise<RecordedLine[]> => {
  const lotline = await startStandalone();
  try {
    const demo = [...nodeArguments('sources', 'apps/standalone/src/demo/main'), '--url', lotline.url];
    await promisify(execFile)(process.execPath, demo, { env: environment({}) });
    const done = nothingDone();
    await work([lotline.api], 'recorded', 2, done);
    if (done.findings.length > 0) throw new Error(done.findings.join('\n'));
    return await everything(lotline.running.infrastructure.log);
  } finally {
    await lotline.stop();
  }
};

const [release = ''] = process.argv.slice(2);
if (!/^\d+\.\d+\.\d+$/.test(release)) throw new Error('name the release: npm run record:log -- 0.2.0');
const directory = await mkdtemp(join(tmpdir(), 'lotline-record-'));
// As root the database server runs as a user of its own, who has to get there.
await chmod(directory, 0o711);
const silent = (): void => undefined;
const postgres = await startPostgres({ directory, log: { info: silent, warn: silent } });
process.env.LOTLINE_TEST_DATABASE_URL = postgres.url;
try {
  if (!releases().includes(release)) writeLog(release, [...(await toldStories()), ...samples()]);
  const lines = readLog(release);
  const database = await createTestDatabase();
  const digests = await replay(database.url, lines);
  await database.drop();
  writeDigests(release, digests);
  process.stdout.write(`${release}: ${lines.length} events, ${digests.length} read models\n`);
} finally {
  await postgres.close();
  await rm(directory, { recursive: true, force: true });
}
