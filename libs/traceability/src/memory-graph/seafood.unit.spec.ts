import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { resolveLot, scopeOf, trace, type TracedLot } from '../trace/index.js';
import { graphOf } from './graph.js';
import { lots, party, place, seafoodHappenings, seafoodMaster, sscc } from './spec/seafood-file.js';

const happenings = seafoodHappenings();
const master = seafoodMaster();
const graph = graphOf(happenings, master);
const kg = (value: string): { value: string; unit: string } => ({ value, unit: 'KGM' });
const depths = (found: readonly TracedLot[] | undefined): Record<string, number> =>
  Object.fromEntries((found ?? []).map((lot) => [lot.id, lot.depth]));

describe('the seafood chain, as its file tells it', () => {
  it('leads forward from the feed', async () => {
    const answer = await trace({ lot: lots.feed, direction: 'forward' }, graph);
    expect(answer).toMatchObject({ complete: true, cut: null, lot: { id: lots.feed, depth: 0 } });
    expect(depths(answer.forward?.lots)).toEqual({ [lots.farmed]: 1, [lots.commingle]: 2, [lots.cans]: 3 });
    expect(answer.forward?.shipments.map((s) => [s.from, s.consignee, s.departureRecorded, s.lots])).toEqual([
      [
        place('fishfarm.1u'),
        party('processor.1u'),
        true,
        [expect.objectContaining({ lot: lots.farmed, amount: kg('12000') })],
      ],
      [
        place('processor.plant1u'),
        party('importer.1u'),
        true,
        [expect.objectContaining({ lot: lots.cans, amount: kg('5000'), unit: sscc })],
      ],
    ]);
  });

  it('says how much of the feed is in what was made of it, and in what was shipped', async () => {
    const { forward } = await trace({ lot: lots.feed, direction: 'forward' }, graph);
    expect(forward?.lots.map((lot) => lot.exposure?.share)).toEqual([
      expect.closeTo(10 / 11, 12),
      expect.closeTo(60 / 121, 12),
      expect.closeTo(60 / 121, 12),
    ]);
    expect(forward?.lots[2]?.exposure).toMatchObject({ worstCase: kg('5000'), proportional: kg('2479.338843') });
    expect(forward?.shipments[1]?.lots[0]?.exposure?.proportional).toEqual(kg('2479.338843'));
  });

  it('lists who got any of it, by record and by inference', async () => {
    const { forward } = await trace({ lot: lots.feed, direction: 'forward' }, graph);
    expect(
      forward?.consignees.map((c) => [c.party, c.inferred ?? false, c.lots.map((l) => [l.lot, l.amount?.value])]),
    ).toEqual([
      [party('fishfarm.1u'), true, [[lots.feed, '10000']]],
      [party('importer.1u'), false, [[lots.cans, '5000']]],
      [party('importer.1u'), true, [[lots.cans, '5000']]],
      [party('processor.1u'), false, [[lots.farmed, '12000']]],
      [party('processor.1u'), true, [[lots.cans, '5000']]],
    ]);
    expect(forward?.stock).toEqual([
      { lot: lots.commingle, place: place('processor.plant1u'), amount: kg('12124') },
      { lot: lots.cans, place: place('importer.123u'), amount: kg('5000') },
    ]);
  });

  it('leads forward from the fisherman, with the shipment that only its receiver recorded', async () => {
    const { forward } = await trace({ lot: lots.fisherman, direction: 'forward' }, graph);
    expect(depths(forward?.lots)).toEqual({ [lots.commingle]: 1, [lots.cans]: 2 });
    expect(forward?.lots.map((lot) => lot.exposure?.share)).toEqual([
      expect.closeTo(5 / 11, 12),
      expect.closeTo(5 / 11, 12),
    ]);
    expect(forward?.shipments[0]).toMatchObject({
      departureRecorded: false,
      consignee: party('processor.1u'),
      lots: [{ lot: lots.fisherman, amount: kg('9876') }],
    });
  });

  const ALL_BACK = {
    [lots.commingle]: 1,
    [lots.farmed]: 2,
    [lots.fisherman]: 2,
    [lots.feed]: 3,
    [lots.hatchery]: 3,
  };

  it('leads back from the cans to all they come from, with all 17 events', async () => {
    const answer = await trace({ lot: lots.cans, direction: 'back', includeEvents: true }, graph);
    expect(depths(answer.back?.lots)).toEqual(ALL_BACK);
    expect(answer.events).toHaveLength(17);
    expect(new Set(answer.events)).toEqual(new Set(happenings.map((h) => h.id)));
    expect(answer.back?.suppliers.map((s) => s.id)).toEqual(
      ['feedmill.1u', 'fisherman01.1u', 'fishfarm.1u', 'hatchery.1u'].map(party),
    );
    expect(answer.back?.suppliers[0]).toEqual({ id: party('feedmill.1u'), name: 'Feedmill', lots: [lots.feed] });
  });

  it('leads back from the pallet through its contents, with the same 17 events', async () => {
    const answer = await trace({ lot: sscc, direction: 'back', includeEvents: true }, graph);
    expect(answer.lot).toMatchObject({ id: sscc, kind: 'unit' });
    expect(depths(answer.back?.lots)).toEqual({ [lots.cans]: 0, ...ALL_BACK });
    expect(answer.events).toHaveLength(17);
  });

  it('answers both directions in one call, each as if asked alone', async () => {
    const both = await trace({ lot: lots.farmed, direction: 'both' }, graph);
    expect(both.back).toEqual((await trace({ lot: lots.farmed, direction: 'back' }, graph)).back);
    expect(both.forward).toEqual((await trace({ lot: lots.farmed, direction: 'forward' }, graph)).forward);
  });

  it('names the eight discrepancies and no others', async () => {
    const { discrepancies } = await trace({ lot: lots.cans, direction: 'back' }, graph);
    expect(discrepancies.map((d) => [d.kind, d.lot, d.amount?.value])).toEqual(
      expect.arrayContaining([
        ['over-used', lots.fisherman, '124'],
        ['more-out-than-in', lots.farmed, '1000'],
        ['movement-not-recorded', lots.feed, '10000'],
        ['movement-not-recorded', lots.hatchery, '1000'],
        ['movement-not-recorded', lots.cans, '5000'],
        ['movement-not-recorded', lots.cans, '5000'],
        ['dates-contradict', lots.feed, undefined],
        ['dates-contradict', lots.cans, undefined],
      ]),
    );
    expect(discrepancies).toHaveLength(8);
  });

  it('shows lots with their dates and status', async () => {
    const { back } = await trace({ lot: lots.cans, direction: 'back' }, graph);
    const feed = back?.lots.find((lot) => lot.id === lots.feed);
    expect(feed).toMatchObject({
      kind: 'lot',
      item: 'urn:gdst:example.org:product:class:feedmill.1u',
      lotCode: 'ff11252021',
      made: [kg('10000')],
      onHand: [],
      dates: { production: '2022-02-03', expiry: '2022-02-03' },
      status: 'available',
    });
  });

  it('gives a recall of the feed its scope', async () => {
    const scope = await scopeOf([lots.feed, 'urn:nobody:knows'], graph);
    expect(depths(scope.lots)).toEqual({ [lots.feed]: 0, [lots.farmed]: 1, [lots.commingle]: 2, [lots.cans]: 3 });
    expect(scope.unknown).toEqual(['urn:nobody:knows']);
  });

  it('removes nothing where all clocks agree with the flow', async () => {
    const timed = await trace({ lot: lots.feed, direction: 'forward', respectTime: true }, graph);
    expect(timed.forward?.removed).toEqual({ lots: [], transformations: [] });
    expect(depths(timed.forward?.lots)).toEqual({ [lots.farmed]: 1, [lots.commingle]: 2, [lots.cans]: 3 });
  });

  it('gives the same answer in any order of arrival', async () => {
    const expected = await trace({ lot: lots.feed, direction: 'both', includeEvents: true }, graph);
    await fc.assert(
      fc.asyncProperty(fc.shuffledSubarray(happenings, { minLength: happenings.length }), async (shuffled) => {
        const other = graphOf(shuffled, master);
        expect(await trace({ lot: lots.feed, direction: 'both', includeEvents: true }, other)).toEqual(expected);
      }),
      { numRuns: 30 },
    );
  });

  it('shows what was so at an earlier event time', async () => {
    const early = graphOf(happenings, master, { eventTimeTo: '2022-01-23T23:59:59' });
    const { forward } = await trace({ lot: lots.feed, direction: 'forward' }, early);
    expect(depths(forward?.lots)).toEqual({ [lots.farmed]: 1, [lots.commingle]: 2 });
  });

  it('finds a lot by every form of its id', async () => {
    const all = await Promise.all(
      [
        { lot: lots.feed },
        { lot: 'ff11252021' },
        { lot: 'ff11252021', item: 'urn:gdst:example.org:product:class:feedmill.1u' },
      ].map((named) => resolveLot(named, graph)),
    );
    expect(new Set(all)).toEqual(new Set([lots.feed]));
    await expect(resolveLot({ lot: 'v1-0122-2022' }, graph)).rejects.toMatchObject({ code: 'lot-ambiguous' });
    await expect(resolveLot({ lot: 'nothing' }, graph)).rejects.toMatchObject({ code: 'lot-unknown' });
  });
});
