/**
 * A command-side model as plain functions: `decide` says which events a command causes (or throws `LotlineError` of kind
 * "refused" with all reasons), `evolve` folds an event into the state. Both are pure; given/when/then tests call them.
 */
export interface Decider<State, Command, Event> {
  initialState: () => State;
  decide: (command: Command, state: State) => Event[];
  evolve: (state: State, event: Event) => State;
}
