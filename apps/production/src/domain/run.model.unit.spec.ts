import { describe, it } from '@jest/globals';
import fc from 'fast-check';
import { LotlineError } from '#kernel';
import { productionDecider, type ProductionCommand } from './decide.js';
import { nothingYet, type Production } from './production.js';
import { stepTransformationId, transformationId } from './transformation-id.js';

const now = '2026-04-20T12:00:00.000Z';
const at = '2026-04-20T08:00:00.000Z';
const run = 'R-1';
const place = 'urn:p:1';
const items = new Map();

/** What a foreman keeps in the head: kilograms in grams, whole numbers. */
interface Model {
  run: 'none' | 'started' | 'completed' | 'aborted';
  steps: Map<string, { status: 'running' | 'paused' | 'completed' | 'aborted'; consumed: number; produced: number }>;
  /** Records by name; `asking` for stock, or standing with the step they are in. */
  records: Map<string, { state: 'asking' | 'free' | 'standing' | 'void'; step: string; consumes: number }>;
}
interface Real {
  state: Production;
}
type Check = fc.Command<Model, Real>;

const attempt = (real: Real, command: ProductionCommand): string | undefined => {
  try {
    const events = productionDecider.decide(command, real.state);
    // As the log gives them ids.
    const recorded = events.map((event) => ({ ...event, id: crypto.randomUUID() }));
    real.state = recorded.reduce(productionDecider.evolve, real.state);
    return undefined;
  } catch (error) {
    if (error instanceof LotlineError) return error.problems.map(({ code }) => code).join(' ') || error.code;
    throw error;
  }
};

const totals = (real: Real, side: 'inputs' | 'outputs', step: string): number =>
  [...real.state.transformations.values()]
    .filter((record) => record.step === step && record.partOf !== undefined)
    .flatMap((record) => record.statement?.[side] ?? [])
    .reduce((sum, leg) => sum + Number(leg.amount.value), 0);

const agrees = (what: string, found: unknown, expected: unknown): void => {
  if (found !== expected) throw new Error(`${what}: ${String(found)}, the model says ${String(expected)}`);
};

const compare = (model: Model, real: Real): void => {
  const { run: started } = real.state;
  const status = !started ? 'none' : started.aborted ? 'aborted' : started.completed ? 'completed' : 'started';
  agrees('run', status, model.run);
  agrees('steps', real.state.steps.size, model.steps.size);
  for (const [name, step] of model.steps) {
    agrees(`${name} is`, real.state.steps.get(name)?.status, step.status);
    agrees(`${name} consumed`, totals(real, 'inputs', name), step.consumed);
    agrees(`${name} produced`, totals(real, 'outputs', name), step.produced);
  }
};

/** Under a name that no step bears a record would stand alone, which is not what is looked at here. */
const isNamedOrNothing =
  (step: string) =>
  ({ run: state, steps }: Readonly<Model>): boolean =>
    state === 'none' || steps.has(step);

const check = (
  name: string,
  command: ProductionCommand,
  may: (m: Model) => boolean,
  then: (m: Model) => void,
  when: (m: Readonly<Model>) => boolean = () => true,
): Check => ({
  check: when,
  run: (model, real) => {
    const expected = may(model);
    const refusal = attempt(real, command);
    if ((refusal === undefined) !== expected) throw new Error(`${name}: ${refusal ?? 'was allowed'}`);
    if (expected) then(model);
    compare(model, real);
  },
  toString: () => name,
});

const is = (model: Model, step: string, ...statuses: string[]): boolean =>
  model.run === 'started' && statuses.includes(model.steps.get(step)?.status ?? 'none');
const isAsking = (model: Model, step?: string): boolean =>
  [...model.records.values()].some((one) => one.state === 'asking' && (step === undefined || one.step === step));

const STEPS = ['a', 'b'];
const step = fc.constantFrom(...STEPS);
const code = fc.constantFrom('T-1', 'T-2', 'T-3');
const kgm = (value: number) => ({ value: String(value), unit: 'KGM' });

/** One record has one content, whatever step it is said of, so that saying it again is saying the same. */
const stated = (name: string, of: string) => {
  const transformation = transformationId(`${of}-${name}`, run);
  return { key: `${of}-${name}`, named: { transformation, run, step: of }, when: { eventTime: at, now, items } };
};
const amountOf = (name: string): number => Number(name.slice(2)) * 2;

const commands: fc.Arbitrary<Check>[] = [
  fc.constant(
    check(
      'start the run',
      { type: 'start', run: { run, place }, at },
      () => true,
      (model) => {
        if (model.run === 'none') model.run = 'started';
      },
    ),
  ),
  step.map((name) =>
    check(
      `start ${name}`,
      {
        type: 'start-step',
        step: name,
        transformation: stepTransformationId(undefined, run, name),
        kind: 'production',
        at,
        now,
      },
      (model) => model.run === 'started' && !model.steps.has(name),
      ({ steps }) => void steps.set(name, { status: 'running', consumed: 0, produced: 0 }),
    ),
  ),
  step.map((name) =>
    check(
      `pause ${name}`,
      { type: 'pause-step', step: name, reason: 'x', at, now },
      (model) => is(model, name, 'running'),
      ({ steps }) => void (steps.get(name)!.status = 'paused'),
    ),
  ),
  step.map((name) =>
    check(
      `resume ${name}`,
      { type: 'resume-step', step: name, at, now },
      (model) => is(model, name, 'paused'),
      ({ steps }) => void (steps.get(name)!.status = 'running'),
    ),
  ),
  step.map((name) =>
    check(
      `complete ${name}`,
      { type: 'complete-step', step: name, at, now, items },
      (model) => {
        if (!is(model, name, 'running') || isAsking(model, name)) return false;
        const { consumed, produced } = model.steps.get(name)!;
        return consumed === 0 || produced <= consumed;
      },
      ({ steps }) => void (steps.get(name)!.status = 'completed'),
    ),
  ),
  step.map((name) =>
    check(
      `abort ${name}`,
      { type: 'abort-step', step: name, reason: 'x', at, now },
      (model) => is(model, name, 'running', 'paused') && !isAsking(model, name),
      ({ steps }) => void (steps.get(name)!.status = 'aborted'),
    ),
  ),
  fc.tuple(step, code).map(([of, name]) => {
    const { key, named, when } = stated(name, of);
    const inputs = [{ lot: 'urn:l:in', amount: kgm(amountOf(name)) }];
    return check(
      `ask for ${key}`,
      { type: 'begin', ...named, ...when, statement: { kind: 'production', place, inputs, outputs: [] } },
      (model) => {
        if (model.run === 'none') return false;
        const before = model.records.get(key)?.state;
        // What did not happen after all is not recorded under the same name again.
        if (before === 'standing' || before === 'void') return before === 'standing';
        return is(model, of, 'running');
      },
      ({ records }) => {
        if (records.get(key)?.state !== 'standing')
          records.set(key, { state: 'asking', step: of, consumes: amountOf(name) });
      },
      isNamedOrNothing(of),
    );
  }),
  fc.tuple(step, code).map(([of, name]): Check => {
    const { key, named, when } = stated(name, of);
    const inputs = [{ lot: 'urn:l:in', amount: kgm(amountOf(name)) }];
    const statement = { kind: 'production' as const, place, inputs, outputs: [] };
    return {
      check: ({ records }) => records.get(key)?.state === 'asking',
      run: (model, real) => {
        const number = real.state.attempts.get(named.transformation)!.attempt;
        check(
          `record ${key}`,
          { type: 'record', attempt: number, ...named, ...when, statement },
          (m) => is(m, of, 'running'),
          ({ records, steps }) => {
            records.set(key, { state: 'standing', step: of, consumes: amountOf(name) });
            steps.get(of)!.consumed += amountOf(name);
          },
        ).run(model, real);
      },
      toString: () => `record ${key}`,
    };
  }),
  fc.tuple(step, code).map(([of, name]): Check => {
    const { key, named } = stated(name, of);
    return {
      check: ({ records }) => records.get(key)?.state === 'asking',
      run: (model, real) => {
        const number = real.state.attempts.get(named.transformation)!.attempt;
        check(
          `give up ${key}`,
          { type: 'abandon', ...named, attempt: number, reason: 'x', issued: false, now },
          () => true,
          ({ records }) => void (records.get(key)!.state = 'free'),
        ).run(model, real);
      },
      toString: () => `give up ${key}`,
    };
  }),
  fc.tuple(step, fc.integer({ min: 1, max: 5 })).map(([of, value]): Check => {
    return {
      check: isNamedOrNothing(of),
      run: (model, real) => {
        const outputs = [{ lot: 'urn:l:out', amount: kgm(value), role: 'product' as const }];
        check(
          `produce ${value} in ${of}`,
          {
            type: 'record',
            transformation: transformationId(crypto.randomUUID(), run),
            ...{ run, step: of, eventTime: at, now, items },
            statement: { kind: 'production', place, inputs: [], outputs },
          },
          (m) => is(m, of, 'running'),
          ({ steps }) => void (steps.get(of)!.produced += value),
        ).run(model, real);
      },
      toString: () => `produce ${value} in ${of}`,
    };
  }),
  fc.tuple(step, code).map(([of, name]): Check => {
    const { key, named } = stated(name, of);
    return {
      check: ({ records }) => ['standing', 'void'].includes(records.get(key)?.state ?? ''),
      run: (model, real) => {
        check(
          `void ${key}`,
          { type: 'correct', ...named, reason: 'never happened', now, items },
          () => true,
          ({ records, steps }) => {
            const { state, step: its, consumes } = records.get(key)!;
            if (state === 'standing') steps.get(its)!.consumed -= consumes;
            records.set(key, { state: 'void', step: its, consumes });
          },
        ).run(model, real);
      },
      toString: () => `void ${key}`,
    };
  }),
  fc.constant(
    check(
      'complete the run',
      { type: 'complete', at },
      (model) =>
        model.run === 'completed' ||
        (model.run === 'started' &&
          !isAsking(model) &&
          [...model.steps.values()].every(({ status }) => status === 'completed' || status === 'aborted')),
      (model) => {
        model.run = 'completed';
      },
    ),
  ),
  fc.constant(
    check(
      'abort the run',
      { type: 'abort', reason: 'x', at, now },
      (model) => model.run === 'aborted' || (model.run === 'started' && !isAsking(model)),
      (model) => {
        model.run = 'aborted';
        for (const one of model.steps.values())
          if (one.status === 'running' || one.status === 'paused') one.status = 'aborted';
      },
    ),
  ),
];

describe('any sequence of commands to a run', () => {
  it('is decided as the model says', () => {
    fc.assert(
      fc.property(fc.commands(commands, { maxCommands: 60, size: 'max' }), (sequence) => {
        const nothing = (): Model => ({ run: 'none', steps: new Map(), records: new Map() });
        fc.modelRun(() => ({ model: nothing(), real: { state: nothingYet() } }), sequence);
      }),
      { numRuns: 200 },
    );
  });
});
