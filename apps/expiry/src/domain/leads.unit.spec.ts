import { describe, expect, it } from '@jest/globals';
import { leadsDecider, type LeadRule, type Leads } from './leads.js';

const now = '2026-05-01T00:00:00.000Z';
const set = (state: Leads, rule: LeadRule): [number, Leads] => {
  const events = leadsDecider.decide({ type: 'set', rule, now }, state);
  return [events.length, events.reduce(leadsDecider.evolve, state)];
};

describe('leads of expiry alerts', () => {
  it('are kept for an item, a site and both apart, the largest first, each once', () => {
    let state = leadsDecider.initialState();
    for (const rule of [
      { item: 'I', leads: [1, 30, 1] },
      { site: 'S', leads: [] },
      { item: 'I', site: 'S', leads: [0, 5] },
    ])
      [, state] = set(state, rule);
    expect([...state.values()].map(({ leads }) => leads)).toEqual([[30, 1], [], [5, 0]]);
  });

  it('are recorded where they change, and go where they are set no more', () => {
    let count: number;
    let state = leadsDecider.initialState();
    [count, state] = set(state, { item: 'I' });
    expect(count).toBe(0);
    [count, state] = set(state, { item: 'I', leads: [7, 0] });
    expect(count).toBe(1);
    [count, state] = set(state, { item: 'I', leads: [0, 7], why: 'again' });
    expect(count).toBe(0);
    [count, state] = set(state, { item: 'I', leads: [] });
    expect(count).toBe(1);
    [count, state] = set(state, { item: 'I' });
    expect([count, state.size]).toEqual([1, 0]);
  });
});
