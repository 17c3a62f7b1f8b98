import type { EventLog } from '#event-log';
import { answerRevision, expectedRevision, handleCommand } from '#platform';
import type { DeliveryQueries, DeliveryView } from '../deliveries/delivery-queries.js';
import { deliveryDecider, deliveryStream, type DeliveryCommand } from '../domain/delivery/delivery.js';

/** Carries out a command on one expected delivery and answers with it; its revision becomes the `ETag`. */
export const commandDelivery = async (
  deps: { log: EventLog; queries: DeliveryQueries },
  delivery: string,
  command: DeliveryCommand,
): Promise<DeliveryView> => {
  await handleCommand({
    log: deps.log,
    stream: deliveryStream(delivery),
    decider: deliveryDecider,
    command,
    source: 'lotline/inventory',
    expected: expectedRevision(),
  });
  const view = await deps.queries.view(delivery);
  if (!view) throw new Error(`delivery ${delivery} has no events after a command`);
  answerRevision(view.revision);
  return view.delivery;
};
