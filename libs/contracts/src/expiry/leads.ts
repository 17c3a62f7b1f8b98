import Type from 'typebox';
import { defineEvent } from '../define-event.js';
import { Id } from '../inventory/fields.js';

/** All of them are in one stream. */
export const EXPIRY_LEADS_STREAM = 'expiry-alert-leads';

/** Of an item at a site, of an item wherever it is, or of all items at a site: the first of these that is set counts. */
export const ExpiryLeadsSet = defineEvent({
  type: 'ExpiryLeadsSet',
  version: 1,
  context: 'expiry',
  summary: 'How many days before a date alerts are raised was set for an item, a site, or an item at a site.',
  data: Type.Object(
    {
      item: Type.Optional(Id),
      site: Type.Optional(Id),
      /** The largest first; [] raises none. Absent: it is set no more, and what is set more widely counts. */
      leads: Type.Optional(
        Type.Array(Type.Integer({ minimum: 0, maximum: 3650 }), { maxItems: 50, uniqueItems: true }),
      ),
      why: Type.Optional(Type.String({ minLength: 1, maxLength: 2000 })),
    },
    { additionalProperties: false },
  ),
  sample: {
    item: 'https://id.gs1.org/01/09506000134352',
    site: 'https://id.gs1.org/414/9506000100016',
    leads: [14, 3, 0],
    why: 'sold within two weeks',
  },
});
