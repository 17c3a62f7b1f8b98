import { THOUSAND } from '../amount.js';
import { ADJUSTED, at, SCRAPPED } from '../truth/accounts.js';
import type { RunKind } from '../truth/runs.js';
import type { Line } from '../reports/act.js';
import type { Plant } from './plant.js';
import { consumed, made } from './production.js';
import type { Batch } from './shelves.js';

/** What is done to stock that stays in the house: counting, scrapping, splitting, merging, labelling anew. */
export const warehouse = (plant: Plant) => {
  const { world, random, scale } = plant;
  const labels = new Map(world.lines.map((line) => [line.product, line.privateLabel]));
  return {
    work: (): void => {
      scrapWaste(plant);
      scrapExpired(plant);
      const [fewest, most] = [scale.lines / 12, scale.lines / 4];
      const times = (): number => Math.floor(fewest + random.next() * (most + 0.5 - fewest));
      for (let n = times(); n > 0; n--) countOne(plant);
      for (let n = times(); n > 0; n--) splitOne(plant);
      for (let n = times(); n > 0; n--) mergeTwo(plant);
      for (let n = times(); n > 0; n--) relabelOne(plant, labels);
    },
  };
};

const scrap = (plant: Plant, place: number, batch: Batch, reason: string): void => {
  plant.report({ verb: 'scrap', place, lines: [plant.line(batch)], reason });
  plant.truth.book.move(batch.lot, at(place), SCRAPPED, batch.amount);
  plant.shelves.lose(place, plant.truth.lots.itemOf(batch.lot), batch.lot, batch.amount);
};

const scrapWaste = (plant: Plant): void => {
  const { world, shelves } = plant;
  for (const { id, kind } of world.items)
    if (kind === 'waste')
      for (const batch of [...shelves.on(world.hall, id)]) scrap(plant, world.hall, { ...batch }, 'waste');
};

const scrapExpired = (plant: Plant): void => {
  const { shelves, truth, clock } = plant;
  for (const { place, batches } of [...shelves.all()])
    for (const { lot, amount } of batches)
      if (truth.lots.expiryOf(lot) < clock.day) scrap(plant, place, { lot, amount }, 'expired');
};

/** A shelf with something on it, at random. */
const someBatch = (plant: Plant, place: number, items: readonly number[]): Batch | undefined => {
  const { random, shelves } = plant;
  for (let tries = 0; tries < 8; tries++) {
    const batches = shelves.on(place, random.pick(items)).filter(({ lot }) => plant.fresh(2)(lot));
    if (batches.length > 0) return { ...random.pick(batches) };
  }
  return undefined;
};

const idsOf = (plant: Plant, ...kinds: readonly string[]): number[] =>
  plant.world.items.filter(({ kind }) => kinds.includes(kind)).map(({ id }) => id);

/** Counting finds a little less than there should be, or a little more: nobody knew before. */
const countOne = (plant: Plant): void => {
  const { world, truth, random, shelves } = plant;
  const place = random.pick([world.store, world.finished, world.depot]);
  const counted = someBatch(plant, place, idsOf(plant, 'raw', 'finished'));
  if (counted === undefined) return;
  const item = truth.lots.itemOf(counted.lot);
  const step = plant.item(item).unit === 'EA' ? THOUSAND : 1;
  const lost = Math.floor((counted.amount * random.next() * 0.01) / step) * step;
  if (lost > 0) {
    if (random.chance(0.8)) {
      truth.book.move(counted.lot, at(place), ADJUSTED, lost);
      shelves.lose(place, item, counted.lot, lost);
    } else {
      truth.book.move(counted.lot, ADJUSTED, at(place), lost);
      shelves.put(place, item, counted.lot, lost);
    }
  }
  const there = truth.book.balance(counted.lot, at(place));
  plant.report({ verb: 'count', place, lines: [plant.line({ lot: counted.lot, amount: there })] });
};

/** A transformation in the finished store: what lay there becomes other lots, with the same or narrower dates. */
const rework = (
  plant: Plant,
  kind: RunKind,
  inputs: readonly Batch[],
  outputs: readonly (Batch & Partial<Line>)[],
): void => {
  const { world, truth, shelves, clock } = plant;
  const place = world.finished;
  const run = truth.runs.add({ kind, at: clock.next(), place });
  for (const { lot, amount } of inputs) shelves.lose(place, truth.lots.itemOf(lot), lot, amount);
  plant.report({
    ...{ verb: 'run', place, run: truth.runs.get(run).id, runKind: kind },
    lines: inputs.map((batch) => plant.line(batch)),
    outputs: outputs.map(({ production, expiry, ...batch }) =>
      plant.line(batch, { ...(production !== undefined && { production }), ...(expiry !== undefined && { expiry }) }),
    ),
  });
  consumed(plant, run, place, inputs);
  made(plant, run, place, outputs);
  for (const { lot, amount } of outputs) shelves.put(place, truth.lots.itemOf(lot), lot, amount);
};

const finishedBatch = (plant: Plant): Batch | undefined =>
  someBatch(plant, plant.world.finished, idsOf(plant, 'finished'));

const splitOne = (plant: Plant): void => {
  const { truth } = plant;
  const whole = finishedBatch(plant);
  if (whole === undefined || whole.amount < 4 * THOUSAND) return;
  const { item, production, expiry } = truth.lots.get(whole.lot);
  const half = Math.floor(whole.amount / 2 / THOUSAND) * THOUSAND;
  const parts = [half, whole.amount - half].map((amount) => ({
    ...{ lot: truth.lots.add({ item, production, expiry, defective: false }), amount, production, expiry },
  }));
  rework(plant, 'split', [whole], parts);
};

const mergeTwo = (plant: Plant): void => {
  const { truth, shelves, world } = plant;
  const one = finishedBatch(plant);
  if (one === undefined) return;
  const item = truth.lots.itemOf(one.lot);
  const other = shelves.on(world.finished, item).find(({ lot }) => lot !== one.lot && plant.fresh(2)(lot));
  if (other === undefined) return;
  const merged = [one, { ...other }];
  const amount = one.amount + other.amount;
  const lots = merged.map(({ lot }) => truth.lots.get(lot));
  const production = Math.max(...lots.map((lot) => lot.production));
  const expiry = Math.min(...lots.map((lot) => lot.expiry));
  const lot = truth.lots.add({ item, production, expiry, defective: false });
  rework(plant, 'merge', merged, [{ lot, amount, production, expiry }]);
};

const relabelOne = (plant: Plant, labels: ReadonlyMap<number, number>): void => {
  const { truth } = plant;
  const from = finishedBatch(plant);
  const label = from === undefined ? undefined : labels.get(truth.lots.itemOf(from.lot));
  if (from === undefined || label === undefined) return;
  const { production, expiry } = truth.lots.get(from.lot);
  const lot = truth.lots.add({ item: label, production, expiry, defective: false });
  rework(plant, 'relabel', [from], [{ lot, amount: from.amount, production, expiry }]);
};
