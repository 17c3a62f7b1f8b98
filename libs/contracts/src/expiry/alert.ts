import { uuidFromName } from '#kernel';
import Type, { type Static } from 'typebox';
import { defineEvent } from '../define-event.js';
import { Id, KnownAt, StatedAmount } from '../inventory/fields.js';

const CalendarDay = Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$' });

/** Which of a lot's dates an alert is about; the production date never comes near. */
export const AlertedDate = Type.Union([
  Type.Literal('expiry'),
  Type.Literal('bestBefore'),
  Type.Literal('retest'),
  Type.Literal('removal'),
]);
export type AlertedDate = Static<typeof AlertedDate>;

/** What an alert is raised for, once: every part of it is in the alert's id. */
export interface AlertCause {
  lot: string;
  date: AlertedDate;
  /** Calendar day. */
  on: string;
  /** Days. */
  lead: number;
  /** Null where nothing recorded says where the lot is. */
  site: string | null;
}

/** @returns the id of the alert's event: a rebuild or another process finds the same one. */
export const expiryAlertId = ({ lot, date, on, lead, site }: AlertCause): string =>
  uuidFromName(`expiry-alert:${JSON.stringify([lot, date, on, lead, site])}`);

/** All alerts of a lot are in one stream, so that they travel in order. */
export const expiryAlertStream = (lot: string): string => `expiry-${lot}`;

/** Moves nothing. Its id is `expiryAlertId` of its cause; amounts are those of the moment it was raised. */
export const ExpiryAlertRaised = defineEvent({
  type: 'ExpiryAlertRaised',
  version: 1,
  context: 'expiry',
  summary: 'A lot that is on hand at a site is so many days or fewer from one of its dates, or past it; told once.',
  data: Type.Object(
    {
      lot: Id,
      item: Type.Optional(Id),
      lotCode: Type.Optional(Type.String({ maxLength: 2048 })),
      date: AlertedDate,
      /** The day itself: on an expiry date the lot is still good. */
      on: CalendarDay,
      /** The date follows from those of the lot's inputs. */
      inherited: Type.Boolean(),
      /** Days ahead that were asked for; 0 also stands for every day after the date. */
      lead: Type.Integer({ minimum: 0, maximum: 3650 }),
      /** Days that were left when it was raised; negative once the date has passed. */
      daysLeft: Type.Integer(),
      /** The root of the places it lies at; absent where nothing recorded says where it is. */
      site: Type.Optional(Id),
      /** IANA name: a day is a day of the site. */
      timeZone: Type.String({ minLength: 1, maxLength: 64 }),
      /** As of the lot: a held or rejected lot is told of too. */
      status: Type.String({ minLength: 1, maxLength: 64 }),
      /** On hand at the site, by place. */
      stock: Type.Array(
        Type.Object({ place: Type.Optional(Id), amount: StatedAmount }, { additionalProperties: false }),
        { minItems: 1 },
      ),
      /** False where events that name the lot could not be applied: date and amounts may be other ones. */
      complete: Type.Boolean(),
      /** Ids of those events, as their reporters gave them. */
      parked: Type.Optional(Type.Array(Type.String({ maxLength: 2048 }), { minItems: 1 })),
      /** Position of the log that date and stock were read at. */
      knownAt: KnownAt,
    },
    { additionalProperties: false },
  ),
  sample: {
    lot: 'https://id.gs1.org/01/09506000134352/10/MILK-0419',
    item: 'https://id.gs1.org/01/09506000134352',
    lotCode: 'MILK-0419',
    date: 'expiry',
    on: '2026-05-10',
    inherited: false,
    lead: 7,
    daysLeft: 7,
    site: 'https://id.gs1.org/414/9506000100016',
    timeZone: 'Europe/Berlin',
    status: 'released',
    stock: [{ place: 'https://id.gs1.org/414/9506000100016', amount: { value: '300', unit: 'KGM' } }],
    complete: true,
    knownAt: '0000000000000412',
  },
});
