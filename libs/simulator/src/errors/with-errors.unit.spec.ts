import { describe, expect, it } from '@jest/globals';
import { readCloudEvent, validateEpcisEvent } from '#contracts';
import { eventOf } from '../event.js';
import { eventId } from '../reports/ids.js';
import { simulate } from '../simulate.js';
import { newArrivals } from './arrivals.js';
import { ERROR_KINDS } from './label.js';
import { allKinds, withErrors, type Rates } from './with-errors.js';

const erring = (seed: number, rates: Rates) => {
  const simulation = simulate({ seed, size: 'small', days: 60 });
  const { acts, errors } = withErrors(simulation, seed, rates);
  return { simulation, acts: [...acts], errors: errors() };
};

describe('errors of real life', () => {
  it('are the same for the same seed', () => {
    expect(erring(3, allKinds(0.05))).toMatchObject({ errors: erring(3, allKinds(0.05)).errors });
  });

  it('leave everything as it is where there are none', () => {
    const plain = simulate({ seed: 3, size: 'small', days: 60 });
    expect(erring(3, {}).acts).toEqual([...plain.acts]);
  });

  it('are of every kind, and all of them are events that the capture door takes', () => {
    const { simulation, acts, errors } = erring(8, allKinds(0.05));
    expect([...new Set(errors.map(({ kind }) => kind))].sort()).toEqual([...ERROR_KINDS].sort());
    for (const act of acts) {
      const { form, event } = eventOf(simulation.world, act);
      const read = form === 'native' ? readCloudEvent(event) : { problems: validateEpcisEvent(event) };
      expect('problems' in read ? read.problems : []).toEqual([]);
    }
  });

  it('have complete labels: what can be seen says where and as what, what says something untrue says of which lots', () => {
    const { errors } = erring(8, allKinds(0.05));
    const harmless = new Set(['late', 'duplicate', 'out-of-order', 'corrected']);
    for (const { kind, detectable, shows, reaches, events, what } of errors) {
      expect(detectable).toBe(shows.length > 0);
      expect(shows.every(({ kinds }) => kinds.length > 0)).toBe(true);
      expect(events.length).toBeGreaterThan(0);
      expect(what).not.toBe('');
      expect([kind, reaches.length > 0]).toEqual([kind, !harmless.has(kind)]);
    }
    expect(errors.some(({ detectable }) => detectable)).toBe(true);
  });

  it('reach a lot only once, so that each can be told', () => {
    const { errors } = erring(8, allKinds(0.2));
    const reached = errors.flatMap(({ reaches }) => [...new Set(reaches)]);
    expect(new Set(reached).size).toBe(reached.length);
  });

  it('that are only a matter of arrival lose nothing and add nothing', () => {
    const { simulation, acts } = erring(5, { late: 0.3, duplicate: 0.3, 'out-of-order': 0.3 });
    const plain = simulate({ seed: 5, size: 'small', days: 60 });
    const ids = (of: Iterable<{ id: number }>): number[] =>
      [...new Set([...of].map(({ id }) => id))].sort((a, b) => a - b);
    expect(ids(acts)).toEqual(ids(plain.acts));
    expect(acts.map(({ id }) => id)).not.toEqual([...acts.map(({ id }) => id)].sort((a, b) => a - b));
    expect(new Set(acts.map((act) => eventId(simulation.world, act))).size).toBeLessThan(acts.length);
  });
});

it('arrivals come by their time, those of one moment in the order they were added', () => {
  const arrivals = newArrivals<string>();
  [5, 1, 3, 3, 9, 2].forEach((when, n) => {
    arrivals.add(when, `${when}.${n}`);
  });
  expect([...arrivals.until(3)]).toEqual(['1.1', '2.5', '3.2', '3.3']);
  arrivals.add(4, '4.6');
  expect([...arrivals.until(100)]).toEqual(['4.6', '5.0', '9.4']);
});
