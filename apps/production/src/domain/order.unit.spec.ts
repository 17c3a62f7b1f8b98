import { describe, it } from '@jest/globals';
import fc from 'fast-check';
import { decided, OrderCancelled, OrderPlanned, OrderReleased, OrderTaken } from '#contracts';
import { LotlineError } from '#kernel';
import { given } from '#testkit';
import { orderDecider, type OrderCommand, type OrderState } from './order.js';

const now = '2026-04-20T08:00:00.000Z';
const order = { order: 'PO-1', item: 'urn:item:yoghurt', amount: { value: '300', unit: 'KGM' } };
const planned = decided(OrderPlanned, now, order);
const released = decided(OrderReleased, now, { order: 'PO-1' });
const taken = decided(OrderTaken, now, { order: 'PO-1', run: 'R-1' });
const cancelled = decided(OrderCancelled, now, { order: 'PO-1', reason: 'withdrawn' });

const take = (run = 'R-1', item?: string): OrderCommand => ({ type: 'take', run, item, now });
const cancel = (...open: string[]): OrderCommand => ({ type: 'cancel', reason: 'withdrawn', open, now });

describe('a production order', () => {
  it('is planned, released, taken on, each once', () => {
    given(orderDecider).when({ type: 'plan', order, now }).then(planned);
    given(orderDecider, planned).when({ type: 'plan', order, now }).thenNothing();
    given(orderDecider, planned).when({ type: 'release', now }).then(released);
    given(orderDecider, planned, released).when({ type: 'release', now }).thenNothing();
    given(orderDecider, planned, released).when(take()).then(taken);
    given(orderDecider, planned, released, taken).when(take()).thenNothing();
  });

  it('is planned once: another plan of the same number is a conflict', () => {
    const other = { ...order, amount: { value: '301', unit: 'KGM' } };
    given(orderDecider, planned).when({ type: 'plan', order: other, now }).thenRefused('order-exists');
    given(orderDecider).when({ type: 'release', now }).thenRefused('order-unknown');
  });

  it('is not made before its release, after its cancellation, or for another item; all of it is said', () => {
    given(orderDecider, planned)
      .when(take('R-1', 'urn:item:skyr'))
      .thenRefused('order-not-released', 'order-of-another-item');
    given(orderDecider, planned, cancelled).when(take()).thenRefused('order-cancelled');
    given(orderDecider, planned, cancelled).when({ type: 'release', now }).thenRefused('order-cancelled');
  });

  it('is cancelled where no run is made for it, each that is being named', () => {
    given(orderDecider, planned, released, taken)
      .when(cancel('R-1', 'R-2'))
      .thenRefused('order-in-work', 'order-in-work');
    given(orderDecider, planned, released, taken).when(cancel()).then(cancelled);
    given(orderDecider, planned, cancelled).when(cancel()).thenNothing();
  });
});

/** What a foreman keeps in the head. */
interface Model {
  status: 'none' | 'planned' | 'released' | 'cancelled';
  runs: Set<string>;
  open: Set<string>;
}
interface Real {
  state: OrderState;
}
type Check = fc.Command<Model, Real>;

/** Decides and folds; true where it was allowed. */
const attempt = (real: Real, command: OrderCommand): boolean => {
  try {
    const events = orderDecider.decide(command, real.state);
    real.state = events.reduce(orderDecider.evolve, real.state);
    return true;
  } catch (error) {
    if (!(error instanceof LotlineError)) throw error;
    return false;
  }
};
const agree = (what: string, found: unknown, expected: unknown): void => {
  if (found !== expected) throw new Error(`${what}: ${String(found)}, the model says ${String(expected)}`);
};

const check = (
  name: string,
  command: (model: Model) => OrderCommand,
  may: (model: Model) => boolean,
  then: (model: Model) => void,
): Check => ({
  check: () => true,
  run: (model, real) => {
    const expected = may(model);
    agree(name, attempt(real, command(model)), expected);
    if (expected) then(model);
    agree('status', real.state?.status ?? 'none', model.status);
    agree('runs', real.state?.runs.join(' ') ?? '', [...model.runs].join(' '));
  },
  toString: () => name,
});

describe('any sequence of commands to an order', () => {
  const run = fc.constantFrom('R-1', 'R-2', 'R-3');
  const commands = [
    fc.constant(
      check(
        'plan',
        () => ({ type: 'plan', order, now }),
        () => true,
        (model) => {
          if (model.status === 'none') model.status = 'planned';
        },
      ),
    ),
    fc.constant(
      check(
        'release',
        () => ({ type: 'release', now }),
        ({ status }) => status === 'planned' || status === 'released',
        (model) => {
          model.status = 'released';
        },
      ),
    ),
    run.map((name) =>
      check(
        `take ${name}`,
        () => take(name),
        ({ status, runs }) => runs.has(name) || status === 'released',
        ({ runs, open }) => {
          if (!runs.has(name)) open.add(name);
          runs.add(name);
        },
      ),
    ),
    run.map((name): Check => ({
      check: ({ open }) => open.has(name),
      run: ({ open }) => void open.delete(name),
      toString: () => `end ${name}`,
    })),
    fc.constant(
      check(
        'cancel',
        ({ open }) => cancel(...open),
        ({ status, open }) => status === 'cancelled' || (status !== 'none' && open.size === 0),
        (model) => {
          model.status = 'cancelled';
        },
      ),
    ),
  ];

  it('is decided as the model says', () => {
    fc.assert(
      fc.property(fc.commands(commands, { maxCommands: 40, size: 'max' }), (sequence) => {
        const nothing = (): Model => ({ status: 'none', runs: new Set(), open: new Set() });
        fc.modelRun(() => ({ model: nothing(), real: { state: null } }), sequence);
      }),
    );
  });
});
