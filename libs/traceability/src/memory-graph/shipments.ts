import { amountOf, canonicalId } from '#kernel';
import type { Happening, MasterData } from '../happening.js';
import type { ShipmentLeg } from '../ledger/types.js';
import type { ShipmentNode } from '../trace/graph.js';
import { addTo, compareText, groupBy } from '../trace/grouping.js';
import { utc } from '../trace/told-time.js';

const first = (keys: readonly (string | undefined)[]): string | undefined =>
  keys.filter((key) => key !== undefined).sort()[0];

/** Where an id names a place, the place; a party that goods were shipped to is their consignee, not their place. */
const placeOnly = (to: string | null, consignee: string | null): string | null =>
  to === null || to === consignee || canonicalId(to).kind === 'party' ? null : to;

/** The event a leg is known by: its departure, else its arrival. */
export const actOf = (leg: ShipmentLeg): string => leg.departure ?? leg.arrivals[0]?.event ?? leg.id;

/**
 * Puts the legs of single lots together into the shipments they travelled with: what left by one departure to one
 * destination, or arrived by one receiving without a departure.
 */
export const shipmentNodes = (legs: readonly { lot: string; leg: ShipmentLeg }[]): ShipmentNode[] => {
  const groups = groupBy(legs, ({ leg }) => [actOf(leg), leg.consignee ?? '', leg.to ?? ''].join('\n'));
  const perAct = new Map<string, string[]>();
  for (const [key, [first]] of groups) if (first !== undefined) addTo(perAct, actOf(first.leg), key);
  return [...groups].flatMap(([key, rows]): ShipmentNode[] => {
    const [head] = rows;
    if (head === undefined) return [];
    const { leg } = head;
    const act = actOf(leg);
    const among = perAct.get(act) ?? [];
    const shippedAt = first(rows.map((r) => r.leg.shippedAt));
    const receivedAt = first(rows.map((r) => r.leg.receivedAt));
    const consignee = leg.consignee ?? null;
    return [
      {
        // One act may go to several destinations; then each has a number of its own.
        id: among.length === 1 ? act : `${act}#${among.sort().indexOf(key) + 1}`,
        // A departure that nobody recorded is from whom the receiver names; where the goods were is the record's guess.
        from: leg.departureRecorded ? leg.from : (leg.fromParty ?? leg.from),
        to: placeOnly(leg.to, consignee),
        sender: leg.fromParty ?? null,
        consignee,
        ...(shippedAt !== undefined && { shippedAt: utc(shippedAt) }),
        departureRecorded: leg.departureRecorded,
        ...(receivedAt !== undefined && { receivedAt: utc(receivedAt) }),
        lots: rows
          .map(({ lot, leg: row }) => ({
            lot,
            amount: amountOf(row.value, row.dimension),
            ...(row.unit !== undefined && { unit: row.unit }),
          }))
          .sort((a, b) => compareText(`${a.lot} ${a.unit ?? ''}`, `${b.lot} ${b.unit ?? ''}`)),
        events: [...new Set(rows.flatMap((r) => r.leg.events))],
      },
    ];
  });
};

/** A shipment of a unit of which nobody recorded what it holds. */
export const unknownShipment = (unit: string, h: Happening, master: MasterData): ShipmentNode => {
  const from = h.readPoint ?? h.bizLocation;
  const to = h.destination?.location;
  const ownerOf = (place: string | undefined): string | undefined =>
    place === undefined ? undefined : master.place(place)?.party;
  return {
    id: h.id,
    from: from ?? null,
    to: to ?? null,
    sender: h.source?.owning ?? h.source?.possessing ?? ownerOf(from) ?? null,
    consignee: h.destination?.owning ?? h.destination?.possessing ?? ownerOf(to) ?? null,
    shippedAt: utc(h.time.key),
    departureRecorded: true,
    lots: [{ lot: unit, amount: null, unit }],
    events: [h.id],
  };
};
