import {
  calendarDay,
  canonicalJson,
  contentHash,
  decimal,
  decimalText,
  instant,
  isDecimal,
  isRawNumber,
} from '#kernel';
import type { NativeFact } from './cloud-event.js';
import { itemIdOf, lotIdOf, partyIdOf, placeIdOf, unitIdOf } from './native-ids.js';
import type { LotRef } from './shapes.js';

const asText =
  (canonical: (text: string) => string) =>
  (value: unknown): unknown =>
    typeof value === 'string' ? canonical(value) : value;

const place = asText((text) => placeIdOf(text).id);
const party = asText((text) => partyIdOf(text).id);
const unit = asText((text) => unitIdOf(text).id);
const day = asText((text) => calendarDay(text) ?? text);
const lot = (value: unknown): unknown => lotIdOf(value as LotRef).id;

/** How each member is brought into one form; what is not named here stays as it is. */
const MEMBERS: Readonly<Record<string, (value: unknown) => unknown>> = {
  lot,
  item: asText((text) => itemIdOf(text).id),
  place,
  from: place,
  to: place,
  supplier: party,
  consignee: party,
  sender: party,
  returnedBy: party,
  // A logistic unit beside a place, a unit of measure within a quantity: a code of measure has at most 3 characters.
  unit: asText((text) => (text.length > 3 ? unitIdOf(text).id : text)),
  units: (value) => sorted((value as unknown[]).map(unit)),
  lots: (value) =>
    sorted((value as unknown[]).map((l) => (typeof l === 'object' && l !== null && 'dates' in l ? plain(l) : lot(l)))),
  value: asText((text) => (isDecimal(text) ? decimalText(decimal(text)) : text)),
  production: day,
  expiry: day,
  bestBefore: day,
  retest: day,
  due: asText((text) => instant(text)?.key ?? text),
  extensions: (value) => value,
};

const sorted = (items: readonly unknown[]): unknown[] =>
  items
    .map((item) => ({ item, key: canonicalJson(item) }))
    .sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))
    .map(({ item }) => item);

const plain = (value: unknown): unknown => {
  if (Array.isArray(value)) return sorted(value.map(plain));
  if (value === null || typeof value !== 'object' || isRawNumber(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => {
      const rule = Object.hasOwn(MEMBERS, name) ? MEMBERS[name] : undefined;
      return [name, rule ? rule(member) : plain(member)];
    }),
  );
};

/**
 * What makes two reports of a native fact with one id the same: type, time and data, whatever the key and list order, id
 * forms (URN, Digital Link, digits, parts) and decimals ("40" or "40.0"). SHA-256, hex.
 */
export const nativeContentKey = ({ type, eventTime, data }: NativeFact): string => {
  const { eventId: _, ...content } = data;
  return contentHash({ type, time: instant(eventTime)?.key ?? eventTime, content: plain(content) });
};
