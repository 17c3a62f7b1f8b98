/**
 * How long the scorecards of 50 suppliers over 100,000 lots take, and the list of one supplier's lots: now, and as of a
 * moment since which a number of lots has changed, which are folded again from their facts. Rows of lots that have not changed
 * are generated into the tables of the expiry read model; the others come from events. Runs on the PostgreSQL of DATABASE_URL
 * (its schema `bench_suppliers` is replaced), else on an embedded one in a temporary directory.
 *
 *   node --import ./libs/testkit/src/run-ts/register.mjs bench/supplier-scorecards.ts [lots] [suppliers] [changed lots]
 */
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { suppliesAt } from '../apps/expiry/src/features/view-suppliers/supplies-at.js';
import { readScorecards } from '../apps/expiry/src/features/view-suppliers/view-suppliers.js';
import { lotsOf } from '../apps/expiry/src/features/view-suppliers/view-supplied-lots.js';
import { expiryProjector } from '../apps/expiry/src/read-model/expiry-projector.js';
import type { RecordedEvent } from '../libs/contracts/src/index.js';
import { uuidFromName } from '../libs/kernel/src/index.js';
import { startEmbeddedPostgres } from '../libs/platform/src/postgres/embedded.js';

const [LOTS = 100_000, SUPPLIERS = 50, CHANGED = 1_000] = process.argv.slice(2).map(Number);
const SCHEMA = 'bench_suppliers';
const US = 'urn:bench:party:us';
const ROUNDS = 5;

const positionOf = (n: number): string => String(n).padStart(16, '0');
const supplierOf = (n: number): string => `urn:bench:party:supplier-${n % SUPPLIERS}`;

/** Lots of long ago: two parties, an inspection each; one in forty rejected, one in a hundred late. */
const GENERATE = `
INSERT INTO ${SCHEMA}.supplies
SELECT 1000000000 + n, 0, 'urn:bench:lot:' || n, 'urn:bench:item:' || n % 200, 'L-' || n, 'S-' || n,
  'urn:bench:party:supplier-' || n % ${SUPPLIERS}, '${US}', 'mass', 100 + n % 7, 100 + n % 7, 100 + n % 7,
  true, true, 1,
  '2025-01-01T00:00:00', '2025-01-02T00:00:00', (date '2025-01-02' + n % 300)::text, n % 40, n % 10 = 0, n % 100 = 0,
  n % 40 = 0, n % 50 = 0, n % 30 = 0, 1, (n % 40 = 0)::int, '2025-01-01T00:00:00', '2025-11-01T00:00:00',
  jsonb_build_array(
    jsonb_build_object('kind', 'received', 'event', 'urn:uuid:' || gen_random_uuid(), 'time', '2025-01-02T00:00:00'),
    jsonb_build_object('kind', 'inspection', 'event', gen_random_uuid(), 'time', '2025-01-02T00:00:00',
      'inspection', 'Q-' || n, 'result', 'pass', 'characteristic', 'pH'))
FROM generate_series(1, $1::int) n`;

/** Half of what is told of the changed lots was known at the moment that is asked about. */
const events = (): RecordedEvent[] =>
  [0, 1].flatMap((half) =>
    Array.from({ length: CHANGED }, (_, n): RecordedEvent => {
      const lot = `urn:bench:lot:new-${n}`;
      const at = half * CHANGED + n;
      const eventId = `urn:uuid:${uuidFromName(`receipt ${n}`)}`;
      return {
        id: uuidFromName(`bench ${at}`),
        ...(half === 0
          ? {
              type: 'GoodsReceived',
              data: {
                ...{ eventId, place: 'urn:bench:place:depot', supplier: supplierOf(n) },
                goods: [{ lot, quantity: { value: '100', unit: 'KGM' }, dates: { expiry: '2026-04-01' } }],
              },
            }
          : { type: 'InspectionRecorded', data: { lot, inspection: `Q-${n}`, result: 'fail' } }),
        ...{ schemaVersion: 1, eventTime: '2026-03-01T08:00:00Z', stream: `s-${at}`, revision: 0 },
        meta: { source: 'urn:bench', actor: 'bench', correlationId: 'bench' },
        ...{ position: positionOf(2 + at), recordTime: new Date(Date.UTC(2026, 2, 1) + at).toISOString() },
      };
    }),
  );

const print = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

/** Processor time of the server process of a connection in ms (Linux); 0 where it runs on another machine. */
const serverTime = (pid: number): number => {
  try {
    if (!readFileSync(`/proc/${pid}/comm`, 'utf8').startsWith('postgres')) return 0;
    return Number(readFileSync(`/proc/${pid}/schedstat`, 'utf8').split(' ')[0]) / 1e6;
  } catch {
    return 0;
  }
};

const median = (numbers: readonly number[]): number =>
  Math.round(numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0);

const timed = async (pid: number, what: string, work: () => Promise<number>): Promise<void> => {
  const [times, busy, here]: [number[], number[], number[]] = [[], [], []];
  let rows = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const [start, server, cpu] = [performance.now(), serverTime(pid), process.cpuUsage()];
    rows = await work();
    const { user, system } = process.cpuUsage(cpu);
    times.push(performance.now() - start);
    busy.push(serverTime(pid) - server);
    here.push((user + system) / 1_000);
  }
  print(
    `${what}: ${median(times)} ms, of the processor ${median(busy)} ms in the server and ${median(here)} ms here; ${rows} rows`,
  );
};

const measure = async (pool: pg.Pool): Promise<void> => {
  const client = await pool.connect();
  try {
    await client.query(`DROP SCHEMA IF EXISTS ${SCHEMA} CASCADE; CREATE SCHEMA ${SCHEMA}`);
    const context = { client, schema: SCHEMA, rebuilding: false };
    await expiryProjector.createSchema(context);
    await client.query(GENERATE, [LOTS - CHANGED]);
    await client.query(`INSERT INTO ${SCHEMA}.supplies_known SELECT owner, $1, $1 FROM ${SCHEMA}.supplies`, [
      positionOf(1),
    ]);
    const log = events();
    for (let at = 0; at < log.length; at += 1_000) {
      await client.query('BEGIN');
      await expiryProjector.apply(context, log.slice(at, at + 1_000));
      await client.query('COMMIT');
    }
    await client.query(
      `ANALYZE ${SCHEMA}.supplies, ${SCHEMA}.supplies_known, ${SCHEMA}.facts, ${SCHEMA}.incidence, ${SCHEMA}.nodes`,
    );
    const pid = (await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid')).rows[0]?.pid ?? 0;
    const snapshot = { client, schema: SCHEMA, position: positionOf(2 + log.length) };
    print(`${LOTS} lots of ${SUPPLIERS} suppliers, ${CHANGED} of them changed since the earlier moment`);
    const filter = { ours: [US] };
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    for (const [when, asOf] of [
      ['now', {}],
      ['as of earlier', { position: positionOf(1 + CHANGED) }],
    ] as const) {
      await timed(pid, `scorecards of all suppliers, ${when}`, async () => {
        const cards = await readScorecards(snapshot, await suppliesAt(snapshot, asOf), { filter });
        return cards.length;
      });
      await timed(pid, `lots of one supplier, ${when}`, async () => {
        const at = await suppliesAt(snapshot, asOf);
        const lots = await lotsOf(snapshot, at, { filter: { ...filter, supplier: supplierOf(1) }, limit: 100 });
        return lots.length;
      });
    }
    await client.query('COMMIT');
  } finally {
    client.release();
  }
};

const withDatabase = async (work: (url: string) => Promise<void>): Promise<void> => {
  const given = process.env.DATABASE_URL;
  if (given !== undefined) return work(given);
  const directory = await mkdtemp(join(tmpdir(), 'lotline-bench-'));
  const silent = (): undefined => undefined;
  const server = await startEmbeddedPostgres({
    dataDir: join(directory, 'postgres'),
    log: { info: silent, warn: silent },
  });
  try {
    await work(server.url);
  } finally {
    await server.stop();
    await rm(directory, { recursive: true, force: true });
  }
};

await withDatabase(async (url) => {
  const pool = new pg.Pool({ connectionString: url });
  try {
    await measure(pool);
  } finally {
    await pool.end();
  }
});
