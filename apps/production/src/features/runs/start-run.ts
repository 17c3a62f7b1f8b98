import type { DataOf, RunStarted } from '#contracts';
import type { EventLog } from '#event-log';
import type { Clock } from '#kernel';
import { expectedRevision, handleCommand, type Handled } from '#platform';
import { productionDecider } from '../../domain/decide.js';
import { orderDecider, orderStream } from '../../domain/order.js';
import type { Production } from '../../domain/production.js';
import { productionStream } from '../../domain/transformation-id.js';
import { readItem } from '../items/read-items.js';
import { readOrder } from '../orders/read-order.js';
import { readProduction } from '../transformations/read-production.js';
import { SOURCE } from '../transformations/record-transformation.js';

/**
 * Where its order is planned here, the order is taken on first: it says whether runs may be started for it, and cannot be
 * cancelled from then on. A request cut short in between leaves the order taken; the same request again starts the run. An
 * order that only another system knows is a mere number.
 */
export const startRun = async (
  { log, clock }: { log: EventLog; clock: Clock },
  run: Omit<DataOf<typeof RunStarted>, 'recipe'>,
  at: string,
): Promise<Handled<Production>> => {
  const stream = productionStream({ run: run.run });
  const order = run.order === undefined ? null : (await readOrder(log, run.order)).state;
  const item = run.item ?? order?.planned.item;
  if (order && !(await readProduction(log, stream)).state.run)
    await handleCommand({
      log,
      stream: orderStream(order.planned.order),
      decider: orderDecider,
      command: { type: 'take', run: run.run, item, now: clock().toISOString() },
      source: SOURCE,
      step: 'take',
    });
  const recipe = item === undefined ? undefined : (await readItem(log, item)).definition?.recipe;
  return handleCommand({
    log,
    stream,
    decider: productionDecider,
    command: { type: 'start', run: { ...run, ...(item !== undefined && { item }), ...(recipe && { recipe }) }, at },
    source: SOURCE,
    expected: expectedRevision(),
  });
};
