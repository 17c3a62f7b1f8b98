import { createHash } from 'node:crypto';
import { zstdCompressSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import kafkajs from 'kafkajs';
import { createRecordProducer, type OutgoingRecord } from '#event-bus';
import { eventLogMigrations } from '#event-log';
import { runMigrations } from '#platform';
import type { RunningTs } from '#testkit';
import { createTestDatabase, spawnTs, type TestDatabase, testKafka, testRedis } from '#testkit';
import { documentOf, madeEvent } from '../support/plant-load.js';
import { type Capture, startCapture } from '../support/start-capture.js';
import { until } from '../support/start-standalone.js';
import { openWayIn, type WayIn } from '../support/way-in.js';

const json = (value: unknown): string => JSON.stringify(value);
const lot = 'urn:example:lot:kafka';
const event = (id: string): object => madeEvent(`urn:example:event:${id}`, lot);
const fact = (id: string, more: object = {}) => ({
  ...{ specversion: '1.0', id: `urn:example:fact:${id}`, source: 'urn:example:erp', type: 'LotScrapped' },
  ...{ time: '2026-03-01T09:30:00+01:00', data: { goods: [{ lot, quantity: { value: '2.50', unit: 'KGM' } }] } },
  ...more,
});
const binary = (id: string): Omit<OutgoingRecord, 'topic'> => {
  const { data, ...attributes } = fact(id);
  return {
    value: json(data),
    headers: {
      ...Object.fromEntries(Object.entries(attributes).map(([name, value]) => [`ce_${name}`, value])),
      'content-type': 'application/json',
    },
  };
};

interface Row {
  id: string;
  data: any;
  meta: any;
}

describe('facts that upstream systems write to Kafka', () => {
  let database: TestDatabase;
  let wayIn: WayIn;
  const workers: Capture[] = [];
  const dying: RunningTs[] = [];

  const start = async (databaseUrl = database.url): Promise<Capture> => {
    const worker = await startCapture({
      databaseUrl,
      env: {
        ...{ LOTLINE_PROFILE: 'cluster', LOTLINE_MIGRATE: 'true', LOTLINE_TOPIC_PREFIX: wayIn.prefix },
        ...{ KAFKA_BROKERS: testKafka(), REDIS_URL: testRedis(), LOTLINE_KAFKA_SESSION_TIMEOUT_MS: '6000' },
        LOTLINE_API_KEYS: `test ${createHash('sha256').update('key').digest('hex')} *`,
      },
    });
    workers.push(worker);
    return worker;
  };
  const open = async (...options: Parameters<typeof openWayIn>): Promise<void> => {
    wayIn = await openWayIn(...options);
  };
  beforeEach(async () => {
    database = await createTestDatabase();
  });
  afterEach(async () => {
    for (const one of dying.splice(0)) await one.kill();
    for (const worker of workers.splice(0)) await worker.stop();
    await wayIn.close();
    await database.drop();
  });

  const recorded = async (): Promise<Row[]> => {
    const { rows } = await database.pool.query<Row>(
      `SELECT COALESCE(data->>'eventId', data->>'id') AS id, data, meta FROM log.events ORDER BY position`,
    );
    return rows;
  };
  const ids = async (): Promise<string[]> => (await recorded()).map(({ id }) => id.replace('urn:example:', ''));

  it('are recorded in every form, once, and what is wrong is refused by itself, as it came and with its reasons', async () => {
    await open(1);
    const { running } = await start();
    const document = {
      ...documentOf([
        event('d1'),
        { ...event('d2'), action: 'ADDD', 'ex:note': 12.0 },
        event('d3'),
        7 as unknown as object,
      ]),
      '@context': ['https://ref.gs1.org/standards/epcis/epcis-context.jsonld', { ex: 'https://example.org/' }],
      sender: 'urn:example:mes',
      epcisHeader: {
        epcisMasterData: {
          vocabularyList: [
            {
              type: 'urn:epcglobal:epcis:vtyp:Location',
              vocabularyElementList: [{ id: 'urn:example:place:plant', attributes: [] }],
            },
          ],
        },
      },
    };
    const conflict = fact('native', { data: { goods: [{ lot, quantity: { value: '3', unit: 'KGM' } }] } });
    const garbage = Buffer.from([0x7b, 0x00, 0xff, 0x22]);
    await wayIn.write(
      { key: 'a', value: json(fact('native')), headers: { traceparent: `00-${'ab'.repeat(16)}-${'cd'.repeat(8)}-01` } },
      { key: 'a', value: json(event('epcis')), headers: { lotline_source: 'urn:example:scanner' } },
      { key: 'a', value: json(fact('native')), headers: { 'content-type': 'application/cloudevents+json' } },
      { key: 'b', ...binary('binary') },
      { key: 'b', value: garbage, headers: { mine: 'stays' } },
      { key: 'b', value: null },
      { key: null, value: json(document), headers: { lotline_correlationid: 'order-7' } },
      { key: 'c', value: '[]' },
      { key: 'c', value: json(conflict) },
      {
        key: 'c',
        value: json(fact('negative', { data: { goods: [{ lot, quantity: { value: '-1', unit: 'KGM' } }] } })),
      },
      { key: 'c', value: json(fact('last')) },
    );
    const refused = await wayIn.refusals(7);
    await wayIn.confirmed();
    expect(
      refused
        .map(({ headers }) => `${headers.lotline_refused_id} ${headers.lotline_refused_code}`)
        .map((line) => line.replace(`${wayIn.topic}/`, ''))
        .sort(),
    ).toEqual([
      '0/4 not-utf-8',
      '0/5 empty',
      '0/6/1 not-in-vocabulary',
      '0/6/3 wrong-type',
      '0/7 wrong-form',
      '0/8 id-conflict',
      '0/9 out-of-range',
    ]);
    const of = (code: string) => refused.find(({ headers }) => headers.lotline_refused_code === code);
    expect(of('not-utf-8')).toMatchObject({ key: Buffer.from('b'), value: garbage, headers: { mine: 'stays' } });
    expect(of('empty')?.value).toBeNull();
    expect(JSON.parse(of('not-in-vocabulary')?.value?.toString() ?? '')).toMatchObject({ action: 'ADDD' });
    expect(of('not-in-vocabulary')?.headers).toMatchObject({
      ...{ lotline_refused_field: '/action', lotline_refused_event: 'urn:example:event:d2' },
      ...{ lotline_refused_topic: wayIn.topic, lotline_refused_partition: '0', lotline_refused_offset: '6' },
      ...{ lotline_refused_index: '1', lotline_refused_context: json(document['@context']) },
    });
    expect(JSON.parse(of('id-conflict')?.headers.lotline_refused_problems ?? '')).toEqual([
      expect.objectContaining({ code: 'id-conflict', field: '/id', id: 'urn:example:fact:native' }),
    ]);

    const rows = await recorded();
    expect(await ids()).toEqual([
      ...['fact:native', 'event:epcis', 'fact:binary', 'place:plant', 'event:d1', 'event:d3', 'fact:last'],
    ]);
    const [native, epcis, , , inDocument] = rows;
    expect(json(native?.data)).toContain('"2.50"');
    const byKafka = { actor: `kafka:${wayIn.topic}` };
    expect(native?.meta).toMatchObject({
      ...{ source: 'urn:example:erp', commandId: `${wayIn.topic}/0/0`, correlationId: `${wayIn.topic}/0/0` },
      ...{ ...byKafka, traceparent: expect.stringMatching(`^00-${'ab'.repeat(16)}-(?!cdcd)[0-9a-f]{16}-01$`) },
    });
    expect(epcis?.meta).toMatchObject({ ...byKafka, source: 'urn:example:scanner' });
    expect(inDocument?.meta).toMatchObject({ ...byKafka, source: 'urn:example:mes', correlationId: 'order-7' });

    const metrics = await running.infrastructure.metrics.metrics();
    expect(metrics.split('\n')).toEqual(
      expect.arrayContaining([
        'lotline_capture_records_total 11',
        'lotline_capture_record_events_total{result="recorded"} 7',
        'lotline_capture_record_events_total{result="duplicate"} 1',
        'lotline_capture_record_events_total{result="refused"} 7',
        'lotline_capture_refused_total{code="id-conflict"} 1',
      ]),
    );
  });

  it('are stored plain whatever they were compressed with, so that a codec the worker lacks stops nothing', async () => {
    await open(1);
    kafkajs.CompressionCodecs[kafkajs.CompressionTypes.ZSTD] = () => ({
      compress: ({ buffer }: { buffer: Buffer }) => Promise.resolve(zstdCompressSync(buffer)),
      decompress: () => Promise.reject(new Error('this worker has no such codec')),
    });
    const compressing = createRecordProducer({ kafka: wayIn.kafka, compression: kafkajs.CompressionTypes.ZSTD });
    await compressing.send(['z1', 'z2'].map((id) => ({ topic: wayIn.topic, value: json(event(id)) })));
    await compressing.close();
    await start();
    await wayIn.confirmed();
    expect(await ids()).toEqual(['event:z1', 'event:z2']);
  });

  it('that are more than the topic of refused records takes, or that the log can never hold, keep nothing back', async () => {
    await open(1, { refusedBytes: 100_000 });
    await start();
    await database.pool.query(`ALTER TABLE log.streams ADD CONSTRAINT t CHECK (name NOT LIKE '%unholdable%')`);
    const many = Array.from({ length: 1_200 }, (_, i) => (i % 400 === 0 ? event(`m${i}`) : {}));
    await wayIn.write(
      { value: 'x'.repeat(12_000_000) },
      { value: json(fact('before')) },
      { value: json(fact('unholdable')) },
      { value: json(documentOf(many)) },
      { value: json(fact('after')) },
    );
    const refused = await wayIn.refusals(3);
    await wayIn.confirmed();
    expect(refused.map(({ headers, value }) => [headers.lotline_refused_code, value === null])).toEqual([
      ['not-json', true],
      ['append-rejected', false],
      ['too-many-refused', false],
    ]);
    expect(refused[0]?.headers).toMatchObject({
      lotline_refused_offset: '0',
      lotline_refused_left_out: expect.stringMatching(/^12000\d{3} bytes/),
    });
    expect(refused[2]?.headers.lotline_refused_message).toContain('1197 events of the document were refused');
    expect(JSON.parse(refused[2]?.value?.toString() ?? '').epcisBody.eventList).toHaveLength(1_200);
    expect(await ids()).toEqual(['fact:before', 'event:m0', 'event:m400', 'event:m800', 'fact:after']);
  });

  it('wait where the log is away, and are recorded in their order when it is back', async () => {
    await open(1);
    await start();
    const name = new URL(database.url).pathname.slice(1);
    await wayIn.write({ value: json(fact('0')) });
    await wayIn.confirmed();
    await database.pool.query(`ALTER TABLE log.tail RENAME TO away`);
    await wayIn.write(...Array.from({ length: 30 }, (_, i) => ({ value: json(fact(String(i + 1))) })));
    await until('the worker has met it', async () => {
      const { rows } = await database.pool.query<{ n: number }>(
        `SELECT xact_rollback::int AS n FROM pg_stat_database WHERE datname = $1`,
        [name],
      );
      return (rows[0]?.n ?? 0) >= 2;
    });
    expect(await recorded()).toHaveLength(1);
    await database.pool.query(`ALTER TABLE log.away RENAME TO tail`);
    await wayIn.confirmed();
    expect(await ids()).toEqual(Array.from({ length: 31 }, (_, i) => `fact:${i}`));
  });

  it('are neither lost nor doubled while workers join and leave their group', async () => {
    await open(4);
    const first = await start();
    const all: string[] = [];
    let n = 0;
    const write = async (rounds: number): Promise<void> => {
      for (let round = 0; round < rounds; round++) {
        const batch = Array.from({ length: 40 }, () => String(n++));
        await wayIn.write(...batch.map((id) => ({ key: `k${Number(id) % 7}`, value: json(event(id)) })));
        all.push(...batch.map((id) => `event:${id}`));
      }
    };
    const [second] = await Promise.all([start(), write(10)]);
    const took = ({ running }: Capture): Promise<number> =>
      running.infrastructure.metrics
        .getMetricsAsJSON()
        .then(
          (metrics) =>
            (metrics as any[]).find(({ name }) => name === 'lotline_capture_records_total').values[0]?.value ?? 0,
        );
    await until('the second has its share', async () => {
      await write(1);
      return (await took(second)) > 0;
    });
    await Promise.all([first.stop(), write(10)]);
    workers.splice(workers.indexOf(first), 1);
    await write(1);
    await wayIn.confirmed();
    const there = await ids();
    expect(there).toHaveLength(all.length);
    expect(new Set(there)).toEqual(new Set(all));
    // Of one key in the order written.
    for (let key = 0; key < 7; key++) {
      const own = there.map((id) => Number(id.split(':')[1])).filter((id) => id % 7 === key);
      expect(own).toEqual([...own].sort((a, b) => a - b));
    }
  });

  it('are there once where a worker is killed after the log had them and before they were confirmed', async () => {
    await open(1);
    await runMigrations(database.url, eventLogMigrations);
    const count = 45;
    await wayIn.write(
      ...Array.from({ length: count }, (_, i) => ({ value: i % 9 === 8 ? 'no JSON' : json(event(String(i))) })),
    );
    const fixture = new URL('./capture-and-die.fixture.ts', import.meta.url);
    for (const appends of ['1', '3']) {
      const before = (await recorded()).length;
      const worker = spawnTs(fixture, [database.url, testKafka(), wayIn.prefix, appends]);
      dying.push(worker);
      expect((await worker.ended).signal).toBe('SIGKILL');
      expect((await recorded()).length).toBeGreaterThan(before);
    }
    await start();
    await wayIn.confirmed();
    const good = Array.from({ length: count }, (_, i) => i).filter((i) => i % 9 !== 8);
    expect(await ids()).toEqual(good.map((i) => `event:${i}`));
    const refused = await wayIn.refusals(5);
    expect(new Set(refused.map(({ headers }) => headers.lotline_refused_id)).size).toBe(5);
  });
});
