import {
  decided,
  OrderCancelled,
  OrderPlanned,
  OrderReleased,
  OrderTaken,
  type DataOf,
  type DecidedOf,
} from '#contracts';
import { canonicalJson, LotlineError, notFound, refused, type Decider, type Problem } from '#kernel';

export type PlannedOrder = DataOf<typeof OrderPlanned>;
export type OrderEvent =
  | DecidedOf<typeof OrderPlanned>
  | DecidedOf<typeof OrderReleased>
  | DecidedOf<typeof OrderTaken>
  | DecidedOf<typeof OrderCancelled>;

export type OrderCommand =
  | { type: 'plan'; order: PlannedOrder; now: string }
  | { type: 'release'; now: string }
  /** A run is about to be started for it, which is to make `item` where that is said. */
  | { type: 'take'; run: string; item?: string | undefined; now: string }
  /** @property open runs of the order that are not ended. */
  | { type: 'cancel'; reason: string; open: readonly string[]; now: string };

type CommandOf<T extends OrderCommand['type']> = Extract<OrderCommand, { type: T }>;

export interface Order {
  planned: PlannedOrder;
  plannedAt: string;
  status: 'planned' | 'released' | 'cancelled';
  /** Runs that took it on, in this order. */
  runs: readonly string[];
  /** Why it was cancelled. */
  reason?: string;
}

/** null before it is planned. */
export type OrderState = Order | null;

export const orderStream = (order: string): string => `production-order-${order}`;

const evolve = (state: OrderState, event: OrderEvent): OrderState => {
  if (event.type === 'OrderPlanned')
    return { planned: event.data, plannedAt: event.eventTime, status: 'planned', runs: [] };
  if (state === null) return state;
  switch (event.type) {
    case 'OrderReleased':
      return { ...state, status: 'released' };
    case 'OrderTaken':
      return { ...state, runs: [...state.runs, event.data.run] };
    case 'OrderCancelled':
      return { ...state, status: 'cancelled', reason: event.data.reason };
  }
};

const plan = ({ order, now }: CommandOf<'plan'>, state: OrderState): OrderEvent[] => {
  if (state === null) return [decided(OrderPlanned, now, order)];
  if (canonicalJson(state.planned) === canonicalJson(order)) return [];
  throw new LotlineError('conflict', 'order-exists', `order ${order.order} was planned already, and differently`);
};

const cancelled = ({ planned, reason }: Order): Problem => ({
  code: 'order-cancelled',
  message: `order ${planned.order} is cancelled`,
  found: reason,
});

const release = ({ now }: CommandOf<'release'>, state: Order): OrderEvent[] => {
  if (state.status === 'released') return [];
  if (state.status === 'cancelled')
    throw refused('release-refused', 'the order cannot be released', [cancelled(state)]);
  return [decided(OrderReleased, now, { order: state.planned.order })];
};

const take = ({ run, item, now }: CommandOf<'take'>, state: Order): OrderEvent[] => {
  if (state.runs.includes(run)) return [];
  const { order, item: ordered } = state.planned;
  const reasons: Problem[] = [];
  if (state.status === 'cancelled') reasons.push(cancelled(state));
  if (state.status === 'planned')
    reasons.push({
      code: 'order-not-released',
      message: `order ${order} is planned only`,
      field: '/order',
      found: state.status,
      expected: 'released',
    });
  if (item !== undefined && item !== ordered)
    reasons.push({
      code: 'order-of-another-item',
      message: `order ${order} is for another item`,
      field: '/item',
      found: item,
      expected: ordered,
    });
  if (reasons.length > 0) throw refused('run-refused', 'no run can be started for the order', reasons);
  return [decided(OrderTaken, now, { order, run })];
};

const cancel = ({ reason, open, now }: CommandOf<'cancel'>, state: Order): OrderEvent[] => {
  if (state.status === 'cancelled') return [];
  if (open.length > 0)
    throw refused(
      'cancel-refused',
      'the order cannot be cancelled',
      open.map((run) => ({
        code: 'order-in-work',
        message: `run ${run} is made for it`,
        found: run,
        expected: 'every run of the order completed or aborted',
      })),
    );
  return [decided(OrderCancelled, now, { order: state.planned.order, reason })];
};

export const orderDecider: Decider<OrderState, OrderCommand, OrderEvent> = {
  initialState: () => null,
  evolve,
  decide: (command, state) => {
    if (command.type === 'plan') return plan(command, state);
    if (state === null) throw notFound('order-unknown', 'the order was not planned here');
    switch (command.type) {
      case 'release':
        return release(command, state);
      case 'take':
        return take(command, state);
      case 'cancel':
        return cancel(command, state);
    }
  },
};
