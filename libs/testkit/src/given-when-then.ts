import { expect } from '@jest/globals';
import { LotlineError, type Decider } from '#kernel';

interface Then<State, Event> {
  /** The decided events, exactly. */
  then(...expected: Event[]): void;
  /** Nothing to do: the command was carried out before. */
  thenNothing(): void;
  /** Refused (or not found, in conflict …) with exactly these problem codes, in any order; none: the error's own code. */
  thenRefused(...codes: string[]): LotlineError;
  /** The events of the decision, for assertions of their own. */
  events(): Event[];
  /** The state after the decision. */
  state(): State;
}

/**
 * Given the history, when the command is decided, then these events, or this refusal.
 * @example given(itemDecider, itemDefined).when({ type: 'change', … }).then(itemChanged);
 */
export const given = <State, Command, Event>(decider: Decider<State, Command, Event>, ...history: Event[]) => ({
  when: (command: Command): Then<State, Event> => {
    const before = history.reduce(decider.evolve, decider.initialState());
    const decide = (): Event[] => decider.decide(command, before);
    return {
      then: (...expected) => expect(decide()).toEqual(expected),
      thenNothing: () => expect(decide()).toEqual([]),
      thenRefused: (...codes) => {
        const error = refusalOf(decide);
        const found = error.problems.length > 0 ? error.problems.map((p) => p.code) : [error.code];
        expect([...found].sort()).toEqual([...codes].sort());
        return error;
      },
      events: decide,
      state: () => decide().reduce(decider.evolve, before),
    };
  },
});

const refusalOf = (decide: () => unknown): LotlineError => {
  let events: unknown;
  try {
    events = decide();
  } catch (error) {
    if (error instanceof LotlineError) return error;
    throw error;
  }
  throw new Error(`expected a refusal, decided ${JSON.stringify(events)}`);
};
