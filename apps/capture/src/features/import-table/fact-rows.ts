import { type EventMeta, itemIdOf, lotIdOf, partyIdOf, placeIdOf } from '#contracts';
import { canonicalJson, instant, type Problem, uuidFromName } from '#kernel';
import type { Reading, UploadColumn, UploadedRow } from '#platform';
import type { NewFact } from '../../domain/new-fact.js';
import { prepareCloudEvent } from '../../domain/prepare-cloud-event.js';

const LOT: readonly UploadColumn[] = [
  { name: 'item', required: true },
  { name: 'lotCode', required: true },
  { name: 'quantity', required: true },
  { name: 'unit', required: true },
  { name: 'place', required: true },
];
const DATES: readonly UploadColumn[] = [
  { name: 'productionDate' },
  { name: 'expiryDate' },
  { name: 'bestBeforeDate' },
  { name: 'retestDate' },
];

/** Which column a member of the fact comes from. */
const COLUMN_OF: Readonly<Record<string, string>> = {
  '/data/goods/0/lot/item': 'item',
  '/data/goods/0/lot/lotCode': 'lotCode',
  '/data/goods/0/quantity/value': 'quantity',
  '/data/goods/0/quantity/unit': 'unit',
  '/data/goods/0/supplierLot': 'supplierLot',
  '/data/goods/0/dates/production': 'productionDate',
  '/data/goods/0/dates/expiry': 'expiryDate',
  '/data/goods/0/dates/bestBefore': 'bestBeforeDate',
  '/data/goods/0/dates/retest': 'retestDate',
  '/data/place': 'place',
  '/data/supplier': 'supplier',
  '/data/references/0/id': 'order',
};

/** A day without a time is that day's noon, in UTC, so that it stays the day that was written. */
const timeOf = (text: string): string => (/^\d{4}-\d{2}-\d{2}$/.test(text) ? `${text}T12:00:00Z` : text);

const given = (values: UploadedRow['values'], names: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(names).flatMap(([member, name]): [string, string][] => {
      const value = values[name];
      return value === undefined ? [] : [[member, value]];
    }),
  );

interface FactTable {
  /** Says who reported it where nothing else does. */
  source: string;
  timeColumn: string;
  columns: readonly UploadColumn[];
  /** What makes two rows the same report, whatever else they say, beside lot and place. */
  idOf: (values: UploadedRow['values']) => string;
}

const readingOf = ({ source, timeColumn, columns, idOf }: FactTable, meta: EventMeta): Reading<NewFact> => ({
  columns,
  read: ({ values }) => {
    const { item = '', lotCode = '', place = '', quantity = '', unit = '' } = values;
    const dates = given(values, {
      production: 'productionDate',
      expiry: 'expiryDate',
      bestBefore: 'bestBeforeDate',
      retest: 'retestDate',
    });
    const lot = lotIdOf({ item, lotCode }).id;
    const name = canonicalJson([source, idOf(values), lot, placeIdOf(place).id]);
    const time = timeOf(values[timeColumn] ?? '');
    const wrong = [...timeProblems(timeColumn, time, values), ...checkDigits(values)];
    const prepared = prepareCloudEvent(
      {
        specversion: '1.0',
        id: `urn:uuid:${uuidFromName(name)}`,
        source,
        type: 'GoodsReceived',
        // What is wrong with the time is said above; the other columns are looked at all the same.
        time: instant(time) ? time : SOME_TIME,
        data: {
          place,
          ...given(values, { supplier: 'supplier' }),
          goods: [
            {
              lot: { item, lotCode },
              quantity: { value: quantity, unit },
              ...given(values, { supplierLot: 'supplierLot' }),
              ...(Object.keys(dates).length > 0 && { dates }),
            },
          ],
          ...(values.order !== undefined && { references: [{ type: 'order', id: values.order }] }),
        },
      },
      meta,
    );
    if ('fact' in prepared && wrong.length === 0) return { value: prepared.fact };
    return { problems: [...wrong, ...('problems' in prepared ? prepared.problems.map(inColumn) : [])] };
  },
  keyOf: ({ eventId }) => eventId,
});

const inColumn = ({ id: _ofTheFact, ...problem }: Problem): Problem => ({
  ...problem,
  field: COLUMN_OF[problem.field ?? ''] ?? '',
});

const SOME_TIME = '2000-01-01T00:00:00Z';

const timeProblems = (column: string, time: string, values: UploadedRow['values']): Problem[] =>
  instant(time)
    ? []
    : [
        {
          code: 'not-a-time',
          message: 'this is no possible day, and no date-time with an offset',
          field: column,
          found: values[column]?.slice(0, 200),
          expected: '2026-03-31 or 2026-03-31T08:15:00+02:00',
        },
      ];

/** A fact is taken with a mistyped number as it stands; a table can be mended before. */
const checkDigits = ({ item, place, supplier }: UploadedRow['values']): Problem[] =>
  [
    { field: 'item', found: item, warning: item === undefined ? undefined : itemIdOf(item).warning },
    { field: 'place', found: place, warning: place === undefined ? undefined : placeIdOf(place).warning },
    { field: 'supplier', found: supplier, warning: supplier === undefined ? undefined : partyIdOf(supplier).warning },
  ].flatMap(({ field, found, warning }) =>
    warning === undefined
      ? []
      : [{ code: 'check-digit', message: warning, field, found: found?.slice(0, 200), expected: 'a valid GS1 key' }],
  );

/** A row is a lot that a receipt brought to a place. */
export const receiptRows = (meta: EventMeta): Reading<NewFact> =>
  readingOf(
    {
      source: 'urn:lotline:table:receipts',
      timeColumn: 'receivedAt',
      columns: [
        { name: 'receipt', required: true },
        { name: 'receivedAt', required: true },
        ...LOT,
        { name: 'supplier', required: true },
        { name: 'supplierLot' },
        { name: 'order' },
        ...DATES,
      ],
      idOf: ({ receipt = '' }) => receipt,
    },
    meta,
  );

/** A row is what lies of a lot at a place when the record begins; once, whatever day is said. */
export const openingStockRows = (meta: EventMeta): Reading<NewFact> =>
  readingOf(
    {
      source: 'urn:lotline:table:opening-stock',
      timeColumn: 'countedOn',
      columns: [{ name: 'countedOn', required: true }, ...LOT, { name: 'supplier' }, { name: 'supplierLot' }, ...DATES],
      idOf: () => '',
    },
    meta,
  );
