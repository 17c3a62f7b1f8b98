import { LotExcluded, RecallOpened, ScopeChanged, type DataOf, type RecordedEvent } from '#contracts';
import { instant } from '#kernel';
import { PoisonEvent } from '#projections';
import type { Queryable } from '#traceability';

/** Events of recall cases that say which lots were their suspects. What becomes of a case changes nothing of that. */
export const MARKING_EVENTS = [RecallOpened, ScopeChanged, LotExcluded] as const;

const TYPES: ReadonlySet<string> = new Set(MARKING_EVENTS.map(({ type }) => type));

/**
 * What cases say, each event as it came: of a case (`lot` is '') whether it is a drill, of a lot that it is a suspect or was
 * taken out. Whoever reads puts it together, so that the order of arrival does not matter.
 */
const TABLE = (s: string): string => `
CREATE TABLE IF NOT EXISTS ${s}.recall_marks (
  log_id      uuid NOT NULL,
  case_id     text COLLATE "C" NOT NULL,
  lot         text COLLATE "C" NOT NULL,
  mark        text COLLATE "C" NOT NULL,
  time_key    text COLLATE "C" NOT NULL,
  recorded_at text COLLATE "C" NOT NULL,
  record_time timestamptz NOT NULL,
  PRIMARY KEY (log_id, lot)
);
CREATE INDEX IF NOT EXISTS recall_marks_case ON ${s}.recall_marks (case_id, mark, lot);`;

const INSERT = (s: string): string => `
INSERT INTO ${s}.recall_marks (log_id, case_id, lot, mark, time_key, recorded_at, record_time)
SELECT * FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::timestamptz[]) ON CONFLICT DO NOTHING`;

const EXPORT = (s: string): string => `
SELECT case_id, lot, mark, time_key FROM ${s}.recall_marks ORDER BY case_id, lot, mark, log_id`;

type Mark = [lot: string, mark: 'opened' | 'drill' | 'suspect' | 'excluded'];

const marksOf = ({ type, data }: RecordedEvent): Mark[] => {
  switch (type) {
    case RecallOpened.type:
      return [['', (data as DataOf<typeof RecallOpened>).drill ? 'drill' : 'opened']];
    case ScopeChanged.type: {
      const suspects = (data as DataOf<typeof ScopeChanged>).addedLots.filter(({ suspect }) => suspect);
      return [...new Set(suspects.map(({ lot }) => lot))].map((lot): Mark => [lot, 'suspect']);
    }
    case LotExcluded.type:
      return [[(data as DataOf<typeof LotExcluded>).lot, 'excluded']];
    default:
      return [];
  }
};

export const createRecallMarks = async (client: Queryable, schema: string): Promise<void> => {
  await client.query(TABLE(schema));
};

/** @throws PoisonEvent where an event cannot be read. */
export const noteRecallMarks = async (
  client: Queryable,
  schema: string,
  events: readonly RecordedEvent[],
): Promise<void> => {
  const rows = events.flatMap((event) => {
    if (!TYPES.has(event.type)) return [];
    try {
      const { case: caseId } = event.data as { case: string };
      return marksOf(event).map((mark) => ({ event, caseId, mark }));
    } catch (error) {
      throw new PoisonEvent(event, error);
    }
  });
  if (rows.length === 0) return;
  await client.query(INSERT(schema), [
    rows.map(({ event }) => event.id),
    rows.map(({ caseId }) => caseId),
    rows.map(({ mark: [lot] }) => lot),
    rows.map(({ mark: [, mark] }) => mark),
    rows.map(({ event }) => instant(event.eventTime)?.key ?? event.eventTime),
    rows.map(({ event }) => event.position),
    rows.map(({ event }) => event.recordTime),
  ]);
};

export async function* exportRecallMarks(
  client: Queryable,
  schema: string,
): AsyncIterable<{ table: string; row: unknown }> {
  const { rows } = await client.query<object>(EXPORT(schema));
  for (const row of rows) yield { table: 'recall_marks', row };
}
