import Type from 'typebox';
import { defineEvent } from '../define-event.js';
import { Day, KnownAt, LookedAt, LotAtPlace } from './fields.js';

const taken = {
  lot: 'https://id.gs1.org/01/09506000134352/10/MILK-0419',
  place: 'https://id.gs1.org/414/9506000100016',
  amount: { value: '300', unit: 'KGM' },
};

/** Moves nothing: a commitment of the stock book. */
export const StockAllocated = defineEvent({
  type: 'StockAllocated',
  version: 1,
  context: 'inventory',
  summary: 'Stock was promised to somebody; nobody else gets it until it is issued or released.',
  data: Type.Object(
    {
      allocation: Type.String({ minLength: 1, maxLength: 256 }),
      /** Whom it is for: `shipment:ID`, `run:ID`, an order. */
      for: Type.String({ minLength: 1, maxLength: 256 }),
      lines: Type.Array(LotAtPlace, { minItems: 1 }),
      /** FEFO: each lot had to be unexpired on this day. */
      neededOn: Type.Optional(Day),
      /** How the lots were chosen, lot by lot, in the order they were looked at. */
      explained: Type.Optional(Type.Array(LookedAt)),
      /** How many more lots were passed over than `explained` has. */
      passedOverBesides: Type.Optional(Type.Integer({ minimum: 1 })),
      knownAt: KnownAt,
    },
    { additionalProperties: false },
  ),
  sample: {
    allocation: 'A-17',
    for: 'shipment:S-1',
    lines: [taken],
    neededOn: '2026-04-20',
    explained: [
      {
        lot: 'https://id.gs1.org/01/09506000134352/10/MILK-0412',
        place: taken.place,
        why: 'use by 2026-04-22; 2 days left of it on 2026-04-20, 7 asked',
        line: 0,
        outcome: 'passed-over',
        code: 'life-too-short',
      },
      {
        lot: taken.lot,
        place: taken.place,
        why: 'use by 2026-05-10; 900 available; 20 days left, 7 asked',
        line: 0,
        outcome: 'taken',
        amount: taken.amount,
      },
    ],
    knownAt: '0000000000000412',
  },
});

/** Moves nothing. */
export const AllocationReleased = defineEvent({
  type: 'AllocationReleased',
  version: 1,
  context: 'inventory',
  summary: 'An allocation, or what was left of it, was given back.',
  data: Type.Object(
    {
      allocation: Type.String({ minLength: 1, maxLength: 256 }),
      reason: Type.Optional(Type.String({ maxLength: 2000 })),
    },
    { additionalProperties: false },
  ),
  sample: { allocation: 'A-17', reason: 'order cancelled' },
});

/**
 * Moves nothing by itself: the movement is told by the act it is for (`ShipmentDispatched` of `shipment:ID`, the
 * transformation of `run:ID`). Until that act is known, the book counts it as gone.
 */
export const StockIssued = defineEvent({
  type: 'StockIssued',
  version: 1,
  context: 'inventory',
  summary: 'Stock was given out for a shipment or a run, once per reference.',
  data: Type.Object(
    {
      /** The act: `shipment:ID`, `run:ID`. A fact or act that carries it confirms the issue. */
      reference: Type.String({ minLength: 1, maxLength: 256 }),
      /** Counts tries of the act, so that a late undo of an earlier one undoes nothing. */
      attempt: Type.Integer({ minimum: 1 }),
      lines: Type.Array(LotAtPlace, { minItems: 1 }),
      /** Allocations it uses up. */
      allocations: Type.Optional(Type.Array(Type.String({ minLength: 1, maxLength: 256 }))),
      knownAt: KnownAt,
    },
    { additionalProperties: false },
  ),
  sample: { reference: 'shipment:S-1', attempt: 1, lines: [taken], allocations: ['A-17'], knownAt: '0000000000000412' },
});

/** Moves nothing. */
export const IssueUndone = defineEvent({
  type: 'IssueUndone',
  version: 1,
  context: 'inventory',
  summary: 'An issue was undone because its act did not happen.',
  data: Type.Object(
    {
      reference: Type.String({ minLength: 1, maxLength: 256 }),
      attempt: Type.Integer({ minimum: 1 }),
      reason: Type.String({ minLength: 1, maxLength: 2000 }),
    },
    { additionalProperties: false },
  ),
  sample: { reference: 'shipment:S-1', attempt: 1, reason: 'the dispatch was not recorded' },
});
