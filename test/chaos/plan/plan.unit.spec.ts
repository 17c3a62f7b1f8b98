import { describe, expect, it } from '@jest/globals';
import type { Act, Story } from './act.js';
import { type Fault, type FaultOptions, faultsOf } from './fault.js';
import { storyOf } from './plan.js';

const stories = (seed: number, count = 400): Story[] =>
  Array.from({ length: count }, (_, n) => storyOf(seed, n % 8, Math.floor(n / 8)));
const actsOf = (all: readonly Story[]): Act[] => all.flatMap((story) => story.steps.flat());

describe('the load of a seed', () => {
  it('is the same every time, and another for another seed', () => {
    expect(stories(7)).toEqual(stories(7));
    expect(stories(7)).not.toEqual(stories(8));
  });

  it('names no act twice and no fact differently', () => {
    const bodies = new Map<string, string>();
    for (const act of actsOf(stories(7)))
      if (act.kind === 'capture')
        for (const fact of act.facts) {
          const before = bodies.get(fact.identity) ?? JSON.stringify(fact.body);
          expect([fact.identity, JSON.stringify(fact.body)]).toEqual([fact.identity, before]);
          bodies.set(fact.identity, before);
        }
    const keys = actsOf(stories(7)).flatMap((act) => (act.kind === 'command' ? [act.name] : []));
    expect(new Set(keys).size).toBe(keys.length);
  });

  it('goes through every door, sends some of it twice and some of it to be refused', () => {
    const captures = actsOf(stories(7)).flatMap((act) => (act.kind === 'capture' ? [act] : []));
    expect(new Set(captures.map((act) => act.door))).toEqual(
      new Set(['http-single', 'http-batch', 'document', 'kafka', 'kafka-document']),
    );
    expect(captures.some((act) => act.times > 1)).toBe(true);
    const facts = captures.flatMap((act) => act.facts);
    expect(new Set(facts.map((fact) => fact.form))).toEqual(new Set(['native', 'epcis']));
    expect(facts.some((fact) => fact.refusal !== undefined)).toBe(true);
    expect(facts.some((fact) => fact.identity.startsWith('declaration:'))).toBe(true);
    expect(
      actsOf(stories(7))
        .filter((act) => act.kind === 'command')
        .map((act) => act.app),
    ).toEqual(expect.arrayContaining(['inventory', 'shipping', 'production', 'recalls']));
  });
});

describe('the faults of a seed', () => {
  const options: FaultOptions = {
    ...{ seed: 7, kills: 20, sessionTimeoutMs: 6_000, servers: ['postgres', 'kafka', 'redis'] },
    processes: ['capture-1', 'capture-2', 'genealogy-1', 'genealogy-2', 'relay-1', 'relay-2', 'receiver'],
  };
  const targets = (faults: readonly Fault[]) => faults.flatMap((fault) => ('target' in fault ? [fault.target] : []));

  it('are the same every time, and others for another seed', () => {
    expect(faultsOf(options)).toEqual(faultsOf(options));
    expect(faultsOf(options)).not.toEqual(faultsOf({ ...options, seed: 8 }));
  });

  it.each([1, 2, 3, 4, 5])(
    'kill or stop as often as asked, every server and the relay among them (seed %i)',
    (seed) => {
      const found = targets(faultsOf({ ...options, seed }));
      expect(found).toHaveLength(20);
      expect(found).toEqual(expect.arrayContaining(['postgres', 'kafka', 'redis', 'relay-1']));
    },
  );

  it('come in every kind, sometimes for longer than a session lasts', () => {
    const faults = faultsOf({ ...options, kills: 200 });
    expect(new Set(faults.map((fault) => fault.kind))).toEqual(
      new Set(['kill', 'stop', 'cut', 'block', 'freeze', 'flush']),
    );
    expect(faults.some((fault) => fault.kind === 'stop' && fault.forMs > 6_000)).toBe(true);
  });
});
