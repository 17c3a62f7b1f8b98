import { decimalText } from '../amount.js';
import { dayText, momentText } from '../calendar.js';
import { lotLink } from '../world/keys.js';
import type { World } from '../world/world.js';
import type { Act, Line } from './act.js';
import { eventId, sourceOf } from './ids.js';

/** A CloudEvent 1.0 in structured JSON. */
export interface NativeEvent {
  specversion: '1.0';
  id: string;
  source: string;
  type: string;
  time: string;
  data: object;
}

interface NativeWriter {
  world: World;
  act: Act;
  place: (id: number | undefined) => string | undefined;
  party: (id: number | undefined) => string | undefined;
}

/** Reporters name lots in different ways; one act keeps to one. */
const lotOf = ({ world, act }: NativeWriter, { item, code }: Line): unknown => {
  const gtin = world.items[item]?.gtin ?? '';
  switch (act.id % 3) {
    case 0:
      return { item: gtin, lotCode: code };
    case 1:
      return lotLink(gtin, code);
    default:
      return world.keys.lotUrn(item, code);
  }
};

const datesOf = ({ production, expiry }: Line): { dates?: object } =>
  production === undefined && expiry === undefined
    ? {}
    : {
        dates: {
          ...(production !== undefined && { production: dayText(production) }),
          ...(expiry !== undefined && { expiry: dayText(expiry) }),
        },
      };

const goodsOf = (writer: NativeWriter, lines: readonly Line[]): object[] =>
  lines.map((line) => ({
    lot: lotOf(writer, line),
    quantity: { value: decimalText(line.amount), unit: line.unit },
    ...(line.supplierLot !== undefined && { supplierLot: line.supplierLot }),
    ...(line.role !== undefined && { kind: line.role }),
    ...datesOf(line),
  }));

const carried = (writer: NativeWriter): object => {
  const { lines, units } = writer.act;
  return {
    ...(lines.length > 0 && { goods: goodsOf(writer, lines) }),
    ...(units !== undefined && units.length > 0 && { units }),
  };
};

const stated = (members: Record<string, string | undefined>): Record<string, string> => {
  const kept: Record<string, string> = {};
  for (const name in members) {
    const value = members[name];
    if (value !== undefined) kept[name] = value;
  }
  return kept;
};

type Said = readonly [type: string, data: object];

/** What can be said natively of each verb; inspections and counts cannot, and are always EPCIS. */
const say = (writer: NativeWriter): Said => {
  const { act, place, party } = writer;
  const { shipment, reason } = act;
  switch (act.verb) {
    case 'receive':
      return [
        'GoodsReceived',
        { place: place(act.place), ...stated({ supplier: party(act.sender) }), ...carried(writer) },
      ];
    case 'move':
      return ['LotMoved', { ...stated({ from: place(act.other), to: place(act.place) }), ...carried(writer) }];
    case 'run':
      return [
        'ProductionRecorded',
        {
          ...stated({ place: place(act.place), runId: act.run, kind: act.runKind }),
          inputs: goodsOf(writer, act.lines),
          outputs: goodsOf(writer, act.outputs ?? []),
        },
      ];
    case 'pack':
      return ['UnitPacked', { ...stated({ unit: act.unit, place: place(act.place) }), ...carried(writer) }];
    case 'unpack':
      return ['UnitUnpacked', { ...stated({ unit: act.unit, place: place(act.place) }), ...carried(writer) }];
    case 'ship':
      return [
        'GoodsShipped',
        {
          ...stated({
            from: place(act.place),
            to: place(act.other),
            consignee: party(act.consignee),
            shipmentId: shipment,
          }),
          ...(act.due !== undefined && { due: momentText(act.due) }),
          ...carried(writer),
        },
      ];
    case 'deliver':
      return [
        'GoodsDelivered',
        {
          ...stated({ place: place(act.place), from: place(act.other), sender: party(act.sender) }),
          ...stated({ consignee: party(act.consignee), shipmentId: shipment }),
          ...carried(writer),
        },
      ];
    case 'return':
      return [
        'GoodsReturned',
        {
          ...stated({ place: place(act.place), returnedBy: party(act.sender), from: place(act.other), reason }),
          ...carried(writer),
        },
      ];
    case 'scrap':
      return ['LotScrapped', { ...stated({ place: place(act.place), reason }), ...carried(writer) }];
    case 'inspect':
    case 'count':
      throw new TypeError(`no native fact says ${act.verb}`);
  }
};

export const nativeEvent = (world: World, act: Act): NativeEvent => {
  const place = (id: number | undefined): string | undefined =>
    id === undefined ? undefined : act.id % 2 === 0 ? world.places[id]?.link : world.places[id]?.urn;
  const party = (id: number | undefined): string | undefined =>
    id === undefined ? undefined : act.id % 2 === 0 ? world.parties[id]?.gln : world.parties[id]?.link;
  const id = eventId(world, act);
  const envelope = { specversion: '1.0' as const, source: sourceOf(act) };
  if (act.voidedAt !== undefined)
    return {
      ...envelope,
      ...{ id: `${id}-void`, type: 'FactVoided', time: momentText(act.voidedAt) },
      data: { voids: id, reason: 'entered wrongly' },
    };
  const [type, data] = say({ world, act, place, party });
  return {
    ...envelope,
    ...{ id, type, time: momentText(act.at) },
    data: { ...data, ...(act.order !== undefined && { references: [{ type: 'order', id: act.order }] }) },
  };
};
