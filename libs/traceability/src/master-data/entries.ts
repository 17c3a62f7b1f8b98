import type { ItemChanged, ItemDefined, MasterDataCaptured, RecordedEvent, RecordedOf } from '#contracts';
import { canonicalId, instant } from '#kernel';
import { attributeName } from '../interpret/epcis/ilmd.js';
import type { MasterDataEntry } from './master-data.js';

const text = (value: unknown): string | undefined =>
  typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined;

/** CBV 2.0 has the party of a place as an attribute beside those of its master data namespace. */
const PARTY_ATTRIBUTE = /(?:^|[:#/])(?:SDT-)?(owning_party|possessing_party)$/;

const captured = (event: RecordedOf<typeof MasterDataCaptured>): MasterDataEntry[] => {
  const { kind, id, attributes, children, statedAt } = event.data;
  const stated = new Map<string, string>();
  for (const { id: attribute, attribute: value } of attributes) {
    const name = PARTY_ATTRIBUTE.exec(attribute)?.[1] ?? attributeName(attribute, {});
    const said = text(value);
    if (name !== undefined && said !== undefined && !stated.has(name)) stated.set(name, said);
  }
  const first = (...names: string[]): string | undefined =>
    names.map((n) => stated.get(n)).find((v) => v !== undefined);
  const owner = first('owning_party', 'possessing_party', 'informationProvider');
  const party = owner === undefined ? {} : { party: canonicalId(owner).id };
  const name = first('name', 'descriptionShort', 'description', 'tradeItemDescription');
  const timeZone = first('timeZone', 'timezone');
  const common = { id, ...(name !== undefined && { name }) };
  const rank = { at: instant(statedAt)?.key ?? statedAt, by: event.id };
  switch (kind) {
    case 'place':
      return [
        { ...rank, kind, value: { ...common, ...party, ...(timeZone !== undefined && { timeZone }) } },
        ...(children ?? []).map((child): MasterDataEntry => ({
          ...rank,
          kind,
          value: { id: canonicalId(child).id, parent: id },
        })),
      ];
    case 'party':
      return [{ ...rank, kind, value: common }];
    case 'item':
      return [{ ...rank, kind, value: { ...common, ...party } }];
    default:
      return [];
  }
};

const defined = (event: RecordedOf<typeof ItemDefined | typeof ItemChanged>): MasterDataEntry[] => {
  const { item, name, tolerance, kind, shelfLife, baseUnit, cost } = event.data;
  return [
    {
      at: instant(event.eventTime)?.key ?? event.eventTime,
      by: event.id,
      kind: 'item',
      value: {
        ...{ id: canonicalId(item).id, name, kind, baseUnit },
        // A definition is the whole of it: what is not there any more is none.
        ...{ tolerance: tolerance ?? null, shelfLife: shelfLife ?? null, cost: cost ?? null },
      },
    },
  ];
};

const READERS: Readonly<Record<string, (event: never) => MasterDataEntry[]>> = {
  MasterDataCaptured: captured,
  ItemDefined: defined,
  ItemChanged: defined,
};

/** Types of events that state master data. */
export const masterDataTypes: readonly string[] = Object.keys(READERS);

/** What a recorded event states of places, parties and items; [] for events that state nothing of them. */
export const masterDataEntries = (event: RecordedEvent): MasterDataEntry[] =>
  (READERS[event.type] as ((event: RecordedEvent) => MasterDataEntry[]) | undefined)?.(event) ?? [];
