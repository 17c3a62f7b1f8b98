import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { eventOf, play, simulate, withErrors } from '#simulator';
import pg from 'pg';
import { lotlineCommand } from './support/command-line.js';
import { captureSeafood } from './support/seafood.js';
import { readsOf, type Reads } from './support/simulated-plant.js';
import { startStandalone, type Standalone } from './support/start-standalone.js';

jest.setTimeout(600_000);
const enc = encodeURIComponent;
const TRACED = 25;

/** What was promised: a column that is missing or changed here breaks the tools of others. New ones are added at the end. */
const PROMISED = JSON.parse(
  readFileSync(new URL('compatibility/public-views.json', import.meta.url), 'utf8'),
) as Record<string, string[]>;

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
const sorted = (rows: Iterable<unknown>): string[] => [...rows].map((row) => JSON.stringify(row)).sort(compare);
const millis = (text: string | undefined): number | null => (text === undefined ? null : Date.parse(text));

/** The seafood chain and a plant that errs, as analysts and as callers of the API see them. */
describe('the views for analysts', () => {
  let lotline: Standalone;
  let pool: pg.Pool;
  let reads: Reads;
  const rowsOf = async (sql: string, ...values: unknown[]): Promise<any[]> => (await pool.query(sql, values)).rows;

  beforeAll(async () => {
    const simulation = simulate({ seed: 5, size: 'small' });
    lotline = await startStandalone();
    await captureSeafood(lotline);
    const erring = withErrors(simulation, 5, { late: 0.1, duplicate: 0.1, missing: 0.05, 'out-of-order': 0.2 });
    const events = [...erring.acts].map((act) => eventOf(simulation.world, act));
    const { position } = await play(simulation.world, events, { url: lotline.url });
    reads = readsOf(lotline, position);
    for (const path of ['/genealogy/lots', '/inventory/stock', '/expiry/lots']) await reads.get(path, { limit: '1' });
    pool = new pg.Pool({ connectionString: lotline.databaseUrl });
  });
  afterAll(async () => {
    await pool.end();
    await lotline.stop();
  });

  it('have the columns and types that were promised, and the guide tells all of them', async () => {
    const rows = await rowsOf(
      `SELECT c.relname AS view, a.attname || ' ' || format_type(a.atttypid, a.atttypmod) AS column
       FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
       WHERE c.relnamespace = 'lotline_public'::regnamespace AND a.attnum > 0 ORDER BY c.relname, a.attnum`,
    );
    const found = Object.fromEntries(
      [...Map.groupBy(rows, (row) => row.view)].map(([view, of]) => [view, of.map((row) => row.column)]),
    );
    expect(found).toEqual(PROMISED);

    const told: Record<string, string[] | undefined> = {};
    let view = '';
    for (const line of readFileSync('docs/analysts.md', 'utf8').split('\n')) {
      view = /^### `(\w+)`$/.exec(line)?.[1] ?? (line.startsWith('#') ? '' : view);
      const [, column, type] = /^\| `(\w+)` +\| ([^|]+?) +\|/.exec(line) ?? [];
      if (view !== '' && column !== undefined) (told[view] ??= []).push(`${column} ${type}`);
    }
    expect(told).toEqual(PROMISED);
  });

  it.each([
    ['lots', 'lot'],
    ['stock', 'lot, place, unit'],
    ['ledger_entries', 'lot, seq'],
    ['transformations', 'transformation'],
    ['shipments', 'shipment'],
    ['discrepancies', 'discrepancy'],
    ['expiry', 'lot, place, unit'],
    ['supplies', 'lot, sender, receiver, unit'],
  ])('have one row of %s for each %s', async (view, key) => {
    const rows = await rowsOf(`SELECT ${key}, count(*)::int AS n FROM lotline_public.${view} GROUP BY ${key}`);
    expect(rows.length).toBeGreaterThan(0);
    expect(rows.filter((row) => row.n !== 1)).toEqual([]);
  });

  it('answer the examples of the guide', async () => {
    const examples = readFileSync('docs/analysts.md', 'utf8').matchAll(/^```sql\n((?:WITH|SELECT)[^`]*)^```$/gm);
    const answers = await Promise.all(
      [...examples].map(async ([, sql]) => [sql, (await rowsOf(sql!)).length] as const),
    );
    expect(answers).toHaveLength(4);
    // What expires in the next days depends on the day this runs; of the one item the record may know nothing.
    expect(answers[1]![1]).toBeGreaterThan(0);
    expect(answers[3]![1]).toBeGreaterThan(0);
  });

  it('list the lots that the API lists', async () => {
    const told = await reads.all('/genealogy/lots');
    expect(told.length).toBeGreaterThan(100);
    const dates = ['production', 'expiry', 'bestBefore', 'retest', 'removal'];
    const rows = await rowsOf(
      `SELECT lot, kind, item, lot_code, supplier_lot, status, ARRAY[production, expiry, best_before, retest, removal]::text[] AS dates
       FROM lotline_public.lots`,
    );
    expect(sorted(rows.map((r) => Object.values(r)))).toEqual(
      sorted(
        told.map((l) => [
          l.id,
          l.kind,
          l.item,
          l.lotCode,
          l.supplierLot,
          l.status,
          dates.map((d) => l.dates[d] ?? null),
        ]),
      ),
    );
    expect(await rowsOf('SELECT FROM lotline_public.lots WHERE NOT complete')).toEqual([]);
  });

  it('have the stock and its status, and what expires, as the API has them', async () => {
    const stock = await reads.all('/inventory/stock');
    expect(stock.length).toBeGreaterThan(50);
    expect(
      sorted(
        (await rowsOf('SELECT lot, place, amount, unit, status FROM lotline_public.stock')).map((r) =>
          Object.values(r),
        ),
      ),
    ).toEqual(sorted(stock.map((s) => [s.lot, s.place, s.amount.value, s.amount.unit, s.status])));

    const expiring = await reads.all('/expiry/lots');
    expect(expiring.length).toBeGreaterThan(50);
    expect(
      sorted(
        (
          await rowsOf(
            'SELECT lot, expires_on::text, status, inherited_dates, place, amount, unit FROM lotline_public.expiry',
          )
        ).map((r) => Object.values(r)),
      ),
    ).toEqual(
      sorted(
        expiring.flatMap((l) =>
          (l.stock.length === 0 ? [{ place: null, amount: { value: null, unit: null } }] : l.stock).map((s: any) => [
            ...[l.lot, l.expiry, l.status, l.inheritedDates],
            ...[s.place, s.amount.value, s.amount.unit],
          ]),
        ),
      ),
    );
  });

  it('list the discrepancies that the record itself has', async () => {
    const told = (await reads.all('/genealogy/discrepancies')).filter(
      (d) => d.kind !== 'not-received' && d.kind !== 'commitment-broken',
    );
    expect(told.length).toBeGreaterThan(8);
    const rows = await rowsOf(
      `SELECT discrepancy, kind, lot, place, event_time, amount, unit, explanation, events FROM lotline_public.discrepancies
       WHERE status = 'open'`,
    );
    expect(sorted(rows.map((r) => [...Object.values({ ...r, event_time: r.event_time?.getTime() ?? null })]))).toEqual(
      sorted(
        told.map((d) => [
          ...[d.key, d.kind, d.lot, d.place ?? null, millis(d.time)],
          ...[d.amount?.value ?? null, d.amount?.unit ?? null, d.explanation, d.events],
        ]),
      ),
    );
  });

  it('have the ledger, the transformations and the shipments of a trace', async () => {
    const lots = await rowsOf(
      `SELECT lot FROM lotline_public.transformation_inputs GROUP BY lot
       UNION SELECT lot FROM lotline_public.shipment_lots WHERE lot IS NOT NULL GROUP BY lot ORDER BY lot`,
    );
    const step = Math.max(1, Math.floor(lots.length / TRACED));
    let [transformed, shipped] = [0, 0];
    for (const { lot } of lots.filter((_, i) => i % step === 0)) {
      const view = await reads.get(`/genealogy/lots/${enc(lot)}`);
      const entries = await rowsOf(
        `SELECT seq, event_time, from_account, from_place, to_account, to_place, amount, unit, events
         FROM lotline_public.ledger_entries WHERE lot = $1 ORDER BY seq`,
        lot,
      );
      expect(entries.map((e) => ({ ...e, event_time: e.event_time.getTime() }))).toEqual(
        view.ledger.map((e: any) => ({
          ...{ seq: e.seq, event_time: millis(e.time), from_account: e.from.kind, from_place: e.from.place ?? null },
          ...{ to_account: e.to.kind, to_place: e.to.place ?? null, amount: e.amount.value, unit: e.amount.unit },
          events: e.events,
        })),
      );
      const trace = await reads.get('/genealogy/trace', { lot, direction: 'forward' });
      for (const t of trace.forward.transformations) {
        transformed += 1;
        const [own] = await rowsOf('SELECT * FROM lotline_public.transformations WHERE transformation = $1', t.id);
        expect({ ...own, event_time: own.event_time.getTime() }).toMatchObject({
          ...{ kind: t.kind, place: t.place, event_time: millis(t.eventTime), events: t.events },
        });
        for (const side of ['input', 'output']) {
          const legs = await rowsOf(
            `SELECT lot, amount, unit FROM lotline_public.transformation_${side}s WHERE transformation = $1`,
            t.id,
          );
          expect(sorted(legs.map((l) => [l.lot, l.amount === null ? null : Number(l.amount), l.unit]))).toEqual(
            sorted(
              t[`${side}s`].map((l: any) => [
                l.lot,
                l.amount == null ? null : Number(l.amount.value),
                l.amount?.unit ?? null,
              ]),
            ),
          );
        }
      }
      for (const s of trace.forward.shipments) {
        shipped += 1;
        const [own] = await rowsOf('SELECT * FROM lotline_public.shipments WHERE shipment = $1', s.id);
        expect({
          ...own,
          shipped_at: own.shipped_at?.getTime() ?? null,
          events: [...own.events].sort(compare),
        }).toMatchObject({
          ...{ from_place: s.from, to_place: s.to, consignee: s.consignee, shipped_at: millis(s.shippedAt) },
          ...{ departure_recorded: s.departureRecorded, events: [...s.events].sort(compare) },
        });
        const carried = await rowsOf(
          'SELECT lot, amount, unit FROM lotline_public.shipment_lots WHERE shipment = $1',
          s.id,
        );
        for (const l of s.lots)
          expect(carried).toContainEqual({ lot: l.lot, amount: l.amount?.value ?? null, unit: l.amount?.unit ?? null });
      }
    }
    expect(transformed).toBeGreaterThan(10);
    expect(shipped).toBeGreaterThan(10);
  });

  it('stay the same through rebuilds and a rollback, for a role that may read nothing else', async () => {
    const role = `analyst_${Date.now()}`;
    const everything = async (): Promise<string[]> => {
      const client = await pool.connect();
      try {
        await client.query(`SET ROLE ${role}`);
        const all: string[] = [];
        for (const view of Object.keys(PROMISED)) {
          // Which discrepancies were closed depends on when they were looked at: a rebuild meets few of them.
          const open = view === 'discrepancies' ? `WHERE status = 'open'` : '';
          const { rows } = await client.query(
            `SELECT count(*)::int AS n, md5(string_agg(v::text, chr(10) ORDER BY v::text COLLATE "C")) AS rows
             FROM lotline_public.${view} v ${open}`,
          );
          all.push(`${view} ${rows[0].n} ${rows[0].rows}`);
        }
        await expect(client.query('SELECT FROM projections.active')).rejects.toThrow('permission denied');
        return all;
      } finally {
        await client.query('RESET ROLE');
        client.release();
      }
    };
    await pool.query(`CREATE ROLE ${role}`);
    try {
      await pool.query(`GRANT USAGE ON SCHEMA lotline_public TO ${role}`);
      await pool.query(`GRANT SELECT ON ALL TABLES IN SCHEMA lotline_public TO ${role}`);
      const before = await everything();
      for (const model of ['genealogy', 'stock', 'expiry']) {
        const rebuilt = await lotlineCommand(lotline.databaseUrl, 'projections', 'rebuild', model);
        expect([model, rebuilt.printed]).toEqual([
          model,
          expect.stringMatching(new RegExp(`Readers see ${model}_v\\d+_r2 from now on\\.`)),
        ]);
      }
      expect(await everything()).toEqual(before);
      await lotlineCommand(lotline.databaseUrl, 'projections', 'rollback', 'genealogy');
      expect(await everything()).toEqual(before);
    } finally {
      await pool.query(`DROP OWNED BY ${role}`);
      await pool.query(`DROP ROLE ${role}`);
    }
  });
});
