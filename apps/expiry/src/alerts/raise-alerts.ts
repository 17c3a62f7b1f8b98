import { ExpiryAlertRaised, expiryAlertId, expiryAlertStream, type AlertCause, type DataOf } from '#contracts';
import type { Append, EventLog } from '#event-log';
import { canonicalJson, LotlineError, nextDayIn, type Clock } from '#kernel';
import type { Projections } from '#platform';
import type { Pool } from 'pg';
import { EXPIRY } from '../read-model/expiry-projector.js';
import { readDue, type DueKey, type DuePage } from './due-alerts.js';

export interface RaiseOptions {
  pool: Pool;
  log: EventLog;
  projections: Pick<Projections, 'waitFor'>;
  clock: Clock;
  leads: readonly number[];
  timeZone: string;
  ours: readonly string[];
  /** How long the read model may take to contain all that the log has; default 5,000. */
  waitMs?: number;
  /** Alerts of one page; default 500. */
  pageSize?: number;
}

export interface Raised {
  /** Those that this call added to the log; what another process was faster with is not among them. */
  raised: number;
  /** Up to when nothing becomes due by time alone. */
  nextDay: Date;
  /** Where the record stood. */
  position: string;
  /** What it took, in ms, without the wait for the read model. */
  busyMs: number;
}

type Alert = DataOf<typeof ExpiryAlertRaised>;

const causeOf = ({ lot, date, on, lead, site }: Alert): AlertCause => ({ lot, date, on, lead, site: site ?? null });

const appendOf = (data: Alert, now: Date): Append => {
  const cause = causeOf(data);
  const id = expiryAlertId(cause);
  return {
    stream: expiryAlertStream(data.lot),
    expected: 'any',
    events: [
      {
        id,
        type: ExpiryAlertRaised.type,
        schemaVersion: ExpiryAlertRaised.version,
        eventTime: now.toISOString(),
        data,
        meta: { source: 'lotline/expiry', actor: 'system:expiry-alerts', correlationId: id },
        // Who comes second saw another stock, perhaps, and means the same alert.
        contentKey: `${ExpiryAlertRaised.type} ${canonicalJson(cause)}`,
      },
    ],
  };
};

/** @returns how many the log did not have. */
const tell = async (log: EventLog, alerts: readonly Alert[], now: Date): Promise<number> => {
  const results = await log.append(alerts.map((alert) => appendOf(alert, now)));
  const refused = results.find((result) => !result.ok);
  if (refused) throw new Error(`the log refused an alert: ${JSON.stringify(refused)}`);
  return results.filter((result) => result.ok && result.recorded.some(({ duplicate }) => !duplicate)).length;
};

/**
 * Raises every alert that is due and that the log does not have. The log is asked last: an alert's id follows from its
 * cause, so what other processes, or this one before it was killed, raised already is found there and not raised again.
 * @throws LotlineError `projection-behind` where the read model does not contain all of the log: a lot that looks like on
 *   hand may have left meanwhile, and an alert cannot be taken back.
 */
export const raiseAlerts = async (options: RaiseOptions): Promise<Raised> => {
  const { pool, log, projections, clock, leads, timeZone, ours, waitMs = 5_000, pageSize = 500 } = options;
  const head = await log.head();
  const { reached, position } = await projections.waitFor(EXPIRY, head, waitMs);
  if (!reached)
    throw new LotlineError('behind', 'projection-behind', `${EXPIRY} has not reached ${head}`, [], { position });
  const started = performance.now();
  const now = clock();
  const pageAfter = (after?: DueKey): Promise<DuePage> =>
    readDue({ pool, now, leads, timeZone, ours, after, limit: pageSize });
  let raised = 0;
  let page = await pageAfter();
  for (; page.next !== undefined; page = await pageAfter(page.next)) raised += await tell(log, page.due, now);
  raised += await tell(log, page.due, now);
  const nextDay = new Date(Math.min(...page.zones.map((zone) => nextDayIn(zone, now).getTime())));
  return { raised, nextDay, position, busyMs: performance.now() - started };
};
