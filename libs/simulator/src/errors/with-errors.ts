import { HOUR, MINUTE } from '../calendar.js';
import { randomOf } from '../random.js';
import type { Act, Line } from '../reports/act.js';
import { eventId } from '../reports/ids.js';
import type { Simulation } from '../simulate.js';
import { newArrivals } from './arrivals.js';
import { ERROR_KINDS, type ErrorKind, type InjectedError } from './label.js';
import { LATEST, WRONG, type Scene, type Wrong } from './wrong-reports.js';

/** Share of acts that each kind is tried on, from 0 to 1. */
export type Rates = Partial<Record<ErrorKind, number>>;

/** @param rate of each kind. */
export const allKinds = (rate: number): Rates => Object.fromEntries(ERROR_KINDS.map((kind) => [kind, rate]));

export interface Erring {
  /** The acts as they are reported, in the order their reports arrive. */
  acts: Generator<Act, void>;
  /** All errors with their labels; only whole when `acts` has come to its end. */
  errors: () => InjectedError[];
}

const SHUFFLED_WITHIN = 2 * HOUR;
const RECENT_LOTS = 6;

interface Made {
  kind: ErrorKind;
  act: Act;
  wrong: Wrong;
}

/**
 * Errors of real life put into the reports of a simulation; the truth does not change. A lot is reached by one error at most
 * that says something untrue, so that it can be told what each of them does.
 * @param seed of the errors alone: the same plant can err in many ways.
 */
export const withErrors = (simulation: Simulation, seed: number, rates: Rates): Erring => {
  const { truth, world } = simulation;
  const random = randomOf(seed, 'errors');
  const counted = new Set<number>();
  const reached = new Set<number>();
  const recent = new Map<number, number[]>();
  const errors: Made[] = [];
  const arrivals = newArrivals<Act>();
  const scene: Scene = {
    ...{ truth, random, counted },
    otherLot: ({ item, lot }) => (recent.get(item) ?? []).find((other) => other !== lot && !reached.has(other)),
  };
  const isOfAny = (lines: readonly Line[] | undefined): boolean => lines?.some(({ lot }) => reached.has(lot)) ?? false;
  const happens = (kind: ErrorKind): boolean => {
    const rate = rates[kind] ?? 0;
    return rate > 0 && random.chance(rate);
  };

  /** @returns what is reported instead. */
  const reported = (act: Act): Act[] => {
    for (const kind of ERROR_KINDS) {
      const make = WRONG[kind];
      if (make === undefined || !happens(kind) || isOfAny(act.lines) || isOfAny(act.outputs)) continue;
      const wrong = make(act, scene);
      if (wrong === undefined) continue;
      errors.push({ kind, act, wrong });
      for (const lot of wrong.lots) reached.add(lot);
      return wrong.acts;
    }
    return [act];
  };

  const harmless = (kind: ErrorKind, act: Act, what: string): void => {
    errors.push({ kind, act, wrong: { acts: [], what, lots: [], shows: () => [] } });
  };

  /** When reports of an act come in. */
  const send = (act: Act): void => {
    const at = Math.max(act.at, act.voidedAt ?? 0);
    if (happens('late')) {
      arrivals.add(at + random.int(1, LATEST / HOUR) * HOUR, act);
      harmless('late', act, 'arrived hours or days late');
    } else if (happens('out-of-order')) {
      arrivals.add(at + random.int(1, SHUFFLED_WITHIN / MINUTE) * MINUTE, act);
      harmless('out-of-order', act, 'overtaken by others');
    } else arrivals.add(at, act);
    if (happens('duplicate')) {
      arrivals.add(at + random.int(1, LATEST / HOUR) * HOUR, act);
      harmless('duplicate', act, 'sent twice');
    }
  };

  const notice = (act: Act): void => {
    if (act.verb === 'count') for (const { lot } of act.lines) counted.add(lot);
    if (act.verb === 'receive')
      for (const { item, lot } of act.lines) recent.set(item, [lot, ...(recent.get(item) ?? [])].slice(0, RECENT_LOTS));
  };

  const reports = function* (): Generator<Act, void> {
    for (const act of simulation.acts) {
      yield* arrivals.until(act.at);
      notice(act);
      for (const each of reported(act)) send(each);
    }
    yield* arrivals.until(Number.POSITIVE_INFINITY);
  };

  const labelOf = ({ kind, act, wrong }: Made): InjectedError => {
    const shows = wrong.shows();
    return {
      ...{ kind, verb: act.verb, events: wrong.events ?? [eventId(world, act)], what: wrong.what },
      ...{ detectable: shows.length > 0, shows, reaches: wrong.lots.map((lot) => truth.lots.idOf(lot)) },
    };
  };
  return { acts: reports(), errors: () => errors.map(labelOf) };
};
