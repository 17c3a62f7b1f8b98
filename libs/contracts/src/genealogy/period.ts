import { uuidFromName } from '#kernel';
import Type, { type Static } from 'typebox';
import { defineEvent } from '../define-event.js';
import { Id, KnownAt } from '../inventory/fields.js';

const CalendarDay = Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$' });
const Exact = Type.String({ pattern: '^-?\\d+(\\.\\d+)?$', maxLength: 200 });

/** All closed periods are in one stream: whether the next one fits is decided there. */
export const PERIODS_STREAM = 'periods';

/** First and last day, as ISO 8601 writes an interval without a slash: `2026-01-01--2026-01-31`. */
export const periodId = ({ from, to }: { from: string; to: string }): string => `${from}--${to}`;

/** Figures of one item at one site: opening + received + made + arrived + movedIn + adjusted + unexplained − consumed − shipped − movedOut − sold − scrapped = closing. */
export const FrozenFigures = Type.Object(
  {
    /** Absent where nothing recorded says which. */
    item: Type.Optional(Id),
    site: Type.Optional(Id),
    /** IANA name: a day is a day of the site. */
    timeZone: Type.String({ minLength: 1, maxLength: 64 }),
    /** `mass`, `count` …, or `unit:CODE`. */
    dimension: Type.String({ minLength: 1, maxLength: 80 }),
    opening: Exact,
    received: Exact,
    made: Exact,
    arrived: Exact,
    movedIn: Exact,
    adjusted: Exact,
    unexplained: Exact,
    consumed: Exact,
    shipped: Exact,
    movedOut: Exact,
    sold: Exact,
    scrapped: Exact,
    closing: Exact,
    /** What one base unit of the dimension cost as the period was closed. */
    cost: Type.Optional(
      Type.Object(
        { value: Exact, currency: Type.String({ minLength: 1, maxLength: 16 }) },
        { additionalProperties: false },
      ),
    ),
  },
  { additionalProperties: false },
);
export type FrozenFigures = Static<typeof FrozenFigures>;

const row: FrozenFigures = {
  item: 'https://id.gs1.org/01/09506000134352',
  site: 'https://id.gs1.org/414/9506000100016',
  timeZone: 'Europe/Berlin',
  dimension: 'mass',
  ...{ opening: '900', received: '1000', made: '0', arrived: '0', movedIn: '0', adjusted: '-2', unexplained: '0' },
  ...{ consumed: '700', shipped: '300', movedOut: '0', sold: '0', scrapped: '5', closing: '893' },
  cost: { value: '0.42', currency: 'EUR' },
};
const FIGURES = 'a1b5bd52-4f29-8d0c-9d0e-3f6b1d1f1a11';

/** @returns the stream that holds these figures. */
export const frozenFiguresStream = (figures: string): string => `period-figures-${figures}`;

/** @returns the id of one part's event: the same figures are recorded once. */
export const frozenPartId = (figures: string, part: number): string =>
  uuidFromName(`period-figures:${figures}:${part}`);

/** Says nothing by itself: what `PeriodClosed` names counts. In parts, so that no event grows without bound. */
export const PeriodFiguresFrozen = defineEvent({
  type: 'PeriodFiguresFrozen',
  version: 1,
  context: 'genealogy',
  summary: 'Figures of a mass balance, as they stood when a period was to be closed: one part of them.',
  data: Type.Object(
    {
      figures: Type.String({ format: 'uuid' }),
      /** From 0. */
      part: Type.Integer({ minimum: 0 }),
      rows: Type.Array(FrozenFigures, { maxItems: 500 }),
    },
    { additionalProperties: false },
  ),
  sample: { figures: FIGURES, part: 0, rows: [row] },
});

/** Its actor is who closed it. */
export const PeriodClosed = defineEvent({
  type: 'PeriodClosed',
  version: 1,
  context: 'genealogy',
  summary: 'A period was closed: its figures are frozen, and what is learnt later is a correction to them.',
  data: Type.Object(
    {
      period: Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}--\\d{4}-\\d{2}-\\d{2}$' }),
      /** First and last day, both in it, as days of each site. */
      from: CalendarDay,
      to: CalendarDay,
      why: Type.String({ minLength: 1, maxLength: 2000 }),
      /** The frozen figures (`PeriodFiguresFrozen`), how many rows and parts they have, and the SHA-256 of all rows in canonical JSON. */
      figures: Type.String({ format: 'uuid' }),
      rows: Type.Integer({ minimum: 0 }),
      parts: Type.Integer({ minimum: 0 }),
      digest: Type.String({ pattern: '^[0-9a-f]{64}$' }),
      /** Position of the log that the figures were read at: what is recorded after it is a correction. */
      knownAt: KnownAt,
      /** False where events could not be applied as it was closed: figures may lack what they say. */
      complete: Type.Boolean(),
    },
    { additionalProperties: false },
  ),
  sample: {
    period: '2026-01-01--2026-01-31',
    ...{ from: '2026-01-01', to: '2026-01-31', why: 'month end' },
    ...{ figures: FIGURES, rows: 1, parts: 1 },
    digest: '5c7d0f5f1f7f4e55c1bb4a0e1f4b2f7c1f8f7f0c3c0a4b3c9e7a1d2b3c4d5e6f',
    knownAt: '0000000000000412',
    complete: true,
  },
});
