import type { EventLog } from '#event-log';
import { canonicalId, NOTHING, ratioText, type Amount, type Ratio } from '#kernel';
import { net, netJoined, seenIn, total, type Output } from '../../domain/flow.js';
import type { Order, PlannedOrder } from '../../domain/order.js';
import type { Production } from '../../domain/production.js';
import { sums, type Items } from '../../domain/statement-rules.js';
import { productionStream } from '../../domain/transformation-id.js';
import { readItems } from '../items/read-items.js';
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

const isOf = ({ item }: PlannedOrder, lot: string, role: Output['role']): boolean =>
  role !== 'waste' && canonicalId(lot).item === item;

const statementsOf = ({ transformations }: Production) =>
  [...transformations.values()].flatMap(({ statement }) => statement ?? []);

/** Made and not used up by the run itself. */
const madeIn = (planned: PlannedOrder, production: Production): Amount[] =>
  sums(netJoined(statementsOf(production)).outputs.filter(({ lot, role }) => isOf(planned, lot, role)));

/** The same in the unit of the plan; undefined where a lot cannot be seen in it. */
const madeAsPlanned = (planned: PlannedOrder, production: Production, items: Items): Ratio | undefined => {
  const statements = statementsOf(production);
  const { outputs } = seenIn(planned.amount.unit, statements, items);
  const unseen = statements.some((statement) =>
    statement.outputs.some(({ lot, role }) => isOf(planned, lot, role) && !outputs.has(lot)),
  );
  if (unseen) return undefined;
  const left = net(seenIn(planned.amount.unit, statements, items)).outputs;
  return total([...left].flatMap(([lot, quantity]) => (isOf(planned, lot, quantity.role) ? [quantity] : [])));
};

export const orderAnswer = async (log: EventLog, order: Order): Promise<OrderAnswer> => {
  const { planned, plannedAt, status, reason } = order;
  const { amount, order: name, ...rest } = planned;
  const items = await readItems(log, [planned.item]);
  // A run of that name that was started for something else is none of the order's.
  const runs = (await readRuns(log, order)).filter(({ state }) => !state.run || state.run.started.order === name);
  const made = runs.map(({ state }) => madeIn(planned, state));
  const known = runs.flatMap(({ state }) => madeAsPlanned(planned, state, items) ?? []);
  return {
    order: name,
    ...rest,
    planned: amount,
    produced: sums(made.flat().map((one) => ({ amount: one }))),
    producedAsPlanned:
      known.length < runs.length
        ? null
        : { value: ratioText(known.reduce((sum, value) => sum.add(value), NOTHING)), unit: amount.unit },
    status,
    plannedAt,
    ...(reason !== undefined && { reason }),
    runs: runs.map(({ run, state }, index) => ({ run, status: statusOf(state), produced: made[index] ?? [] })),
  };
};
