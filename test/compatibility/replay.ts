import pg from 'pg';
import type { NewEvent } from '#contracts';
import { createLogTailBus } from '#event-bus';
import { createPostgresEventLog } from '#event-log';
import { createLogger, migrateDatabase, projectorsOf, readConfig } from '#platform';
import { createProjectionRunner, type Projector } from '#projections';
import { StandaloneModule } from '../../apps/standalone/src/standalone.module.js';
import { keyOf } from '../../libs/platform/src/infrastructure/key-of.js';
import { digestOf, type TableDigest } from '../../libs/projections/src/operate/compare-exports.js';

/** A line of a recorded log, without what the log itself gives: revision, position, record time. */
export interface RecordedLine extends NewEvent {
  stream: string;
}

/** What a read model holds of a recorded log. */
export interface ModelDigest {
  name: string;
  version: number;
  tables: TableDigest[];
}

const PAGE = 200;

const readDigest = async (pool: pg.Pool, projector: Projector): Promise<ModelDigest> => {
  const client = await pool.connect();
  try {
    // Exports are read through cursors, which live in a transaction.
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ');
    const { rows } = await client.query<{ schema: string }>(
      'SELECT schema FROM projections.active WHERE projection = $1',
      [projector.name],
    );
    const context = { client, schema: rows[0]?.schema ?? '', rebuilding: false };
    return { name: projector.name, version: projector.version, tables: await digestOf({ projector, context }) };
  } finally {
    await client.query('ROLLBACK');
    client.release();
  }
};

/**
 * Records the lines in an empty database and builds every read model of this release from them.
 * @throws where the log does not take a line, or a read model does not get to its end.
 */
export const replay = async (databaseUrl: string, lines: readonly RecordedLine[]): Promise<ModelDigest[]> => {
  const config = readConfig({ DATABASE_URL: databaseUrl });
  await migrateDatabase(StandaloneModule, config, createLogger({ level: 'fatal', name: 'replay' }));
  const pool = new pg.Pool({ connectionString: databaseUrl, max: 16 });
  const log = createPostgresEventLog({ connectionString: databaseUrl });
  const bus = createLogTailBus({ log, keyOf });
  const projectors = projectorsOf(StandaloneModule);
  const runner = createProjectionRunner({ pool, log, bus, projectors });
  try {
    for (let from = 0; from < lines.length; from += PAGE) {
      const page = lines.slice(from, from + PAGE);
      const results = await log.append(
        page.map(({ stream, ...event }) => ({ stream, expected: 'any', events: [event] })),
      );
      const refused = results.findIndex((result) => !result.ok);
      if (refused >= 0) throw new Error(`${page[refused]?.id} is not taken: ${JSON.stringify(results[refused])}`);
    }
    await runner.start();
    const head = await log.head();
    for (const { name } of projectors) await runner.reader.waitFor(name, head, 60_000);
    return await Promise.all(projectors.map((projector) => readDigest(pool, projector)));
  } finally {
    await runner.stop();
    await bus.close();
    await log.close();
    await pool.end();
  }
};
