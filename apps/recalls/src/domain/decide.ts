import {
  decided,
  LotExcluded,
  NoticeIssued,
  RecallClosed,
  RecallHoldsLifted,
  RecallOpened,
  RecallReopened,
  ScopeChanged,
  ScopeHeld,
  type DataOf,
} from '#contracts';
import { LotlineError, canonicalJson, notFound, refused, type Decider } from '#kernel';
import {
  consigneeKey,
  evolve,
  recallHold,
  type NoticeLots,
  type OpenedCase,
  type RecallCase,
  type RecallEvent,
} from './recall-case.js';

/** What a case covers as the record has it now; each entry with the events that brought it. */
export interface FoundScope {
  position: string;
  lots: readonly { lot: string; suspect: boolean; because: readonly string[] }[];
  shipments: readonly { shipment: string; consignee: string | null; because: readonly string[] }[];
  consignees: readonly { party: string; inferred: boolean; lots: readonly string[]; because: readonly string[] }[];
}

export interface DueNotice {
  consignee: string;
  inferred: boolean;
  lots: NoticeLots;
}

export type RecallCommand = { now: string } & (
  | { type: 'open'; opening: DataOf<typeof RecallOpened> }
  | { type: 'widen'; found: FoundScope }
  | { type: 'note-held'; lots: readonly { lot: string; heldAt: string }[] }
  | { type: 'note-lifted'; lots: readonly string[] }
  | { type: 'exclude'; lot: string; reason: string }
  | { type: 'notify'; due: readonly DueNotice[] }
  | { type: 'close'; reason: string }
  | { type: 'reopen'; reason: string }
);

type Of<Type extends RecallCommand['type']> = Extract<RecallCommand, { type: Type }>;

const open = ({ opening, now }: Of<'open'>, recall: RecallCase): RecallEvent[] => {
  if (!recall) return [decided(RecallOpened, now, opening)];
  const { case: id, reason, class: recallClass, drill, suspects } = recall;
  if (canonicalJson({ case: id, reason, class: recallClass, drill, suspects }) === canonicalJson(opening)) return [];
  throw new LotlineError('conflict', 'case-exists', `case ${id} was opened otherwise`);
};

/** Adds what is new to the case; what it covers already is not said again, and nothing is taken away. */
const widen = ({ found, now }: Of<'widen'>, recall: OpenedCase): RecallEvent[] => {
  if (recall.status !== 'open') return [];
  const lots = found.lots.filter(({ lot }) => recall.lots[lot] === undefined);
  const before = new Set(recall.shipments);
  const shipments = found.shipments.filter(({ shipment }) => !before.has(shipment));
  const consignees = found.consignees.flatMap((c) => {
    const known = recall.consignees[consigneeKey(c)];
    const lots = c.lots.filter((lot) => known?.lots?.includes(lot) !== true);
    return known === undefined || lots.length > 0 ? [{ ...c, lots }] : [];
  });
  if (lots.length + shipments.length + consignees.length === 0) return [];
  const because = [...new Set([...lots, ...shipments, ...consignees].flatMap((added) => added.because))].sort();
  return [
    decided(ScopeChanged, now, {
      case: recall.case,
      addedLots: lots.map(({ lot, suspect }) => ({ lot, suspect })),
      addedShipments: shipments.map(({ shipment, consignee }) => ({
        shipment,
        ...(consignee !== null && { consignee }),
      })),
      addedConsignees: consignees.map(({ party, inferred, lots: got }) => ({ party, inferred, lots: [...got] })),
      because,
      knownAt: found.position,
    }),
  ];
};

const noteHeld = ({ lots, now }: Of<'note-held'>, recall: OpenedCase): RecallEvent[] => {
  const fresh = lots.filter(({ lot }) => recall.lots[lot] !== undefined && recall.lots[lot].held === undefined);
  return fresh.length === 0
    ? []
    : [decided(ScopeHeld, now, { case: recall.case, holdId: recallHold(recall.case), lots: fresh })];
};

const noteLifted = ({ lots, now }: Of<'note-lifted'>, recall: OpenedCase): RecallEvent[] => {
  const gone = lots.filter((lot) => recall.lots[lot]?.held !== undefined);
  return gone.length === 0
    ? []
    : [decided(RecallHoldsLifted, now, { case: recall.case, holdId: recallHold(recall.case), lots: gone })];
};

const exclude = ({ lot, reason, now }: Of<'exclude'>, recall: OpenedCase): RecallEvent[] => {
  const entry = recall.lots[lot];
  if (!entry) throw notFound('lot-not-in-scope', `lot ${lot} is not in the scope of case ${recall.case}`);
  if (entry.excluded) return [];
  requireOpen(recall);
  return [decided(LotExcluded, now, { case: recall.case, lot, reason })];
};

/** One notice a consignee, and another only when there is something else to tell. */
const notify = ({ due, now }: Of<'notify'>, recall: OpenedCase): RecallEvent[] => {
  if (recall.status !== 'open' || recall.drill) return [];
  return due
    .filter(({ consignee, inferred, lots }) => {
      const last = recall.notices.findLast((n) => n.consignee === consignee && n.inferred === inferred);
      return lots.length > 0 && (last === undefined || canonicalJson(last.lots) !== canonicalJson(lots));
    })
    .map(({ consignee, inferred, lots }, index) =>
      decided(NoticeIssued, now, {
        notice: `${recall.case}-${recall.notices.length + index + 1}`,
        case: recall.case,
        consignee,
        inferred,
        lots,
      }),
    );
};

const requireOpen = (recall: OpenedCase): void => {
  if (recall.status !== 'open')
    throw refused('case-closed', `case ${recall.case} is closed`, [
      { code: 'case-closed', message: 'open it again first', id: recall.case },
    ]);
};

const decide = (command: RecallCommand, recall: RecallCase): RecallEvent[] => {
  if (command.type === 'open') return open(command, recall);
  if (!recall) throw notFound('case-unknown', 'there is no such case');
  switch (command.type) {
    case 'widen':
      return widen(command, recall);
    case 'note-held':
      return noteHeld(command, recall);
    case 'note-lifted':
      return noteLifted(command, recall);
    case 'exclude':
      return exclude(command, recall);
    case 'notify':
      return notify(command, recall);
    case 'close':
      return recall.status === 'closed'
        ? []
        : [decided(RecallClosed, command.now, { case: recall.case, reason: command.reason })];
    case 'reopen':
      return recall.status === 'open'
        ? []
        : [decided(RecallReopened, command.now, { case: recall.case, reason: command.reason })];
  }
};

export const recallDecider: Decider<RecallCase, RecallCommand, RecallEvent> = {
  initialState: () => undefined,
  decide,
  evolve,
};
