import type { EventLog } from '#event-log';
import type { Clock } from '#kernel';
import { spontaneousContext } from '#platform';
import type { Logger } from 'pino';
import type { EndedShipments } from '../shipments/ended-shipments.js';
import { foldShipment } from '../domain/fold-shipment.js';
import { shipmentStream } from '../domain/shipment.js';
import type { Dispatcher } from './dispatcher.js';
import type { StockIssues } from './stock-issues.js';

export interface DispatchSweeper {
  /**
   * Gives back what was issued for a dispatch that was cut short before it was recorded. A dispatch that was recorded
   * needs nothing: its issue is confirmed as soon as the record of it is known.
   * @param graceMs an issue younger than this may still be on its way.
   * @returns shipments that were repaired.
   */
  sweep(graceMs: number): Promise<string[]>;
  /**
   * Gives back what is still allocated for shipments that are over: cancelled, or sent with less than was allocated.
   * @returns these shipments.
   */
  sweepPromises(): Promise<string[]>;
}

const REASON = 'the dispatch was cut short after its stock was issued';

export const createDispatchSweeper = (options: {
  log: EventLog;
  stock: StockIssues;
  dispatcher: Dispatcher;
  clock: Clock;
  ended: EndedShipments;
  logger: Logger;
}): DispatchSweeper => {
  const { log, stock, dispatcher, clock, ended, logger } = options;
  return {
    sweepPromises: async () => {
      const promised = new Set((await stock.promises()).map((promise) => promise.for.slice('shipment:'.length)));
      const over = await ended([...promised]);
      for (const shipment of over) await dispatcher.letGo(shipment, `the shipment is ${shipment.status}`);
      return over.map((shipment) => shipment.shipment);
    },
    sweep: async (graceMs) => {
      const repaired: string[] = [];
      const before = clock().getTime() - graceMs;
      for (const issue of await stock.open()) {
        if (Date.parse(issue.since) > before) continue;
        const id = issue.id.slice('shipment:'.length);
        const shipment = foldShipment(await log.readStream(shipmentStream(id)));
        const attempt = issue.attempt ?? 1;
        const lots = [...new Set(issue.lines.map((line) => line.lot))];
        if (!shipment) {
          // Issued for a shipment that nobody planned: whoever did it by hand undoes it by hand.
          logger.warn({ issue: issue.id }, 'stock is issued for an unknown shipment');
          continue;
        }
        if (shipment.loads !== undefined && shipment.attempt === attempt) continue;
        if (await dispatcher.giveUp(id, attempt, lots, REASON, spontaneousContext('dispatch-sweeper'))) {
          logger.warn({ shipment: id, attempt }, REASON);
          repaired.push(id);
        }
      }
      return repaired;
    },
  };
};
