import type { EventLog } from '#event-log';
import { answerRevision, expectedRevision, handleCommand } from '#platform';
import { shipmentDecider, type ShipmentCommand } from '../domain/decide.js';
import { shipmentStream, type PlannedShipment } from '../domain/shipment.js';

/** Carries out a command on one shipment and answers with it; its revision becomes the `ETag`. */
export const commandShipment = async (
  log: EventLog,
  shipment: string,
  command: ShipmentCommand,
): Promise<PlannedShipment> => {
  const { state, revision } = await handleCommand({
    log,
    stream: shipmentStream(shipment),
    decider: shipmentDecider,
    command,
    source: 'lotline/shipping',
    expected: expectedRevision(),
  });
  if (!state) throw new Error(`shipment ${shipment} has no events after a command`);
  answerRevision(revision);
  return state;
};
