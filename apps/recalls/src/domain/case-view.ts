import { instant, type Amount } from '#kernel';
import type {
  Cut,
  Exposure,
  LotDates,
  ReachedPool,
  ReachedUnit,
  TraceDiscrepancy,
  TracedShipment,
} from '#traceability';
import type { CaseLot, CaseNotice, OpenedCase, ScopeChange } from './recall-case.js';
import { located, without, type Located, type Scope, type ScopeLot, type ScopeStock } from './scope.js';

export interface ScopeEntry {
  lot: string;
  suspect: boolean;
  /** False where no fact names it (any more). */
  recorded: boolean;
  /** When it came into scope, and because of which events. */
  since: string;
  because: readonly string[];
  /** Log position and time at which its stock book said that it is held; null until then. */
  held: { position: string; at: string } | null;
  item?: string | null;
  lotCode?: string | null;
  depth?: number;
  made?: readonly Amount[];
  received?: readonly Amount[];
  onHand?: ScopeLot['onHand'];
  dates?: LotDates;
  status?: string;
  exposure?: Exposure;
}

export interface NoticeView extends CaseNotice {
  /** Everything in it was taken out of the case: since when, and why. */
  withdrawn?: { at: string; reason: string };
}

export interface CaseView {
  case: string;
  status: OpenedCase['status'];
  reason: string;
  class?: string;
  drill: boolean;
  openedAt: string;
  suspects: OpenedCase['suspects'];
  /** Those of the suspects that nothing recorded matches: mistyped, or not recorded yet. */
  unknown: OpenedCase['suspects'];
  /** Where the record stood that this was computed from. */
  position: string;
  complete: boolean;
  cuts: readonly Cut[];
  scope: ScopeEntry[];
  /** `held`: our stock book has it; a partner's stock is listed, and no book of ours holds it. */
  stock: (ScopeStock & { held: boolean })[];
  shipments: readonly TracedShipment[];
  consignees: Scope['consignees'];
  notices: NoticeView[];
  /** Shipments that left with a lot while the case was open and covered it, and before its book held it. */
  dispatchedMeanwhile: readonly TracedShipment[];
  /** What the record cannot explain about lots in scope, `shipped-while-held` among it. */
  discrepancies: readonly TraceDiscrepancy[];
  units: readonly ReachedUnit[];
  /** Items at places whose lots are not stated: possibly affected. */
  possiblyAffected: readonly ReachedPool[];
  excluded: { lot: string; reason: string; at: string }[];
  changes: readonly ScopeChange[];
  decisions: OpenedCase['decisions'];
  measures: { timeToTraceMs: number; located: Located[] };
}

const entryOf = (id: string, lot: CaseLot, found: ScopeLot | undefined): ScopeEntry => ({
  lot: id,
  suspect: lot.suspect,
  recorded: found !== undefined,
  since: lot.since,
  because: lot.because,
  held: lot.held ?? null,
  ...(found && {
    item: found.item,
    lotCode: found.lotCode,
    depth: found.depth,
    made: found.made,
    received: found.received,
    onHand: found.onHand,
    dates: found.dates,
    status: found.status,
    ...(found.exposure && { exposure: found.exposure }),
  }),
});

const keyOf = (text: string | undefined): string | undefined =>
  text === undefined ? undefined : (instant(text)?.key ?? text);

const leftMeanwhile = (shipment: TracedShipment, lots: OpenedCase['lots']): boolean => {
  const at = keyOf(shipment.shippedAt);
  if (at === undefined) return false;
  return shipment.lots.some(({ lot }) =>
    lots[lot]?.unguarded?.some(({ from, until }) => {
      const end = keyOf(until);
      return (keyOf(from) ?? '') <= at && (end === undefined || at <= end);
    }),
  );
};

const noticeView = (notice: CaseNotice, lots: OpenedCase['lots']): NoticeView => {
  const exclusions = notice.lots.flatMap(({ lot }) => lots[lot]?.excluded ?? []);
  const last = exclusions.sort((a, b) => (a.at < b.at ? -1 : 1)).at(-1);
  return { ...notice, ...(last !== undefined && exclusions.length === notice.lots.length && { withdrawn: last }) };
};

/** The live answer: what was decided and recorded in the case, over what the record says now. */
export const caseView = (recall: OpenedCase, found: Scope, tookMs: number): CaseView => {
  const excluded = Object.entries(recall.lots).flatMap(([lot, entry]) =>
    entry.excluded ? [{ lot, ...entry.excluded }] : [],
  );
  const scope = without(found, new Set(excluded.map((e) => e.lot)));
  const lots = new Map(scope.lots.map((lot) => [lot.id, lot]));
  return {
    case: recall.case,
    status: recall.status,
    reason: recall.reason,
    ...(recall.class !== undefined && { class: recall.class }),
    drill: recall.drill,
    openedAt: recall.openedAt,
    suspects: recall.suspects,
    unknown: scope.unmatched.flatMap((index) => recall.suspects[index] ?? []),
    position: scope.position,
    complete: scope.complete,
    cuts: scope.cuts,
    scope: Object.entries(recall.lots)
      .filter(([, entry]) => !entry.excluded)
      .map(([id, entry]) => entryOf(id, entry, lots.get(id)))
      .sort((a, b) => (a.depth ?? 0) - (b.depth ?? 0) || (a.lot < b.lot ? -1 : 1)),
    stock: scope.stock.map((row) => ({ ...row, held: row.ours && recall.lots[row.lot]?.held !== undefined })),
    shipments: scope.shipments,
    consignees: scope.consignees,
    notices: recall.notices.map((notice) => noticeView(notice, recall.lots)),
    dispatchedMeanwhile: recall.drill ? [] : scope.shipments.filter((s) => leftMeanwhile(s, recall.lots)),
    discrepancies: scope.discrepancies,
    units: scope.units,
    possiblyAffected: scope.pools,
    excluded,
    changes: recall.changes,
    decisions: recall.decisions,
    measures: { timeToTraceMs: tookMs, located: located(scope) },
  };
};
