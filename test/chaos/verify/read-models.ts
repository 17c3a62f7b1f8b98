import pg from 'pg';
import type { RecordedEvent } from '#contracts';
import { createLogTailBus } from '#event-bus';
import { createPostgresEventLog } from '#event-log';
import { createLogger, migrateDatabase, projectorsOf, readConfig, visitProjections } from '#platform';
import { createProjectionRunner, type Projector } from '#projections';
import { keyOf } from '../../../libs/platform/src/infrastructure/key-of.js';
import { differencesOf, digestOf, isEqual, type Side } from '../../../libs/projections/src/operate/compare-exports.js';
import { StandaloneModule } from '../../../apps/standalone/src/standalone.module.js';
import { randomOf } from '#simulator';

const logger = createLogger({ level: 'fatal', name: 'chaos' });
const configOf = (databaseUrl: string) => readConfig({ DATABASE_URL: databaseUrl, LOG_LEVEL: 'fatal' });

/** Each read model is built anew beside itself from the log, and compared row by row. */
export const checkRebuilds = async (databaseUrl: string): Promise<{ findings: string[]; models: number }> => {
  const config = configOf(databaseUrl);
  const projectors = projectorsOf(StandaloneModule);
  const { operations, close } = await visitProjections(StandaloneModule, config, logger);
  const findings: string[] = [];
  try {
    for (const { event, projection } of (await operations.parked()).map((row) => ({
      event: row,
      projection: row.projection,
    })))
      findings.push(`${projection} has parked ${JSON.stringify(event).slice(0, 400)}`);
    for (const { name } of projectors) {
      const { outcome, differences, broken, notCompared } = await operations.rebuild(name);
      if (outcome !== 'switched' || notCompared !== undefined)
        findings.push(
          `${name} built anew: ${outcome} ${notCompared ?? ''} ${JSON.stringify([broken, differences]).slice(0, 2_000)}`,
        );
    }
  } finally {
    await close();
  }
  return { findings, models: projectors.length };
};

/** Streams keep their own order, which is theirs by revision; facts may come in any, and streams among each other too. */
const inOtherOrder = (log: readonly RecordedEvent[], seed: number): RecordedEvent[] => {
  const random = randomOf(seed, 'other order');
  const streams = new Map<string, RecordedEvent[]>();
  for (const event of log) {
    const name = event.stream.startsWith('fact-') ? event.id : event.stream;
    streams.set(name, [...(streams.get(name) ?? []), event]);
  }
  const turns = random.shuffled([...streams].flatMap(([name, events]) => events.map(() => name)));
  return turns.map((name) => streams.get(name)!.shift()!);
};

const sideOf = async (client: pg.PoolClient, projector: Projector): Promise<Side> => {
  const { rows } = await client.query<{ schema: string }>(
    'SELECT schema FROM projections.active WHERE projection = $1',
    [projector.name],
  );
  return { projector, context: { client, schema: rows[0]?.schema ?? '', rebuilding: false } };
};

/**
 * The same events, recorded in another order by an engine of the standalone profile on a database of its own, make the same
 * read models as the cluster did.
 */
export const checkAgainstStandalone = async (
  databaseUrl: string,
  log: readonly RecordedEvent[],
  seed: number,
): Promise<string[]> => {
  const admin = new pg.Client({ connectionString: databaseUrl });
  await admin.connect();
  await admin.query('CREATE DATABASE chaos_standalone TEMPLATE template0');
  await admin.end();
  const url = new URL(databaseUrl);
  url.pathname = '/chaos_standalone';
  const config = configOf(url.href);
  await migrateDatabase(StandaloneModule, config, logger);
  const pool = new pg.Pool({ connectionString: url.href, max: 16 });
  const clusterPool = new pg.Pool({ connectionString: databaseUrl, max: 2 });
  const own = createPostgresEventLog({ connectionString: url.href });
  const bus = createLogTailBus({ log: own, keyOf });
  const projectors = projectorsOf(StandaloneModule);
  const runner = createProjectionRunner({ pool, log: own, bus, projectors });
  const findings: string[] = [];
  try {
    for (const { stream, revision: _revision, position: _position, recordTime: _recordTime, ...event } of inOtherOrder(
      log,
      seed,
    )) {
      const [result] = await own.append([{ stream, expected: 'any', events: [event] }]);
      if (result?.ok !== true) throw new Error(`the other log did not take ${event.id}: ${JSON.stringify(result)}`);
    }
    await runner.start();
    const head = await own.head();
    for (const { name } of projectors) await runner.reader.waitFor(name, head, 120_000);
    for (const projector of projectors) {
      const [client, clusterClient] = [await pool.connect(), await clusterPool.connect()];
      try {
        // Exports are read through cursors, which live in a transaction.
        for (const one of [client, clusterClient]) await one.query('BEGIN ISOLATION LEVEL REPEATABLE READ');
        const [cluster, alone] = [await sideOf(clusterClient, projector), await sideOf(client, projector)];
        if (!isEqual(await digestOf(cluster), await digestOf(alone)))
          findings.push(
            `${projector.name} differs from the standalone result: ${JSON.stringify(await differencesOf(cluster, alone)).slice(0, 2_000)}`,
          );
      } finally {
        for (const one of [client, clusterClient]) {
          await one.query('ROLLBACK');
          one.release();
        }
      }
    }
  } finally {
    await runner.stop();
    await bus.close();
    await own.close();
    await pool.end();
    await clusterPool.end();
  }
  return findings;
};
