import { canonicalId, canonicalJson, contentHash, instant, isRawNumber } from '#kernel';
import { expandTerm } from './context.js';
import { epcisEventType, type EpcisEvent } from './events.js';
import { canonicalBizTransactionType } from './vocabulary/biz-transaction-type.js';
import { canonicalDisposition } from './vocabulary/disposition.js';
import { canonicalErrorReason } from './vocabulary/error-reason.js';
import { canonicalSourceDestinationType } from './vocabulary/source-destination-type.js';
import { canonicalStep } from './vocabulary/biz-step.js';

type Prefixes = Readonly<Record<string, string>>;
type Canonical = (value: unknown, prefixes: Prefixes) => unknown;

const text =
  (canonical: (text: string, prefixes: Prefixes) => string): Canonical =>
  (value, prefixes) =>
    typeof value === 'string' ? canonical(value, prefixes) : anything(value, prefixes);

const id = text((uri) => canonicalId(uri).id);
const time = text((written) => instant(written)?.key ?? written);
const eventRef = text((uri) => canonicalEventId(uri));

/** No list of EPCIS has an order (EPCIS 2.0 section 7.3.1; JSON-LD arrays are sets), so theirs is that of their content. */
const unordered = (items: unknown[]): unknown[] =>
  items.length < 2
    ? items
    : items
        .map((item) => ({ item, key: canonicalJson(item) }))
        .sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))
        .map(({ item }) => item);

const list =
  (item: Canonical): Canonical =>
  (value, prefixes) =>
    Array.isArray(value) ? unordered(value.map((v) => item(v, prefixes))) : item(value, prefixes);

/** As an own member whatever its name. */
const define = (object: Record<string, unknown>, name: string, value: unknown): void => {
  if (name === '__proto__') Object.defineProperty(object, name, { value, enumerable: true });
  else object[name] = value;
};

/** Members by their own rules, all others (extensions) under their whole names. */
const object =
  (members: Readonly<Record<string, Canonical>>): Canonical =>
  (value, prefixes) => {
    if (value === null || typeof value !== 'object' || Array.isArray(value)) return anything(value, prefixes);
    const canonical: Record<string, unknown> = {};
    for (const [name, member] of Object.entries(value)) {
      // An empty list says no more than none.
      if (Array.isArray(member) && member.length === 0) continue;
      const rule = Object.hasOwn(members, name) ? members[name] : undefined;
      if (rule) canonical[name] = rule(member, prefixes);
      else define(canonical, expandTerm(name, prefixes), anything(member, prefixes));
    }
    return canonical;
  };

const anything: Canonical = (value, prefixes) => {
  if (value === null || typeof value !== 'object' || isRawNumber(value)) return value;
  return Array.isArray(value) ? list(anything)(value, prefixes) : object({})(value, prefixes);
};

const place = object({ id });
const quantities = list(object({ epcClass: id }));
const epcs = list(id);
const measurement = text((type, prefixes) =>
  type.includes(':') ? expandTerm(type, prefixes) : expandTerm(`gs1:${type}`),
);

const sensorElement = object({
  sensorMetadata: object({ time, startTime: time, endTime: time, deviceID: id }),
  sensorReport: list(object({ type: measurement, time, deviceID: id })),
});

const event = object({
  type: (value) => epcisEventType(value) ?? value,
  eventTime: time,
  bizStep: text(canonicalStep),
  disposition: text(canonicalDisposition),
  persistentDisposition: object({
    set: list(text(canonicalDisposition)),
    unset: list(text(canonicalDisposition)),
  }),
  readPoint: place,
  bizLocation: place,
  parentID: id,
  epcList: epcs,
  childEPCs: epcs,
  inputEPCList: epcs,
  outputEPCList: epcs,
  quantityList: quantities,
  childQuantityList: quantities,
  inputQuantityList: quantities,
  outputQuantityList: quantities,
  bizTransactionList: list(object({ type: text(canonicalBizTransactionType), bizTransaction: id })),
  sourceList: list(object({ type: text(canonicalSourceDestinationType), source: id })),
  destinationList: list(object({ type: text(canonicalSourceDestinationType), destination: id })),
  sensorElementList: list(sensorElement),
  ilmd: object({}),
  errorDeclaration: object({
    declarationTime: time,
    reason: text(canonicalErrorReason),
    correctiveEventIDs: list(eventRef),
  }),
});

/**
 * The content of an EPCIS event in one form: equal for two events that say the same, whatever their key order, list
 * order, number literals (12000.0 or 12000), time zone of times, CURIE or URI, EPC URN or Digital Link, and the prefixes
 * their documents chose. What the event is called (eventID), when it was recorded and its `@context` are left out.
 * @param prefixes those of its document's `@context`.
 */
export const canonicalEpcisEvent = (original: EpcisEvent, prefixes: Prefixes = {}): unknown => {
  const { eventID: _id, recordTime: _recorded, '@context': _context, ...content } = original;
  return event(content, prefixes);
};

/** What makes two events with one id the same: the hash (SHA-256, hex) of the canonical content. */
export const epcisContentKey = (original: EpcisEvent, prefixes: Prefixes = {}): string =>
  contentHash(canonicalEpcisEvent(original, prefixes));

/** UUIDs are equal whatever the case of their letters (RFC 9562 section 4); any other id is kept as it came. */
export const canonicalEventId = (eventId: string): string =>
  /^urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(eventId) ? eventId.toLowerCase() : eventId;

/**
 * The id of an event: its own in canonical form, else one that follows from its content, so that sending it again names the
 * same event. The form is that of the event hash id (CBV 2.0 section 8.9), the hash is over our canonical form, hence
 * another `ver`. An error declaration without id takes the id of the event it repeats, because the declaration itself
 * does not count.
 */
export const epcisEventId = (original: EpcisEvent, prefixes: Prefixes = {}): string => {
  if (typeof original.eventID === 'string') return canonicalEventId(original.eventID);
  const { errorDeclaration: _, ...content } = original;
  return `ni:///sha-256;${epcisContentKey(content, prefixes)}?ver=Lotline1`;
};
