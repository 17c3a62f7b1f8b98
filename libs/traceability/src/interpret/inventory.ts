import type {
  HoldLifted,
  InspectionRecorded,
  LotDatesChanged,
  LotHeld,
  LotReceived,
  LotRejected,
  LotReleased,
  RecordedEvent,
  RecordedOf,
  StockAdjusted,
  StockMoved,
  StockScrapped,
} from '#contracts';
import type { Happening } from '../happening.js';
import { base } from './base.js';
import { datesOf } from './dates.js';
import { canonical, thing } from './thing.js';

const about = (event: RecordedEvent, verb: Happening['verb'], lot: string): Happening => ({
  ...base(event),
  verb,
  things: [thing(lot)],
  commanded: true,
});

export const lotReceived = (event: RecordedOf<typeof LotReceived>): Happening[] => {
  const { data } = event;
  const lot = {
    ...thing(data.lot, data.amount),
    ...(data.supplierLot !== undefined && { supplierLot: data.supplierLot }),
  };
  if (lot.item === undefined && data.item !== undefined) lot.item = canonical(data.item);
  if (lot.lotCode === undefined && data.lotCode !== undefined) lot.lotCode = data.lotCode;
  const dates = datesOf(data.dates ?? {});
  return [
    {
      ...base(event),
      verb: 'receive',
      step: 'receiving',
      bizLocation: canonical(data.place),
      ...(data.supplier !== undefined && { source: { owning: canonical(data.supplier) } }),
      things: [lot],
      ...(Object.keys(dates).length > 0 && { dates: { [lot.id]: dates } }),
      ...(data.quarantine && { quality: 'quarantine' as const }),
      act: `receipt:${data.receipt}`,
      commanded: true,
    },
  ];
};

export const lotHeld = (event: RecordedOf<typeof LotHeld>): Happening[] => [
  {
    ...about(event, 'hold', event.data.lot),
    hold: { holdId: event.data.holdId, reason: event.data.reason, owner: event.data.owner },
  },
];

export const holdLifted = (event: RecordedOf<typeof HoldLifted>): Happening[] => [
  { ...about(event, 'lift', event.data.lot), hold: { holdId: event.data.holdId, reason: event.data.reason } },
];

export const lotReleased = (event: RecordedOf<typeof LotReleased>): Happening[] => [
  { ...about(event, 'note', event.data.lot), quality: 'released' },
];

export const lotRejected = (event: RecordedOf<typeof LotRejected>): Happening[] => [
  { ...about(event, 'note', event.data.lot), quality: 'rejected' },
];

export const inspectionRecorded = (event: RecordedOf<typeof InspectionRecorded>): Happening[] => [
  {
    ...about(event, 'note', event.data.lot),
    inspection: {
      ...{ inspection: event.data.inspection, result: event.data.result },
      ...(event.data.characteristic !== undefined && { characteristic: event.data.characteristic }),
    },
  },
];

export const lotDatesChanged = (event: RecordedOf<typeof LotDatesChanged>): Happening[] => {
  const happening = about(event, 'dates', event.data.lot);
  const lot = happening.things[0]?.id ?? event.data.lot;
  return [{ ...happening, dates: { [lot]: datesOf(event.data.dates) } }];
};

export const stockAdjusted = (event: RecordedOf<typeof StockAdjusted>): Happening[] => [
  {
    ...base(event),
    verb: 'count',
    bizLocation: canonical(event.data.place),
    things: [thing(event.data.lot, event.data.counted)],
    act: `count:${event.data.count}`,
    commanded: true,
  },
];

export const stockScrapped = (event: RecordedOf<typeof StockScrapped>): Happening[] => [
  {
    ...base(event),
    verb: 'scrap',
    bizLocation: canonical(event.data.place),
    things: [thing(event.data.lot, event.data.amount)],
    act: `scrap:${event.data.scrap}`,
    commanded: true,
  },
];

/** Just this amount, from there to here. */
export const stockMoved = (event: RecordedOf<typeof StockMoved>): Happening[] => [
  {
    ...base(event),
    verb: 'observe',
    bizLocation: canonical(event.data.to),
    source: { location: canonical(event.data.from) },
    things: [thing(event.data.lot, event.data.amount)],
    act: `move:${event.data.move}`,
    commanded: true,
  },
];
