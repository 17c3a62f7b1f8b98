import type { RecordedEvent } from '#contracts';

/**
 * What an event is to those who caused it: the name under which a caller asked for it, or the decision that the product took
 * by itself. Two events of one identity are one happening recorded twice.
 */
export const identityOf = (event: RecordedEvent): string => {
  const data = event.data as Record<string, any>;
  switch (event.type) {
    case 'EpcisEventCaptured':
      return `${data.declaration === true ? 'declaration' : 'fact'}:${data.eventId}`;
    case 'LotReceived':
      return `receipt:${data.receipt}`;
    case 'LotHeld':
      return `hold:${data.lot}:${data.holdId}`;
    case 'HoldLifted':
      return `lift:${data.lot}:${data.holdId}`;
    case 'LotReleased':
      return `released:${data.lot}`;
    case 'StockAllocated':
      return `allocation:${data.allocation}`;
    case 'AllocationReleased':
      return `allocation-released:${data.allocation}`;
    case 'StockIssued':
      return `issue:${data.reference}:${data.attempt}`;
    case 'IssueUndone':
      return `issue-undone:${data.reference}:${data.attempt}`;
    case 'StockScrapped':
      return `scrap:${data.scrap}`;
    case 'ShipmentPlanned':
      return `planned:${data.shipment}`;
    case 'ShipmentDispatched':
      return `dispatched:${data.shipment}`;
    case 'DispatchAbandoned':
      return `dispatch-abandoned:${data.shipment}:${data.attempt}`;
    case 'ConsumptionBegun':
      return `begun:${data.transformation}:${data.attempt}`;
    case 'ConsumptionAbandoned':
      return `begun-abandoned:${data.transformation}:${data.attempt}`;
    case 'ConsumptionReturned':
      return `begun-returned:${data.transformation}:${data.attempt}`;
    case 'TransformationRecorded':
      return `transformation:${data.transformation}`;
    case 'RecallOpened':
      return `case:${data.case}`;
    case 'RecallClosed':
      return `case-closed:${data.case}`;
    case 'NoticeIssued':
      return `notice:${data.notice}`;
    case 'ExpiryAlertRaised':
      return `expiry:${JSON.stringify([data.lot, data.date, data.on, data.lead, data.site ?? null])}`;
    default:
      return typeof data.eventId === 'string' ? `fact:${data.eventId}` : `${event.type}:${event.id}`;
  }
};

/** What a stream may hold again and again, each time for a reason of its own. */
const REPEATED: ReadonlySet<string> = new Set(['ScopeChanged', 'ScopeHeld', 'RecallHoldsLifted', 'BookCarriedForward']);

/** A recall holds what it lost again; an issue that was undone may be made again. */
export const mayRepeat = (event: RecordedEvent): boolean => {
  const { holdId } = event.data as { holdId?: string };
  return (
    REPEATED.has(event.type) ||
    (holdId?.startsWith('recall:') ?? false) ||
    ((event.type === 'StockIssued' || event.type === 'IssueUndone') && event.stream.startsWith('stock-'))
  );
};

/**
 * The identities of callers' requests that an event may stand for: one of them must have been sent. Undefined where it is
 * the product's own, which follows from others in the log.
 */
export const askedAs = (event: RecordedEvent): string[] | undefined => {
  const data = event.data as Record<string, any>;
  switch (event.type) {
    case 'StockIssued':
      return String(data.reference).startsWith('order:') ? [`issue:${data.reference}:${data.attempt}`] : undefined;
    case 'LotHeld':
    case 'HoldLifted':
      return String(data.holdId).startsWith('recall:') ? undefined : [identityOf(event)];
    case 'ConsumptionBegun':
      return [`transformation:${data.transformation}`];
    case 'IssueUndone':
    case 'AllocationReleased':
    case 'DispatchAbandoned':
    case 'ConsumptionAbandoned':
    case 'ConsumptionReturned':
    case 'ScopeChanged':
    case 'ScopeHeld':
    case 'RecallHoldsLifted':
    case 'NoticeIssued':
    case 'ExpiryAlertRaised':
    case 'BookCarriedForward':
      return undefined;
    case 'RecallClosed':
      return [`case:${data.case}`];
    default:
      return [identityOf(event)];
  }
};
