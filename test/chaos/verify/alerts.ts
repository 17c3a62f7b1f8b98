import type { RecordedEvent } from '#contracts';
import type { LedgerEntry } from '../receiver/ledger.js';
import { identityOf } from './identity.js';

const ALERTS: ReadonlySet<string> = new Set(['NoticeIssued', 'ExpiryAlertRaised']);

export const alertsOf = (log: readonly RecordedEvent[]): RecordedEvent[] => log.filter(({ type }) => ALERTS.has(type));

/** What the receiver counted is what the log alerts of: all of it, each cause once, nothing else. */
export const checkAlerts = (log: readonly RecordedEvent[], ledger: readonly LedgerEntry[]): string[] => {
  const findings: string[] = [];
  const expected = new Map(alertsOf(log).map((event) => [event.id, identityOf(event)]));
  const ids = new Set<string>();
  const causes = new Map<string, string>();
  for (const { id, cause } of ledger) {
    if (ids.has(id)) findings.push(`alert ${id} (${cause}) is in the receiver's ledger twice`);
    else if (causes.has(cause)) findings.push(`${cause} was alerted twice, as ${causes.get(cause)} and ${id}`);
    if (!expected.has(id)) findings.push(`alert ${id} (${cause}) is in the receiver's ledger and not in the log`);
    ids.add(id);
    causes.set(cause, id);
  }
  for (const [id, cause] of expected) if (!ids.has(id)) findings.push(`alert ${id} (${cause}) was lost`);
  return findings;
};

/** Everyone who got any of an open case's suspects by a recorded dispatch was told so, and nobody the same thing twice running. */
export const checkNotices = (log: readonly RecordedEvent[]): string[] => {
  const findings: string[] = [];
  const data = (event: RecordedEvent): any => event.data;
  const closed = new Set(log.flatMap((event) => (event.type === 'RecallClosed' ? [data(event).case as string] : [])));
  const notices = log.filter((event) => event.type === 'NoticeIssued').map(data);
  const dispatches = log.filter((event) => event.type === 'ShipmentDispatched').map(data);
  for (const opened of log.filter((event) => event.type === 'RecallOpened').map(data)) {
    if (closed.has(opened.case)) continue;
    const suspects = new Set((opened.suspects as { lot?: string }[]).flatMap(({ lot }) => lot ?? []));
    for (const { shipment, consignee, loads } of dispatches)
      for (const { lot } of loads)
        if (
          suspects.has(lot) &&
          !notices.some(
            (notice) =>
              notice.case === opened.case &&
              notice.consignee === consignee &&
              notice.lots.some((one: { lot: string }) => one.lot === lot),
          )
        )
          findings.push(`${consignee} got ${lot} with ${shipment} and was not told of case ${opened.case}`);
  }
  const last = new Map<string, string>();
  for (const { case: id, consignee, inferred, lots, notice } of notices) {
    const key = `${id} ${consignee} ${inferred}`;
    const said = JSON.stringify(lots);
    if (last.get(key) === said) findings.push(`notice ${notice} tells ${consignee} again what it was told before`);
    last.set(key, said);
  }
  return findings;
};

/** Every lot on hand whose date is over was alerted of. @param lots ids of such lots. */
export const checkExpiryAlerts = (log: readonly RecordedEvent[], lots: readonly string[]): string[] => {
  const alerted = new Set(
    log.flatMap((event) => (event.type === 'ExpiryAlertRaised' ? [(event.data as { lot: string }).lot] : [])),
  );
  return lots.filter((lot) => !alerted.has(lot)).map((lot) => `${lot} is past its date and nobody was alerted`);
};
