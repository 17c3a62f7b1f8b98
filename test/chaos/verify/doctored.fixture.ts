import type { RecordedEvent } from '#contracts';

export type Doctored = [stream: string, type: string, data: object, id?: string];

/** A log as it would be read: positions, revisions and record times follow from the order. */
export const logOf = (...events: readonly Doctored[]): RecordedEvent[] => {
  const revisions = new Map<string, number>();
  return events.map(([stream, type, data, id], index) => {
    const revision = revisions.get(stream) ?? 0;
    revisions.set(stream, revision + 1);
    return {
      ...{
        id: id ?? `event-${index}`,
        type,
        schemaVersion: 1,
        eventTime: '2026-03-01T08:00:00Z',
        data,
        stream,
        revision,
      },
      meta: { source: 'spec', actor: 'spec', correlationId: 'spec' },
      position: String(index + 1).padStart(16, '0'),
      recordTime: new Date(Date.UTC(2026, 2, 1) + index * 1_000).toISOString(),
    };
  });
};

export const at = (index: number): string => String(index).padStart(16, '0');

export const LOT = 'https://id.gs1.org/01/09506000134352/10/L';
export const BOOK = 'stock-https://id.gs1.org/01/09506000134352';
const PLACE = 'https://id.gs1.org/414/9506000100016';
const amount = (value: number) => ({ value: String(value), unit: 'KGM' });
const line = (value: number) => ({ lot: LOT, place: PLACE, amount: amount(value) });

export const received = (value: number): [string, string, object] => [
  BOOK,
  'LotReceived',
  { receipt: 'r', lot: LOT, place: PLACE, amount: amount(value), quarantine: false },
];
export const issued = (reference: string, value: number, knownAt: string): [string, string, object] => [
  BOOK,
  'StockIssued',
  { reference, attempt: 1, lines: [line(value)], knownAt },
];
export const allocated = (allocation: string, value: number, knownAt: string): [string, string, object] => [
  BOOK,
  'StockAllocated',
  { allocation, for: 'x', lines: [line(value)], knownAt },
];
export const undone = (reference: string): [string, string, object] => [
  BOOK,
  'IssueUndone',
  { reference, attempt: 1, reason: 'spec' },
];
export const held = (): [string, string, object] => [
  BOOK,
  'LotHeld',
  { lot: LOT, holdId: 'h', reason: 'doubt', owner: 'quality' },
];
export const lifted = (): [string, string, object] => [BOOK, 'HoldLifted', { lot: LOT, holdId: 'h', reason: 'fine' }];
export const dispatched = (shipment: string, value: number): [string, string, object] => [
  `shipment-${shipment}`,
  'ShipmentDispatched',
  { shipment, attempt: 1, from: PLACE, consignee: 'urn:c', loads: [{ lot: LOT, amount: amount(value) }] },
];
export const scrappedFact = (value: number): [string, string, object] => [
  'fact-urn:f',
  'LotScrapped',
  { eventId: 'urn:f', place: PLACE, goods: [{ lot: LOT, quantity: amount(value) }] },
];
