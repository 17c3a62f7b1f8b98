import {
  CorrectiveActionDone,
  CorrectiveActionSet,
  InspectionPlanDefined,
  InspectionPlanWithdrawn,
  NonconformanceCauseFound,
  NonconformanceClosed,
  NonconformanceOpened,
  NonconformanceReopened,
  type RecordedEvent,
} from '#contracts';
import type { ProjectionContext, Projector } from '#projections';
import type { PlanEvent } from '../domain/inspection/plan.js';
import { type NonconformanceEvent, type NonconformanceState, nonconformanceDecider } from '../domain/nonconformance.js';
import { QUALITY } from './quality-name.js';

const TABLES = (s: string): string => `
CREATE TABLE IF NOT EXISTS ${s}.plans (
  item      text COLLATE "C" NOT NULL,
  supplier  text COLLATE "C" NOT NULL,
  plan      json NOT NULL,
  withdrawn boolean NOT NULL,
  PRIMARY KEY (item, supplier)
);
CREATE TABLE IF NOT EXISTS ${s}.nonconformances (
  id       text COLLATE "C" PRIMARY KEY,
  state    json NOT NULL,
  status   text NOT NULL,
  severity text NOT NULL,
  lot      text COLLATE "C",
  party    text COLLATE "C",
  owner_id text COLLATE "C",
  due      text COLLATE "C"
);
CREATE INDEX IF NOT EXISTS nonconformances_lot ON ${s}.nonconformances (lot);`;

const DEFINE = (s: string): string => `
INSERT INTO ${s}.plans (item, supplier, plan, withdrawn)
SELECT * FROM json_to_recordset($1) AS x(item text, supplier text, plan json, withdrawn boolean)
ON CONFLICT (item, supplier) DO UPDATE SET plan = EXCLUDED.plan, withdrawn = EXCLUDED.withdrawn`;
const WITHDRAW = (s: string): string => `
UPDATE ${s}.plans p SET withdrawn = true FROM json_to_recordset($1) AS x(item text, supplier text)
WHERE p.item = x.item AND p.supplier = x.supplier`;

type RecordedPlan = PlanEvent & RecordedEvent;
type RecordedNonconformance = NonconformanceEvent & RecordedEvent;

/** The last word of the batch on each plan. */
const applyPlans = async ({ client, schema }: ProjectionContext, events: readonly RecordedPlan[]): Promise<void> => {
  const last = new Map<
    string,
    { plan?: Extract<RecordedPlan, { type: 'InspectionPlanDefined' }>; withdrawn: boolean }
  >();
  for (const event of events) {
    const key = JSON.stringify([event.data.item, event.data.supplier ?? '']);
    const before = last.get(key);
    if (event.type === 'InspectionPlanDefined') last.set(key, { plan: event, withdrawn: false });
    else last.set(key, { ...(before?.plan && { plan: before.plan }), withdrawn: true });
  }
  const named = [...last].map(([key, { plan, withdrawn }]) => {
    const [item, supplier] = JSON.parse(key) as [string, string];
    return { item, supplier, plan: plan?.data, withdrawn };
  });
  const defined = named.filter((row) => row.plan !== undefined);
  const withdrawn = named.filter((row) => row.plan === undefined);
  if (defined.length > 0) await client.query(DEFINE(schema), [JSON.stringify(defined)]);
  if (withdrawn.length > 0) await client.query(WITHDRAW(schema), [JSON.stringify(withdrawn)]);
};

const STATES = (s: string): string => `SELECT id, state FROM ${s}.nonconformances WHERE id = ANY ($1::text[])`;
const PUT = (s: string): string => `
INSERT INTO ${s}.nonconformances (id, state, status, severity, lot, party, owner_id, due)
SELECT * FROM json_to_recordset($1)
  AS x(id text, state json, status text, severity text, lot text, party text, owner_id text, due text)
ON CONFLICT (id) DO UPDATE SET state = EXCLUDED.state, status = EXCLUDED.status, owner_id = EXCLUDED.owner_id, due = EXCLUDED.due`;

/** Folds on from the state as it stood. */
const applyNonconformances = async (
  { client, schema }: ProjectionContext,
  events: readonly RecordedNonconformance[],
): Promise<void> => {
  const ids = [...new Set(events.map((event) => event.data.nonconformance))];
  const { rows } = await client.query<{ id: string; state: NonconformanceState }>(STATES(schema), [ids]);
  const states = new Map(rows.map(({ id, state }) => [id, state]));
  for (const event of events) {
    const { nonconformance: id } = event.data;
    states.set(id, nonconformanceDecider.evolve(states.get(id) ?? null, event));
  }
  const put = [...states].flatMap(([id, state]) => {
    if (state === null) return [];
    const { opening, action, status } = state;
    return {
      ...{ id, state, status, severity: opening.severity, lot: opening.lot, party: opening.party },
      // Who has to act next, and until when.
      owner_id: action?.owner ?? opening.owner,
      due: action?.due ?? opening.due,
    };
  });
  if (put.length > 0) await client.query(PUT(schema), [JSON.stringify(put)]);
};

const PLANS = [InspectionPlanDefined, InspectionPlanWithdrawn];
const NONCONFORMANCES = [
  NonconformanceOpened,
  NonconformanceCauseFound,
  CorrectiveActionSet,
  CorrectiveActionDone,
  NonconformanceClosed,
  NonconformanceReopened,
];
const PLAN_TYPES: ReadonlySet<string> = new Set(PLANS.map(({ type }) => type));

const EXPORTS = (s: string): readonly { table: string; sql: string }[] => [
  { table: 'plans', sql: `SELECT item, supplier, plan, withdrawn FROM ${s}.plans ORDER BY item, supplier` },
  { table: 'nonconformances', sql: `SELECT id, state FROM ${s}.nonconformances ORDER BY id` },
];

/** Lists of inspection plans and nonconformances; each is decided on in its own stream. */
export const qualityProjector: Projector = {
  name: QUALITY,
  version: 1,
  handles: new Map([...PLANS, ...NONCONFORMANCES].map(({ type, version }) => [type, version] as const)),
  createSchema: async ({ client, schema }) => {
    await client.query(TABLES(schema));
  },
  apply: async (context, events) => {
    const plans = events.filter((event) => PLAN_TYPES.has(event.type)) as unknown as RecordedPlan[];
    const others = events.filter((event) => !PLAN_TYPES.has(event.type)) as unknown as RecordedNonconformance[];
    if (plans.length > 0) await applyPlans(context, plans);
    if (others.length > 0) await applyNonconformances(context, others);
  },
  export: async function* ({ client, schema }) {
    for (const { table, sql } of EXPORTS(schema)) {
      const { rows } = await client.query<object>(sql);
      for (const row of rows) yield { table, row };
    }
  },
};
