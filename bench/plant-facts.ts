import type { RecordedEvent } from '../libs/contracts/src/index.js';
import { uuidFromName } from '../libs/kernel/src/index.js';

const PLACES = Array.from({ length: 8 }, (_, n) => `urn:epc:id:sgln:9521321.${String(10_000 + n)}.0`);
const CUSTOMERS = Array.from({ length: 40 }, (_, n) => `urn:epc:id:pgln:9521987.${String(10_000 + n)}`);
const pick = <T>(list: readonly T[], n: number): T => list[n % list.length] as T;

const raw = (chain: number): string => `urn:epc:class:lgtin:9521321.00000${chain % 5}.R${chain}`;
const made = (chain: number): string => `urn:epc:class:lgtin:9521321.10000${chain % 5}.P${chain}`;
const unit = (chain: number): string => `urn:epc:id:sscc:9521321.${String(chain).padStart(10, '0')}`;

/** The four events of a chain: a lot is made, another is made of it, packed, and shipped. */
const STEPS: readonly ((chain: number) => Record<string, unknown>)[] = [
  (chain) => ({
    ...{ type: 'ObjectEvent', action: 'ADD', bizStep: 'commissioning', bizLocation: { id: pick(PLACES, chain) } },
    quantityList: [{ epcClass: raw(chain), quantity: 500, uom: 'KGM' }],
    ilmd: { 'cbvmda:itemExpirationDate': '2026-12-31' },
  }),
  (chain) => ({
    ...{ type: 'TransformationEvent', bizStep: 'commissioning', bizLocation: { id: pick(PLACES, chain) } },
    // What the chain before left over goes in too, so that lots hang together.
    inputQuantityList: [
      { epcClass: raw(chain), quantity: 400, uom: 'KGM' },
      ...(chain % 10 === 0 ? [] : [{ epcClass: raw(chain - 1), quantity: 100, uom: 'KGM' }]),
    ],
    outputQuantityList: [{ epcClass: made(chain), quantity: 480, uom: 'KGM' }],
  }),
  (chain) => ({
    ...{ type: 'AggregationEvent', action: 'ADD', bizStep: 'packing', bizLocation: { id: pick(PLACES, chain) } },
    parentID: unit(chain),
    childQuantityList: [{ epcClass: made(chain), quantity: 300, uom: 'KGM' }],
  }),
  (chain) => ({
    ...{ type: 'ObjectEvent', action: 'OBSERVE', bizStep: 'shipping', readPoint: { id: pick(PLACES, chain) } },
    epcList: [unit(chain)],
    destinationList: [{ type: 'owning_party', destination: pick(CUSTOMERS, chain) }],
  }),
];

/** How many chains are under way at a time: a step waits for that many others. */
const UNDER_WAY = 50;

/** The nth event of a plant that makes, transforms, packs and ships, as the log would hold it. */
export const recordedEvent = (n: number): RecordedEvent => {
  const block = Math.floor(n / (UNDER_WAY * STEPS.length));
  const inBlock = n % (UNDER_WAY * STEPS.length);
  const chain = block * UNDER_WAY + (inBlock % UNDER_WAY);
  const at = new Date(Date.UTC(2026, 0, 1) + n * 1_000).toISOString();
  const eventId = `urn:bench:event:${n}`;
  const event = {
    ...pick(STEPS, Math.floor(inBlock / UNDER_WAY))(chain),
    ...{ eventID: eventId, eventTime: at, eventTimeZoneOffset: '+00:00' },
  };
  const id = uuidFromName(`fact:${eventId}`);
  return {
    ...{ id, type: 'EpcisEventCaptured', schemaVersion: 1, eventTime: at, recordTime: at, stream: `fact-${eventId}` },
    ...{ revision: 0, position: String(n + 1).padStart(16, '0') },
    meta: { source: 'urn:bench', actor: 'bench', correlationId: 'bench' },
    data: { eventId, declaration: false, event, prefixes: {} },
  };
};
