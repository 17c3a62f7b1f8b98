import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readCloudEvent, validateEpcisEvent } from '#contracts';
import { parseLossless, withPlainNumbers } from '#kernel';
import { eventOf } from './event.js';
import { simulate, type Simulation } from './simulate.js';
import { reachOf } from './truth/exposure.js';
import { familiesOf } from './truth/family.js';
import { accountName, ADJUSTED, at, CONSUMED, MADE } from './truth/accounts.js';

const seeds = fc.integer({ min: 0, max: 1_000_000 });
const RUNS = { numRuns: 8, seed: Number(process.env.LOTLINE_SEED ?? 20260105) };

const runThrough = (simulation: Simulation): string[] =>
  [...simulation.acts].map((act) => JSON.stringify(eventOf(simulation.world, act)));

describe('a simulated plant', () => {
  it('is the same for the same seed, and another for another', () => {
    const of = (seed: number): string[] => runThrough(simulate({ seed, size: 'small', days: 10 }));
    expect(of(5)).toEqual(of(5));
    expect(of(5)).not.toEqual(of(6));
  });

  it('says nothing that the capture door refuses, whatever the seed', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const simulation = simulate({ seed, size: 'small' });
        const ids = new Set<string>();
        let count = 0;
        for (const act of simulation.acts) {
          const { form, event } = eventOf(simulation.world, act);
          const sent = parseLossless(JSON.stringify(event));
          const read =
            form === 'native' ? readCloudEvent(sent) : { problems: validateEpcisEvent(withPlainNumbers(sent)) };
          expect('problems' in read ? read.problems : []).toEqual([]);
          ids.add(form === 'native' ? event.id : event.eventID);
          count += 1;
        }
        expect(ids.size).toBe(count);
        expect(count).toBeGreaterThan(400);
      }),
      RUNS,
    );
  });

  it('has no two acts at one moment, and none before the one told before', () => {
    let last = 0;
    for (const act of simulate({ seed: 3, size: 'small' }).acts) {
      expect(act.at).toBeGreaterThan(last);
      last = act.at;
    }
  });

  it('does all that a plant does', () => {
    const simulation = simulate({ seed: 4, size: 'medium', days: 12 });
    const verbs = new Set<string>();
    for (const act of simulation.acts) verbs.add(act.verb);
    const { runs } = simulation.truth;
    const kinds = new Set(Array.from({ length: runs.count }, (_, run) => runs.get(run).kind));
    expect([...verbs].sort()).toEqual(
      ['count', 'deliver', 'inspect', 'move', 'pack', 'receive', 'return', 'run', 'scrap', 'ship', 'unpack'].sort(),
    );
    expect([...kinds].sort()).toEqual(['merge', 'production', 'relabel', 'rework', 'split']);
    expect(simulation.world.lines.some(({ steps }) => steps.length >= 3)).toBe(true);
  });
});

it('works goods in again, into lots that they come from', () => {
  const simulation = simulate({ seed: 2, size: 'small' });
  runThrough(simulation);
  const { truth } = simulation;
  const families = familiesOf(truth);
  const isOwnAncestor = (lot: number): boolean => reachOf(truth, families.get(lot)?.children.keys() ?? []).has(lot);
  const tanks = [...families.keys()].filter((lot) => isOwnAncestor(lot));
  expect(tanks.length).toBeGreaterThan(0);
});

describe('its truth', () => {
  it('is balanced: accounts of a lot sum to zero, nothing but sources is below it, legs are what was made and consumed', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const simulation = simulate({ seed, size: 'small' });
        runThrough(simulation);
        const { lots, book, runs } = simulation.truth;
        const consumed = new Map<number, number>();
        const made = new Map<number, number>();
        for (let n = 0; n < runs.legs; n++) {
          const { lot, amount, output } = runs.leg(n);
          const side = output ? made : consumed;
          side.set(lot, (side.get(lot) ?? 0) + amount);
        }
        for (let lot = 0; lot < lots.count; lot++) {
          const accounts = book.accounts(lot);
          expect(accounts.reduce((sum, { amount }) => sum + amount, 0)).toBe(0);
          for (const { account, amount } of accounts) {
            const { kind } = accountName(account);
            if (kind === 'made' || kind === 'outside') expect(amount).toBeLessThan(0);
            else if (account !== ADJUSTED) expect(amount).toBeGreaterThanOrEqual(0);
          }
          expect(book.balance(lot, CONSUMED)).toBe(consumed.get(lot) ?? 0);
          expect(book.balance(lot, MADE) + (made.get(lot) ?? 0)).toBe(0);
        }
      }),
      RUNS,
    );
  });

  it('has everything from somewhere: a lot is received or made, never both, and never more out of a run than in', () => {
    const simulation = simulate({ seed: 7, size: 'small' });
    runThrough(simulation);
    const { lots, runs, world } = simulation.truth;
    const made = new Set<number>();
    const mass = new Map<number, number>();
    for (let n = 0; n < runs.legs; n++) {
      const { run, lot, amount, output } = runs.leg(n);
      if (output) made.add(lot);
      if (world.items[lots.itemOf(lot)]?.unit === 'KGM')
        mass.set(run, (mass.get(run) ?? 0) + (output ? -amount : amount));
    }
    for (let lot = 0; lot < lots.count; lot++) expect(lots.get(lot).supplier === undefined).toBe(made.has(lot));
    for (const left of mass.values()) expect(left).toBeGreaterThanOrEqual(0);
  });

  it('knows each delivery, and that bad lots come from suppliers', () => {
    const simulation = simulate({ seed: 9, size: 'small', days: 90 });
    runThrough(simulation);
    const { deliveries, defects, lots, consignments } = simulation.truth;
    expect(deliveries.length).toBeGreaterThan(40);
    for (const { lot, supplier, daysLeft, deliveredOn } of deliveries) {
      expect(lots.get(lot)).toMatchObject({ supplier, expiry: deliveredOn + daysLeft });
    }
    expect(defects.length).toBeGreaterThan(0);
    for (const { lot } of defects) expect(lots.get(lot)).toMatchObject({ defective: true });
    const consigned = Array.from({ length: consignments.count }, (_, n) => consignments.get(n));
    expect(consigned.every(({ sender, consignee, amount }) => sender !== consignee && amount > 0)).toBe(true);
  });

  it('refuses to move nothing', () => {
    const { truth } = simulate({ seed: 1, size: 'small' });
    expect(() => {
      truth.book.move(0, MADE, at(0), 0);
    }).toThrow('cannot be moved');
  });
});
