import { dayText, momentText, OFFSET } from '../calendar.js';
import { THOUSAND } from '../amount.js';
import { lotLink } from '../world/keys.js';
import type { World } from '../world/world.js';
import type { Act, Line } from './act.js';
import { eventId } from './ids.js';

/** An EPCIS 2.0 event in JSON. */
export interface EpcisEvent {
  type: string;
  eventID: string;
  eventTime: string;
  eventTimeZoneOffset: string;
  [member: string]: unknown;
}

const quantities = (world: World, act: Act, lines: readonly Line[]): object[] =>
  lines.map(({ item, code, amount, unit }) => ({
    epcClass: act.id % 2 === 0 ? lotLink(world.items[item]?.gtin ?? '', code) : world.keys.lotUrn(item, code),
    quantity: amount / THOUSAND,
    // Pieces are counted without a unit (EPCIS 2.0 section 7.3.3.3).
    ...(unit !== 'EA' && { uom: unit }),
  }));

const ilmdOf = ({ production, expiry }: Line): object => ({
  ilmd: {
    ...(production !== undefined && { 'cbvmda:productionDate': dayText(production) }),
    ...(expiry !== undefined && { 'cbvmda:itemExpirationDate': dayText(expiry) }),
  },
});

/** Dates of an event belong to all it makes, so only acts whose lots share theirs are told by EPCIS. */
const datesOf = (lines: readonly Line[]): object => {
  const [dated] = lines.filter((line) => line.expiry !== undefined);
  return dated === undefined ? {} : ilmdOf(dated);
};

const objects = (world: World, act: Act): object => ({
  ...(act.units !== undefined && act.units.length > 0 && { epcList: act.units }),
  ...(act.lines.length > 0 && { quantityList: quantities(world, act, act.lines) }),
});

const children = (world: World, act: Act): object => ({
  ...(act.units !== undefined && act.units.length > 0 && { childEPCs: act.units }),
  ...(act.lines.length > 0 && { childQuantityList: quantities(world, act, act.lines) }),
});

const party = (world: World, id: number | undefined): string => world.parties[id ?? -1]?.link ?? '';
const place = (world: World, id: number | undefined): string => {
  const named = world.places[id ?? -1];
  return named?.link ?? '';
};
const gln = (world: World, id: number | undefined): string => world.parties[id ?? -1]?.gln ?? '';

const sources = (world: World, act: Act): object => ({
  sourceList: [
    { type: 'owning_party', source: party(world, act.sender) },
    ...(act.other === undefined ? [] : [{ type: 'location', source: place(world, act.other) }]),
  ],
});
const destinations = (world: World, act: Act, at: number | undefined): object => ({
  destinationList: [
    { type: 'owning_party', destination: party(world, act.consignee) },
    ...(at === undefined ? [] : [{ type: 'location', destination: place(world, at) }]),
  ],
});

/** Business transactions name who gave the number. */
const transactions = (world: World, act: Act): object => {
  const list = [
    ...(act.order === undefined
      ? []
      : [
          {
            type: 'po',
            bizTransaction: `urn:epcglobal:cbv:bt:${gln(world, act.consignee ?? act.sender)}:${act.order}`,
          },
        ]),
    ...(act.shipment === undefined
      ? []
      : [{ type: 'desadv', bizTransaction: `urn:epcglobal:cbv:bt:${gln(world, act.sender)}:${act.shipment}` }]),
  ];
  return list.length === 0 ? {} : { bizTransactionList: list };
};

type Said = Record<string, unknown> & { type: string };

const say = (world: World, act: Act): Said => {
  const here = { id: place(world, act.place) };
  const ours = { readPoint: here, bizLocation: here };
  switch (act.verb) {
    case 'receive':
      return {
        ...{ type: 'ObjectEvent', action: 'ADD', bizStep: 'receiving', disposition: 'in_progress', ...ours },
        ...sources(world, act),
        ...transactions(world, act),
        ...objects(world, act),
        ...datesOf(act.lines),
      };
    case 'inspect':
      return {
        ...{ type: 'ObjectEvent', action: 'OBSERVE', bizStep: 'inspecting', ...ours },
        disposition: act.passed === true ? 'conformant' : 'non_conformant',
        ...objects(world, act),
      };
    case 'move':
      return { type: 'ObjectEvent', action: 'OBSERVE', bizStep: 'storing', ...ours, ...objects(world, act) };
    case 'run': {
      const outputs = act.outputs ?? [];
      return {
        ...{ type: 'TransformationEvent', bizStep: 'commissioning', transformationID: act.run },
        ...{ readPoint: { id: place(world, act.other ?? act.place) }, bizLocation: here },
        ...(act.lines.length > 0 && { inputQuantityList: quantities(world, act, act.lines) }),
        ...(outputs.length > 0 && { outputQuantityList: quantities(world, act, outputs), ...datesOf(outputs) }),
      };
    }
    case 'pack':
      return {
        ...{ type: 'AggregationEvent', action: 'ADD', bizStep: 'packing', parentID: act.unit, ...ours },
        ...children(world, act),
      };
    case 'unpack':
      return {
        ...{ type: 'AggregationEvent', action: 'DELETE', bizStep: 'unpacking', parentID: act.unit, ...ours },
        ...children(world, act),
      };
    case 'ship':
      return {
        ...{ type: 'ObjectEvent', action: 'OBSERVE', bizStep: 'shipping', disposition: 'in_transit', readPoint: here },
        ...sources(world, { ...act, other: act.place }),
        ...destinations(world, act, act.other),
        ...transactions(world, act),
        ...objects(world, act),
      };
    case 'deliver':
      return {
        ...{ type: 'ObjectEvent', action: 'OBSERVE', bizStep: 'receiving', disposition: 'in_progress', ...ours },
        ...sources(world, act),
        ...destinations(world, act, act.place),
        ...transactions(world, act),
        ...objects(world, act),
      };
    case 'return':
      return {
        ...{ type: 'ObjectEvent', action: 'OBSERVE', bizStep: 'receiving', disposition: 'returned', ...ours },
        ...sources(world, act),
        ...objects(world, act),
      };
    case 'count':
      return { type: 'ObjectEvent', action: 'OBSERVE', bizStep: 'cycle_counting', ...ours, ...objects(world, act) };
    case 'scrap':
      return {
        ...{ type: 'ObjectEvent', action: 'DELETE', bizStep: 'destroying', disposition: 'destroyed', ...ours },
        ...objects(world, act),
      };
  }
};

export const epcisEvent = (world: World, act: Act): EpcisEvent => ({
  eventID: eventId(world, act),
  eventTime: momentText(act.at),
  eventTimeZoneOffset: OFFSET,
  ...(act.voidedAt !== undefined && {
    errorDeclaration: { declarationTime: momentText(act.voidedAt), reason: 'incorrect_data' },
  }),
  ...say(world, act),
});
