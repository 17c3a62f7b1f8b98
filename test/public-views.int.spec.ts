import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '#testkit';
import { type Leg, presentGraph, type TransformationNode } from '#traceability';
import fc from 'fast-check';
import { publicViews } from '../apps/genealogy/src/read-model/public-views.js';
import { createModel, type Model } from '../libs/traceability/src/store/specs/model.js';
import { stories } from '../libs/traceability/src/store/specs/random-events.js';
import { recorded, type Unrecorded } from '../libs/traceability/src/store/specs/recorded.js';

const sorted = (rows: Iterable<unknown>): string[] => [...rows].map((row) => JSON.stringify(row)).sort();
/** As written, in the smallest form. */
const value = (text: string | null | undefined): number | null => (text == null ? null : Number(text));

describe('the views of genealogy say what a trace is walked by', () => {
  let database: TestDatabase;
  let model: Model;
  const views = publicViews('m');
  const rowsOf = async (sql: string): Promise<any[]> => (await database.pool.query(sql)).rows;
  const all = (view: string): Promise<any[]> => rowsOf(`SELECT * FROM (${views[view]}) v`);
  /** What the stories met, so that a comparison of nothing is none. */
  const met = { unitLegs: 0, legs: 0, shipments: 0, unknown: 0 };

  beforeAll(async () => {
    database = await createTestDatabase();
    model = await createModel(database, 'm');
  });
  afterAll(() => database.drop());

  const compare = async (story: readonly Unrecorded[]): Promise<void> => {
    await model.empty();
    const log = recorded(story);
    await model.apply(log);
    const graph = presentGraph(database.pool, 'm', log.at(-1)?.position ?? '');
    const things = (await rowsOf(`SELECT id FROM m.nodes WHERE class = 'thing' ORDER BY id`)).map((row) => row.id);

    const nodes = new Map<string, TransformationNode>();
    for (const node of [...(await graph.consumedBy(things)), ...(await graph.madeBy(things))]) nodes.set(node.id, node);
    const transformations = await all('transformations');
    expect(
      sorted(transformations.map((t) => [t.transformation, t.kind, t.place, t.event_time.getTime(), t.events])),
    ).toEqual(sorted([...nodes.values()].map((t) => [t.id, t.kind, t.place, Date.parse(t.eventTime), t.events])));
    for (const side of ['inputs', 'outputs'] as const) {
      const legs = await all(`transformation_${side}`);
      met.legs += legs.length;
      met.unitLegs += legs.filter((leg) => leg.logistic_unit !== null && leg.kind !== 'unit').length;
      const told = (id: string, leg: Leg) => [
        ...[id, leg.lot, leg.kind, value(leg.amount?.value), leg.amount?.unit ?? null],
        ...[Date.parse(`${leg.at}Z`), leg.place ?? null],
      ];
      expect(
        sorted(
          legs.map((l) => [
            ...[l.transformation, l.lot, l.kind, value(l.amount), l.unit],
            ...[l.event_time.getTime(), l.place],
          ]),
        ),
      ).toEqual(sorted([...nodes.values()].flatMap((node) => node[side].map((leg) => told(node.id, leg)))));
    }

    const shipped = await graph.shipments(things);
    const shipments = await all('shipments');
    const carried = await all('shipment_lots');
    met.shipments += shipped.length;
    met.unknown += carried.filter((row) => row.lot === null).length;
    expect(
      sorted(
        shipments.map((s) => [
          ...[s.shipment, s.from_place, s.to_place, s.sender, s.consignee, s.shipped_at?.getTime() ?? null],
          ...[s.departure_recorded, s.received_at?.getTime() ?? null, [...s.events].sort()],
        ]),
      ),
    ).toEqual(
      sorted(
        shipped.map((s) => [
          ...[s.id, s.from, s.to, s.sender, s.consignee, s.shippedAt === undefined ? null : Date.parse(s.shippedAt)],
          ...[s.departureRecorded, s.receivedAt === undefined ? null : Date.parse(s.receivedAt), [...s.events].sort()],
        ]),
      ),
    );
    expect(
      sorted(carried.map((row) => [row.shipment, row.lot, row.logistic_unit, value(row.amount), row.unit])),
    ).toEqual(
      sorted(
        shipped.flatMap((s) =>
          s.lots.map((l) => [
            ...[s.id, l.amount === null ? null : l.lot, l.unit ?? null],
            ...[value(l.amount?.value), l.amount?.unit ?? null],
          ]),
        ),
      ),
    );
  };

  it('in stories with corrections, aliases, units and rework', async () => {
    await fc.assert(fc.asyncProperty(stories, compare), { numRuns: 40, seed: 11, endOnFailure: true });
    expect(Math.min(...Object.values(met))).toBeGreaterThan(0);
  });
});
