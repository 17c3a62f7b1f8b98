import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import {
  allKinds,
  eventOf,
  familiesOf,
  type InjectedError,
  play,
  randomOf,
  type Rates,
  reachOf,
  simulate,
  type Simulation,
  type Truth,
  withErrors,
} from '#simulator';
import { missedOf, spoiledBy } from './support/against-the-truth.js';
import {
  differing,
  readsOf,
  toldAccounts,
  toldConsignees,
  toldFamily,
  toldShares,
  toldStock,
  trueAccounts,
  trueConsignees,
  trueExpiry,
  trueFamily,
  trueShares,
  trueStock,
  type Reads,
} from './support/simulated-plant.js';
import { startStandalone, type Standalone } from './support/start-standalone.js';

jest.setTimeout(600_000);
const enc = encodeURIComponent;
const SUSPECTS = 12;
const ERRING = 3;

/** Two plants in one Lotline: one that reports in order, one whose reports come late, twice and in any order. A third errs. */
const PLANTS = [
  { seed: 1, how: 'in order', rates: {} },
  {
    seed: 2,
    how: 'late, twice, overtaken and corrected',
    rates: { late: 0.2, duplicate: 0.2, 'out-of-order': 0.5, corrected: 0.1 },
  },
] as const;

describe('a simulated plant and what the product says of it', () => {
  let lotline: Standalone;
  const simulations = new Map<number, Simulation>();
  let position = '';

  const errors: InjectedError[] = [];

  const tell = async (seed: number, rates: Rates): Promise<InjectedError[]> => {
    const simulation = simulations.get(seed)!;
    const erring = withErrors(simulation, seed, rates);
    const events = [...erring.acts].map((act) => eventOf(simulation.world, act));
    const different = new Set(events.map(({ event }) => JSON.stringify(event))).size;
    expect(different).toBeGreaterThan(800);
    const played = await play(simulation.world, events, { url: lotline.url });
    expect(played.refused).toEqual([]);
    expect([played.recorded, played.duplicates]).toEqual([different, events.length - different]);
    position = played.position;
    return erring.errors();
  };

  beforeAll(async () => {
    const ours = [...PLANTS.map(({ seed }) => seed), ERRING].flatMap((seed) => {
      const simulation = simulate({ seed, size: 'small' });
      simulations.set(seed, simulation);
      const { parties, manufacturer, wholesaler } = simulation.world;
      return [parties[manufacturer]!.link, parties[wholesaler]!.link];
    });
    lotline = await startStandalone({ env: { LOTLINE_OWN_PARTIES: ours.join(',') } });
    for (const { seed, rates } of PLANTS) await tell(seed, rates);
    errors.push(...(await tell(ERRING, allKinds(0.03))));
  });
  afterAll(() => lotline.stop());

  describe.each(PLANTS)('seed $seed, reported $how', ({ seed }) => {
    let truth: Truth;
    let reads: Reads;
    let lots: number[];
    beforeAll(() => {
      ({ truth } = simulations.get(seed)!);
      reads = readsOf(lotline, position);
      lots = Array.from({ length: truth.lots.count }, (_, lot) => lot);
    });

    it('every account of every lot, and its dates', async () => {
      expect(
        await differing(
          lots,
          (lot) => truth.lots.idOf(lot),
          async (lot) => {
            const view = await reads.get(`/genealogy/lots/${enc(truth.lots.idOf(lot))}`);
            return [
              { accounts: toldAccounts(view), expiry: view.dates.expiry },
              { accounts: trueAccounts(truth, lot), expiry: trueExpiry(truth, lot) },
            ];
          },
        ),
      ).toEqual([]);
    });

    it('parents and children with amounts', async () => {
      const families = familiesOf(truth);
      expect(
        await differing(
          lots,
          (lot) => truth.lots.idOf(lot),
          async (lot) => [
            toldFamily(await reads.get('/genealogy/trace', { lot: truth.lots.idOf(lot), depth: '1' })),
            trueFamily(truth, families, lot),
          ],
        ),
      ).toEqual([]);
    });

    it('exposure to six decimals, and who was sent how much', async () => {
      const purchased = lots.filter((lot) => truth.lots.get(lot).supplier !== undefined);
      const suspects = randomOf(seed, 'suspects').shuffled(purchased).slice(0, SUSPECTS);
      expect(
        await differing(
          suspects,
          (lot) => truth.lots.idOf(lot),
          async (lot) => {
            const { lot: start, forward } = await reads.get('/genealogy/trace', {
              lot: truth.lots.idOf(lot),
              direction: 'forward',
            });
            return [
              { shares: toldShares([start, ...forward.lots]), consignees: toldConsignees(forward.consignees) },
              { shares: trueShares(truth, [lot]), consignees: trueConsignees(truth, reachOf(truth, [lot])) },
            ];
          },
        ),
      ).toEqual([]);
      const { body } = await lotline.api('POST', `/genealogy/scope?minPosition=${position}`, {
        body: { suspects: suspects.map((lot) => ({ lot: truth.lots.idOf(lot) })) },
      });
      expect(toldShares(body.lots)).toEqual(trueShares(truth, suspects));
    });

    it('stock of every item, by lot and place', async () => {
      expect(
        await differing(
          truth.world.items.map(({ id }) => id),
          (id) => truth.world.items[id]!.link,
          async (id) => [
            toldStock(await reads.all('/inventory/stock', { item: truth.world.items[id]!.link })),
            trueStock(truth, id),
          ],
        ),
      ).toEqual([]);
    });
  });

  it('every error that can be seen, and nothing else that the record cannot explain', async () => {
    const open = await readsOf(lotline, position).all('/genealogy/discrepancies', { status: 'open' });
    expect(errors.filter(({ detectable }) => detectable).length).toBeGreaterThan(5);
    expect(await missedOf(errors, (lot) => open.filter((d) => d.lot === lot).map(({ kind }) => kind))).toEqual([]);

    const erring = simulations.get(ERRING)!;
    const near = new Set([...spoiledBy(erring, errors).near].map((lot) => erring.truth.lots.idOf(lot)));
    const expected = (lot: string): boolean =>
      near.has(lot) || errors.some(({ shows }) => shows.some((shown) => shown.lot === lot));
    expect(open.filter(({ lot }) => !expected(lot)).map((d) => `${d.kind}: ${d.explanation}`)).toEqual([]);
  });
});
