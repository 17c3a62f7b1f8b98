import { setTimeout as after } from 'node:timers/promises';
import pg from 'pg';
import type { RecordedEvent } from '#contracts';
import type { Servers } from '../cluster/servers.js';
import type { Said } from '../load/said.js';
import type { LedgerEntry } from '../receiver/ledger.js';
import { alertsOf, checkAlerts, checkExpiryAlerts, checkNotices } from './alerts.js';
import { checkExactlyOnce, checkLogOrder } from './exactly-once.js';
import { unread } from './way-in.js';
import { readLog } from './read-log.js';
import { checkAgainstStandalone, checkRebuilds } from './read-models.js';
import { checkRefused, readRefused } from './refused-records.js';
import { checkStock } from './stock-oracle.js';

export interface ToVerify {
  seed: number;
  said: Said;
  servers: Servers;
  directory: string;
  topicPrefix: string;
  /** What the receiver has counted by now. */
  ledgerOf: () => Promise<LedgerEntry[]>;
  /** The same of what came by webhook. */
  inboxOf: () => Promise<LedgerEntry[]>;
  /** Whatever waits for a later attempt is sent now. @returns what kept it from it. */
  hurryWebhooks: () => Promise<string[]>;
  /** Read models are compared once nobody works on them. */
  stopProduct: () => Promise<void>;
}

/** Lots that an expiry story left on hand past their date, as far as their receipt was acknowledged. */
const pastTheirDate = (log: readonly RecordedEvent[]): string[] => {
  const dated = new Set<string>();
  const come = new Set<string>();
  for (const { type, data } of log as readonly RecordedEvent<string, any>[]) {
    if (type === 'LotReceived') {
      come.add(data.lot);
      if (data.dates?.expiry < '2026-06') dated.add(data.lot);
    }
    if (type === 'GoodsReceived') for (const { lot } of data.goods ?? []) come.add(lot);
    if (type === 'LotDatesStated')
      for (const { lot, dates } of data.lots ?? []) if (dates.expiry < '2026-06') dated.add(lot);
  }
  return [...dated].filter((lot) => come.has(lot));
};

/** What Kafka took is recorded, or refused, when capture has read it; alerts come when expiry has looked. */
const missing = async (
  { databaseUrl, brokers }: Servers['direct'],
  topicPrefix: string,
  said: Said,
  calm: number,
): Promise<string[]> => {
  // The log is read only once it stands still.
  if (calm < 4) return [];
  const client = new pg.Client({ connectionString: databaseUrl });
  client.on('error', () => undefined);
  try {
    await client.connect();
    const { rows } = await client.query<{ n: number }>(
      `SELECT COALESCE(sum(revision + 1), 0)::int AS n FROM log.streams WHERE name LIKE 'fact-%'`,
    );
    const wanted = [...said.acknowledged.keys()].filter((one) => /^(fact|declaration):/.test(one)).length;
    const notTaken = [
      ...((rows[0]?.n ?? 0) < wanted ? [`${wanted} facts were taken, ${rows[0]?.n} are in the log`] : []),
      ...(await unread(brokers, topicPrefix)),
    ];
    if (notTaken.length > 0) return notTaken;
    const log = await readLog(databaseUrl);
    return checkExpiryAlerts(log, pastTheirDate(log));
  } catch (error) {
    return [String(error)];
  } finally {
    await client.end().catch(() => undefined);
  }
};

const RECEIVED_WITHIN_MS = 60_000;

/** The receiver is given the time to get what the log alerts of. */
const received = async (log: readonly RecordedEvent[], ledgerOf: ToVerify['ledgerOf']): Promise<LedgerEntry[]> => {
  const until = performance.now() + RECEIVED_WITHIN_MS;
  for (;;) {
    const ledger = await ledgerOf();
    if (checkAlerts(log, ledger).length === 0 || performance.now() > until) return ledger;
    await after(200);
  }
};

const askedBy = ({ sent, commands }: Said): Set<string> =>
  new Set([...sent, ...[...commands.values()].flatMap(({ proof }) => proof ?? [])]);

const all = async (toVerify: ToVerify) => {
  const { seed, said, servers, topicPrefix, ledgerOf, inboxOf, hurryWebhooks, stopProduct } = toVerify;
  const { databaseUrl, brokers } = servers.direct;
  const log = await readLog(databaseUrl);
  const unhurried = await hurryWebhooks();
  const ledger = await received(log, ledgerOf);
  const inbox = await received(log, inboxOf);
  const refused = await readRefused(brokers, topicPrefix);
  await stopProduct();
  const stock = checkStock(log);
  const rebuilt = await checkRebuilds(databaseUrl);
  return {
    findings: [
      ...checkLogOrder(log),
      ...checkExactlyOnce(log, { asked: askedBy(said), acknowledged: said.acknowledged }),
      ...checkRefused(refused, said.bad),
      ...stock.findings,
      ...checkAlerts(log, ledger),
      ...[...checkAlerts(log, inbox), ...unhurried].map((finding) => `by webhook: ${finding}`),
      ...checkNotices(log),
      ...checkExpiryAlerts(log, pastTheirDate(log)),
      ...rebuilt.findings,
      ...(await checkAgainstStandalone(databaseUrl, log, seed)),
    ],
    figures: {
      events: log.length,
      facts: log.filter(({ stream }) => stream.startsWith('fact-')).length,
      alerts: alertsOf(log).length,
      decisions: stock.decisions,
      betweens: stock.betweens,
      models: rebuilt.models,
      refusedRecords: refused.length,
    },
  };
};

export const verify = { missing, all };
