import Type from 'typebox';
import { defineEvent } from '../define-event.js';
import { Id, KnownAt, StatedAmount } from './fields.js';

const at = {
  lot: 'https://id.gs1.org/01/09506000134352/10/MILK-0419',
  place: 'https://id.gs1.org/414/9506000100016',
};

/** Moves stock: *count*; the whole amount of the lot at the place is as counted. Its act is `count:{count}`. */
export const StockAdjusted = defineEvent({
  type: 'StockAdjusted',
  version: 1,
  context: 'inventory',
  summary: 'The stock of a lot at a place was set to what was counted.',
  data: Type.Object(
    {
      count: Type.String({ minLength: 1, maxLength: 256 }),
      lot: Id,
      place: Id,
      counted: StatedAmount,
      /** What the book believed. */
      expected: StatedAmount,
      reason: Type.String({ minLength: 1, maxLength: 2000 }),
      knownAt: KnownAt,
    },
    { additionalProperties: false },
  ),
  sample: {
    count: 'CC-12',
    ...at,
    counted: { value: '898', unit: 'KGM' },
    expected: { value: '900', unit: 'KGM' },
    reason: 'cycle count',
    knownAt: '0000000000000412',
  },
});

/** Moves stock: *scrap*. Its act is `scrap:{scrap}`. */
export const StockScrapped = defineEvent({
  type: 'StockScrapped',
  version: 1,
  context: 'inventory',
  summary: 'Stock of a lot was scrapped by command.',
  data: Type.Object(
    {
      scrap: Type.String({ minLength: 1, maxLength: 256 }),
      lot: Id,
      place: Id,
      amount: StatedAmount,
      reason: Type.String({ minLength: 1, maxLength: 2000 }),
      knownAt: KnownAt,
    },
    { additionalProperties: false },
  ),
  sample: {
    scrap: 'W-3',
    ...at,
    amount: { value: '2', unit: 'KGM' },
    reason: 'bag torn',
    knownAt: '0000000000000412',
  },
});

/**
 * Moves stock: *observe* at `to` of just this amount from `from`, as `LotMoved` says it of a fact; its act is `move:{move}`. It
 * changes hands with nobody: what goes to another party is a shipment.
 */
export const StockMoved = defineEvent({
  type: 'StockMoved',
  version: 1,
  context: 'inventory',
  summary: 'Stock of a lot was moved to another place by command.',
  data: Type.Object(
    {
      move: Type.String({ minLength: 1, maxLength: 256 }),
      lot: Id,
      from: Id,
      to: Id,
      amount: StatedAmount,
      /** It was held, in quarantine, rejected or recalled, and moved all the same because that was asked for. */
      blocked: Type.Optional(Type.Array(Type.String({ minLength: 1, maxLength: 256 }))),
      reason: Type.Optional(Type.String({ minLength: 1, maxLength: 2000 })),
      knownAt: KnownAt,
    },
    { additionalProperties: false },
  ),
  sample: {
    move: 'M-31',
    lot: at.lot,
    from: at.place,
    to: 'https://id.gs1.org/414/9506000100016/254/COLD-2',
    amount: { value: '300', unit: 'KGM' },
    reason: 'put away',
    knownAt: '0000000000000412',
  },
});
