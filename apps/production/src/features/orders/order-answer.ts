import type { EventLog } from '#event-log';
import { canonicalId, NOTHING, ratioText, type Amount } from '#kernel';
import { netFlow } from '../../domain/balance.js';
import { inUnit } from '../../domain/item-units.js';
import type { Order, PlannedOrder } from '../../domain/order.js';
import type { Production } from '../../domain/production.js';
import { sums } from '../../domain/statement-rules.js';
import { productionStream } from '../../domain/transformation-id.js';
import { readItem } from '../items/read-items.js';
import { readProduction } from '../transformations/read-production.js';

export interface OrderAnswer {
  order: string;
  item: string;
  planned: Amount;
  /** What its runs made of the item and did not use up themselves, as recorded: each dimension by itself. */
  produced: Amount[];
  /** The same in the unit of the plan, where the item says how to convert all of it; rounded to six decimals if need be. */
  producedAsPlanned: Amount | null;
  status: Order['status'];
  plannedAt: string;
  place?: string;
  due?: string;
  reason?: string;
  runs: { run: string; status: 'not-started' | 'started' | 'completed' | 'aborted'; produced: Amount[] }[];
}

export interface RunOfOrder {
  run: string;
  state: Production;
}

/** The runs that took the order on, each from its own stream. */
export const readRuns = (log: EventLog, { runs }: Order): Promise<RunOfOrder[]> =>
  Promise.all(runs.map(async (run) => ({ run, state: (await readProduction(log, productionStream({ run }))).state })));

export const statusOf = ({ run }: Production): OrderAnswer['runs'][number]['status'] => {
  if (!run) return 'not-started';
  return run.aborted ? 'aborted' : run.completed ? 'completed' : 'started';
};

const madeOf = ({ item }: PlannedOrder, { transformations }: Production) =>
  netFlow([...transformations.values()].flatMap(({ statement }) => statement ?? [])).outputs.filter(
    ({ lot, role }) => role !== 'waste' && canonicalId(lot).item === item,
  );

export const orderAnswer = async (log: EventLog, order: Order): Promise<OrderAnswer> => {
  const { planned, plannedAt, status, reason } = order;
  const { amount, order: name, ...rest } = planned;
  const { definition } = await readItem(log, planned.item);
  // A run of that name that was started for something else is none of the order's.
  const runs = (await readRuns(log, order)).filter(({ state }) => !state.run || state.run.started.order === name);
  const made = runs.map(({ state }) => madeOf(planned, state));
  const converted = made.flat().map((leg) => inUnit(leg.amount, amount.unit, definition ?? undefined));
  const known = converted.filter((value) => value !== undefined);
  return {
    order: name,
    ...rest,
    planned: amount,
    produced: sums(made.flat()),
    producedAsPlanned:
      known.length < converted.length
        ? null
        : { value: ratioText(known.reduce((sum, value) => sum.add(value), NOTHING)), unit: amount.unit },
    status,
    plannedAt,
    ...(reason !== undefined && { reason }),
    runs: runs.map(({ run, state }, index) => ({ run, status: statusOf(state), produced: sums(made[index] ?? []) })),
  };
};
