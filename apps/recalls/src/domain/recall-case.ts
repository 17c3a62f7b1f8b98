import type {
  DataOf,
  DecidedOf,
  LotExcluded,
  NoticeIssued,
  RecallClosed,
  RecallHoldsLifted,
  RecallOpened,
  RecallReopened,
  ScopeChanged,
  ScopeHeld,
} from '#contracts';

export type RecallEvent =
  | DecidedOf<typeof RecallOpened>
  | DecidedOf<typeof ScopeChanged>
  | DecidedOf<typeof ScopeHeld>
  | DecidedOf<typeof LotExcluded>
  | DecidedOf<typeof NoticeIssued>
  | DecidedOf<typeof RecallClosed>
  | DecidedOf<typeof RecallHoldsLifted>
  | DecidedOf<typeof RecallReopened>;

export type Suspect = DataOf<typeof RecallOpened>['suspects'][number];
export type NoticeLots = DataOf<typeof NoticeIssued>['lots'];

export interface CaseLot {
  suspect: boolean;
  /** When it came into scope, and because of which events. */
  since: string;
  because: readonly string[];
  /** The stock book has our hold: log position at which it said so, and when we learnt it. */
  held?: { position: string; at: string };
  /** While the case was open and covered it, and no hold of the case was known to stand; without `until`: still. */
  unguarded?: readonly { from: string; until?: string }[];
  excluded?: { reason: string; at: string };
}

export interface CaseConsignee {
  party: string;
  inferred: boolean;
  /** What of it came to them; undefined where the case was widened before this was noted. */
  lots?: readonly string[];
}

export interface CaseNotice {
  notice: string;
  consignee: string;
  inferred: boolean;
  lots: NoticeLots;
  at: string;
}

export interface ScopeChange {
  at: string;
  lots: readonly string[];
  shipments: readonly string[];
  consignees: readonly string[];
  because: readonly string[];
}

export interface OpenedCase {
  case: string;
  reason: string;
  class?: string;
  /** Measures only: touches neither stock nor consignees. */
  drill: boolean;
  suspects: readonly Suspect[];
  status: 'open' | 'closed';
  openedAt: string;
  /** By lot id. A lot never leaves by itself. */
  lots: Readonly<Record<string, CaseLot>>;
  shipments: readonly string[];
  /** By `party`, told apart by whether goods got there by inference alone. */
  consignees: Readonly<Record<string, CaseConsignee>>;
  notices: readonly CaseNotice[];
  changes: readonly ScopeChange[];
  decisions: readonly { kind: 'closed' | 'reopened' | 'excluded'; at: string; reason: string; lot?: string }[];
}

/** Undefined before it is opened. Plain data, so that a read model keeps it as it is. */
export type RecallCase = OpenedCase | undefined;

export const recallStream = (id: string): string => `recall-${id}`;

/** Owner of the case's holds, and the id of its hold on each lot. */
export const recallHold = (id: string): string => `recall:${id}`;

export const consigneeKey = ({ party, inferred }: { party: string; inferred: boolean }): string =>
  `${inferred ? 'inferred' : 'recorded'} ${party}`;

/** Lots in scope: those that no decision took out. */
export const inScope = (recall: OpenedCase): string[] =>
  Object.entries(recall.lots)
    .filter(([, lot]) => lot.excluded === undefined)
    .map(([id]) => id);

/** Parties that got anything that no decision took out. */
export const consigneesInScope = (recall: OpenedCase): string[] => [
  ...new Set(
    Object.values(recall.consignees)
      .filter(({ lots }) => lots?.every((lot) => recall.lots[lot]?.excluded !== undefined) !== true)
      .map(({ party }) => party),
  ),
];

/** Lots whose stock book still has our hold, as far as we know. */
export const heldLots = (recall: OpenedCase): string[] =>
  Object.entries(recall.lots)
    .filter(([, lot]) => lot.held !== undefined)
    .map(([id]) => id);

const guarded = (lot: CaseLot, at: string): CaseLot =>
  lot.unguarded === undefined
    ? lot
    : { ...lot, unguarded: lot.unguarded.map((gap) => (gap.until === undefined ? { ...gap, until: at } : gap)) };

const widenedBy = (
  known: OpenedCase['consignees'],
  added: DataOf<typeof ScopeChanged>['addedConsignees'],
): OpenedCase['consignees'] => ({
  ...known,
  ...Object.fromEntries(
    added.map(({ lots, ...consignee }) => {
      const key = consigneeKey(consignee);
      return [key, { ...consignee, ...(lots && { lots: [...(known[key]?.lots ?? []), ...lots] }) }];
    }),
  ),
});

const withoutHold = ({ held: _held, ...lot }: CaseLot): CaseLot => lot;

const changeLots = (
  recall: OpenedCase,
  ids: readonly string[],
  change: (lot: CaseLot, id: string) => CaseLot,
): OpenedCase['lots'] => ({
  ...recall.lots,
  ...Object.fromEntries(ids.flatMap((id) => (recall.lots[id] ? [[id, change(recall.lots[id], id)]] : []))),
});

const open = (event: DecidedOf<typeof RecallOpened>): OpenedCase => ({
  case: event.data.case,
  reason: event.data.reason,
  ...(event.data.class !== undefined && { class: event.data.class }),
  drill: event.data.drill,
  suspects: event.data.suspects,
  status: 'open',
  openedAt: event.eventTime,
  lots: {},
  shipments: [],
  consignees: {},
  notices: [],
  changes: [],
  decisions: [],
});

export const evolve = (recall: RecallCase, event: RecallEvent): RecallCase => {
  if (event.type === 'RecallOpened') return open(event);
  if (!recall) return recall;
  const at = event.eventTime;
  switch (event.type) {
    case 'ScopeChanged': {
      const { addedLots, addedShipments, addedConsignees, because } = event.data;
      return {
        ...recall,
        lots: {
          ...recall.lots,
          ...Object.fromEntries(
            addedLots.map(({ lot, suspect }) => [lot, { suspect, since: at, because, unguarded: [{ from: at }] }]),
          ),
        },
        shipments: [...recall.shipments, ...addedShipments.map((s) => s.shipment)],
        consignees: widenedBy(recall.consignees, addedConsignees),
        changes: [
          ...recall.changes,
          {
            at,
            lots: addedLots.map((l) => l.lot),
            shipments: addedShipments.map((s) => s.shipment),
            consignees: addedConsignees.map((c) => c.party),
            because,
          },
        ],
      };
    }
    case 'ScopeHeld': {
      const position = new Map(event.data.lots.map(({ lot, heldAt }) => [lot, heldAt]));
      return {
        ...recall,
        lots: changeLots(recall, [...position.keys()], (lot, id) => ({
          ...guarded(lot, at),
          held: { position: position.get(id) ?? '', at },
        })),
      };
    }
    case 'LotExcluded': {
      const { lot, reason } = event.data;
      return {
        ...recall,
        lots: changeLots(recall, [lot], (entry) => ({ ...guarded(entry, at), excluded: { reason, at } })),
        decisions: [...recall.decisions, { kind: 'excluded', at, reason, lot }],
      };
    }
    case 'NoticeIssued': {
      const { notice, consignee, inferred, lots } = event.data;
      return { ...recall, notices: [...recall.notices, { notice, consignee, inferred, lots, at }] };
    }
    case 'RecallClosed':
      return {
        ...recall,
        status: 'closed',
        lots: changeLots(recall, Object.keys(recall.lots), (lot) => guarded(lot, at)),
        decisions: [...recall.decisions, { kind: 'closed', at, reason: event.data.reason }],
      };
    case 'RecallHoldsLifted':
      return { ...recall, lots: changeLots(recall, event.data.lots, withoutHold) };
    case 'RecallReopened':
      return {
        ...recall,
        status: 'open',
        // Whatever of the holds is gone by now: each is asked for again, which changes nothing where it still stands.
        lots: changeLots(recall, Object.keys(recall.lots), (lot) => ({
          ...withoutHold(lot),
          ...(!lot.excluded && { unguarded: [...(lot.unguarded ?? []), { from: at }] }),
        })),
        decisions: [...recall.decisions, { kind: 'reopened', at, reason: event.data.reason }],
      };
  }
};

/** @param events of one recall stream, in order. */
export const foldCase = (events: readonly { type: string }[]): RecallCase =>
  (events as readonly RecallEvent[]).reduce<RecallCase>(evolve, undefined);
