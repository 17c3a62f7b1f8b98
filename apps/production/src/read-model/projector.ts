import type {
  ConsumptionAbandoned,
  ConsumptionBegun,
  ConsumptionReturned,
  ItemChanged,
  ItemDefined,
  OrderCancelled,
  OrderPlanned,
  OrderReleased,
  RecordedEvent,
  RecordedOf,
  RunAborted,
  RunCompleted,
  RunStarted,
  TransformationCorrected,
  TransformationRecorded,
} from '#contracts';
import type { ProjectionContext, Projector } from '#projections';

type Handled =
  | RecordedOf<typeof ItemDefined>
  | RecordedOf<typeof ItemChanged>
  | RecordedOf<typeof RunStarted>
  | RecordedOf<typeof RunCompleted>
  | RecordedOf<typeof RunAborted>
  | RecordedOf<typeof OrderPlanned>
  | RecordedOf<typeof OrderReleased>
  | RecordedOf<typeof OrderCancelled>
  | RecordedOf<typeof ConsumptionBegun>
  | RecordedOf<typeof ConsumptionAbandoned>
  | RecordedOf<typeof ConsumptionReturned>
  | RecordedOf<typeof TransformationRecorded>
  | RecordedOf<typeof TransformationCorrected>;

const TABLES = (schema: string): string => `
  CREATE TABLE IF NOT EXISTS ${schema}.items (
    item text COLLATE "C" PRIMARY KEY, code text, name text NOT NULL, definition json NOT NULL);
  CREATE TABLE IF NOT EXISTS ${schema}.runs (
    run text COLLATE "C" PRIMARY KEY, started json NOT NULL, started_at text NOT NULL, completed_at text, aborted_at text);
  CREATE TABLE IF NOT EXISTS ${schema}.orders (
    production_order text COLLATE "C" PRIMARY KEY, planned json NOT NULL, status text NOT NULL);
  -- Attempts at stock that are not at their end: what the sweeper looks at.
  CREATE TABLE IF NOT EXISTS ${schema}.open_attempts (
    transformation text COLLATE "C" PRIMARY KEY, run text, attempt int NOT NULL, begun timestamptz NOT NULL);`;

const ITEMS = (schema: string): string => `
  INSERT INTO ${schema}.items SELECT * FROM json_to_recordset($1) AS x(item text, code text, name text, definition json)
  ON CONFLICT (item) DO UPDATE SET code = excluded.code, name = excluded.name, definition = excluded.definition`;

const RUNS = (schema: string): string => `
  INSERT INTO ${schema}.runs SELECT * FROM json_to_recordset($1) AS x(run text, started json, started_at text)
  ON CONFLICT (run) DO NOTHING`;

const ENDED = (schema: string): string => `
  UPDATE ${schema}.runs SET completed_at = x.completed_at, aborted_at = x.aborted_at
    FROM json_to_recordset($1) AS x(run text, completed_at text, aborted_at text) WHERE runs.run = x.run`;

const ORDERS = (schema: string): string => `
  INSERT INTO ${schema}.orders SELECT production_order, planned, 'planned'
    FROM json_to_recordset($1) AS x(production_order text, planned json)
  ON CONFLICT (production_order) DO NOTHING`;

const ORDER_STATUS = (schema: string): string => `
  UPDATE ${schema}.orders SET status = x.status
    FROM json_to_recordset($1) AS x(production_order text, status text) WHERE orders.production_order = x.production_order`;

const OPENED = (schema: string): string => `
  INSERT INTO ${schema}.open_attempts
  SELECT * FROM json_to_recordset($1) AS x(transformation text, run text, attempt int, begun timestamptz)
  ON CONFLICT (transformation) DO UPDATE
    SET run = excluded.run, attempt = excluded.attempt, begun = excluded.begun`;

const CLOSED = (schema: string): string => `DELETE FROM ${schema}.open_attempts WHERE transformation = ANY($1)`;

/** The last word of a batch on each key, so that every table takes one statement. */
const lastWords = (events: readonly RecordedEvent[]) => {
  const items = new Map<string, object>();
  const runs = new Map<string, object>();
  const ended = new Map<string, object>();
  const orders = new Map<string, object>();
  const statuses = new Map<string, object>();
  const attempts = new Map<string, { row: object } | 'closed'>();
  for (const event of events as readonly Handled[]) {
    switch (event.type) {
      case 'ItemDefined':
      case 'ItemChanged': {
        const { item, code, name } = event.data;
        items.set(item, { item, code, name, definition: event.data });
        break;
      }
      case 'RunStarted':
        runs.set(event.data.run, { run: event.data.run, started: event.data, started_at: event.eventTime });
        break;
      case 'RunCompleted':
        ended.set(event.data.run, { run: event.data.run, completed_at: event.eventTime });
        break;
      case 'RunAborted':
        ended.set(event.data.run, { run: event.data.run, aborted_at: event.eventTime });
        break;
      case 'OrderPlanned':
        orders.set(event.data.order, { production_order: event.data.order, planned: event.data });
        break;
      case 'OrderReleased':
        statuses.set(event.data.order, { production_order: event.data.order, status: 'released' });
        break;
      case 'OrderCancelled':
        statuses.set(event.data.order, { production_order: event.data.order, status: 'cancelled' });
        break;
      case 'TransformationCorrected':
      case 'ConsumptionBegun': {
        const { transformation, run, attempt } = event.data;
        if (attempt === undefined) break;
        attempts.set(transformation, { row: { transformation, run, attempt, begun: event.recordTime } });
        break;
      }
      case 'ConsumptionAbandoned':
        // Until it is given back, the sweeper has to look after it.
        if (!event.data.issued) attempts.set(event.data.transformation, 'closed');
        break;
      case 'ConsumptionReturned':
      case 'TransformationRecorded':
        attempts.set(event.data.transformation, 'closed');
        break;
    }
  }
  return { items, runs, ended, orders, statuses, attempts };
};

/** Lists of items, runs and orders, and the attempts that are not at their end. */
export const productionProjector: Projector = {
  name: 'production',
  version: 2,
  handles: new Map([
    ['ItemDefined', 1],
    ['ItemChanged', 1],
    ['RunStarted', 1],
    ['RunCompleted', 1],
    ['RunAborted', 1],
    ['OrderPlanned', 1],
    ['OrderReleased', 1],
    ['OrderCancelled', 1],
    ['ConsumptionBegun', 1],
    ['ConsumptionAbandoned', 1],
    ['ConsumptionReturned', 1],
    ['TransformationRecorded', 1],
    ['TransformationCorrected', 1],
  ]),
  createSchema: async ({ client, schema }) => {
    await client.query(TABLES(schema));
  },
  apply: async ({ client, schema }, events) => {
    const { items, runs, ended, orders, statuses, attempts } = lastWords(events);
    const put = async (sql: string, rows: readonly object[]): Promise<void> => {
      if (rows.length > 0) await client.query(sql, [JSON.stringify(rows)]);
    };
    await put(ITEMS(schema), [...items.values()]);
    await put(RUNS(schema), [...runs.values()]);
    await put(ENDED(schema), [...ended.values()]);
    await put(ORDERS(schema), [...orders.values()]);
    await put(ORDER_STATUS(schema), [...statuses.values()]);
    const closed = [...attempts].filter(([, last]) => last === 'closed').map(([transformation]) => transformation);
    if (closed.length > 0) await client.query(CLOSED(schema), [closed]);
    await put(
      OPENED(schema),
      [...attempts.values()].flatMap((last) => (last === 'closed' ? [] : [last.row])),
    );
  },
  export: exportRows,
};

const EXPORTS = [
  ['items', 'SELECT item, code, name, definition FROM %s.items ORDER BY item'],
  ['runs', 'SELECT run, started, started_at, completed_at, aborted_at FROM %s.runs ORDER BY run'],
  ['orders', 'SELECT production_order, planned, status FROM %s.orders ORDER BY production_order'],
  ['open_attempts', 'SELECT transformation, run, attempt FROM %s.open_attempts ORDER BY transformation'],
] as const;

async function* exportRows({ client, schema }: ProjectionContext): AsyncIterable<{ table: string; row: unknown }> {
  for (const [table, sql] of EXPORTS) {
    const { rows } = await client.query<object>(sql.replace('%s', schema));
    for (const row of rows) yield { table, row };
  }
}
