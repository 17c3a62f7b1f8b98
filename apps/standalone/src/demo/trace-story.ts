import { type Client, expectStatus, Trouble } from './client.js';
import { traceTree } from './tree.js';
import { amountText, heading, nameOf, roundedText, table } from './words.js';

/** What the demo reads of a traced lot. */
interface TracedLot {
  id: string;
  depth: number;
  made: { value: string; unit: string }[];
  received?: { value: string; unit: string }[];
  onHand: { place: string; amount: { value: string; unit: string } }[];
  dates: { expiry?: string; bestBefore?: string };
  exposure?: {
    share: number | null;
    proportional: { value: string; unit: string } | null;
    worstCase: { value: string; unit: string } | null;
    why?: string;
  };
}

const about =
  (lots: readonly TracedLot[]) =>
  (id: string): string => {
    const lot = lots.find((l) => l.id === id);
    if (!lot) return '';
    const sum = (what: string, amounts: readonly { value: string; unit: string }[]): string[] =>
      amounts.length > 0 ? [`${what} ${amounts.map(amountText).join(' + ')}`] : [];
    const expiry = lot.dates.expiry ?? lot.dates.bestBefore;
    const facts = [
      ...sum('made', lot.made),
      ...sum('received', lot.received ?? []),
      ...lot.onHand.map((s) => `on hand ${amountText(s.amount)} at ${nameOf(s.place)}`),
      ...(expiry === undefined ? [] : [`expires ${expiry}`]),
    ];
    return facts.length > 0 ? ` · ${facts.join(', ')}` : '';
  };

/** The lot that reaches furthest among those that nothing was made into: what a recall would start from. */
export const chooseLot = async (client: Client, position: string): Promise<string> => {
  const { body } = expectStatus(await client.get('/genealogy/lots', { minPosition: position }), 200);
  let best: { id: string; reach: number } | undefined;
  for (const { id } of body.items as { id: string }[]) {
    const trace = expectStatus(await client.get('/genealogy/trace', { lot: id, direction: 'both' }), 200).body;
    if (trace.back.lots.length > 0) continue;
    const reach = (trace.forward.lots as TracedLot[]).reduce((sum, lot) => sum + lot.depth, 0);
    if (!best || reach > best.reach) best = { id, reach };
  }
  if (!best) throw new Trouble('No lot was captured, so there is nothing to trace.');
  return best.id;
};

/** Both directions as trees, with exposure, shipments and consignees. @returns the end of the chain, deepest first. */
export const tellTrace = async (
  client: Client,
  lot: string,
  position: string,
  say: (text: string) => void,
): Promise<string> => {
  const { body: trace } = expectStatus(
    await client.get('/genealogy/trace', { lot, direction: 'forward', minPosition: position }),
    200,
  );
  const { forward } = trace;
  say(heading(`2. Where did ${nameOf(lot)} go?`));
  say(traceTree(trace.lot.id, forward.transformations, 'forward', about([trace.lot, ...forward.lots])));
  say('\n  How much of it is in each lot:');
  say(
    table(
      (forward.lots as TracedLot[]).map(({ id, exposure }) => [
        nameOf(id),
        exposure?.share == null ? 'unknown' : `${(exposure.share * 100).toFixed(2)} %`,
        `${roundedText(exposure?.proportional)} in proportion`,
        `${amountText(exposure?.worstCase)} in the worst case${exposure?.why ? `; ${exposure.why}` : ''}`,
      ]),
    ),
  );
  say('\n  Shipments:');
  say(
    table(
      forward.shipments.flatMap((shipment: any) =>
        shipment.lots.map((row: any) => [
          (shipment.shippedAt ?? shipment.receivedAt ?? '').slice(0, 10),
          `${amountText(row.amount)} ${nameOf(row.lot)}`,
          `to ${nameOf(shipment.consignee)}`,
          row.unit ? `in ${nameOf(row.unit)}` : shipment.departureRecorded ? '' : 'departure not recorded',
        ]),
      ),
    ),
  );

  const start: TracedLot = trace.lot;
  const end = (forward.lots as TracedLot[]).reduce((a, b) => (b.depth > a.depth ? b : a), start).id;
  const { body: origin } = expectStatus(
    await client.get('/genealogy/trace', { lot: end, direction: 'back', include: 'events' }),
    200,
  );
  say(heading(`3. Where does ${nameOf(end)} come from?`));
  say(traceTree(origin.lot.id, origin.back.transformations, 'back', about([origin.lot, ...origin.back.lots])));
  say(`\n  ${origin.events.length} events prove it.`);
  return end;
};
