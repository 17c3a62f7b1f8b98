import type { EventLog } from '#event-log';
import { LotlineError, notFound, refused, type Clock } from '#kernel';
import { commandContext, handleCommand, revisionConflict, spontaneousContext, type CommandContext } from '#platform';
import { shipmentDecider, stockOf } from '../domain/decide.js';
import { foldShipment } from '../domain/fold-shipment.js';
import { shipmentAct, shipmentStream, type PlannedShipment } from '../domain/shipment.js';
import type { StockIssues } from './stock-issues.js';

export interface DispatcherOptions {
  log: EventLog;
  stock: StockIssues;
  clock: Clock;
}

export interface Dispatched {
  shipment: PlannedShipment;
  revision: number;
}

export interface Dispatcher {
  /**
   * @param expected revision that the caller saw of the shipment.
   * @throws LotlineError `refused` (dispatch-refused) with every reason over all lines; `not-found`; `precondition`.
   */
  dispatch(shipment: string, expected?: number): Promise<Dispatched>;
  /**
   * Gives an attempt up for good: first it is fenced in the shipment's stream, so that nobody records it any more, then
   * its issues are undone. An attempt that was recorded meanwhile stands, and is left alone.
   * @returns whether it was given up.
   */
  giveUp(
    shipment: string,
    attempt: number,
    lots: readonly string[],
    reason: string,
    context: CommandContext,
  ): Promise<boolean>;
  /** Gives back whatever stock a shipment that is over has taken and not used. */
  letGo(shipment: PlannedShipment, reason: string): Promise<void>;
}

const ATTEMPTS = 5;

/**
 * Dispatches in two steps that either order of crashes leaves repairable: the stock books issue the stock (idempotent per
 * shipment and attempt), then the shipment says that it left, at the revision it was read at. Nothing leaves that no book
 * has issued; what was issued and did not leave is given back here or by the sweeper.
 */
export const createDispatcher = ({ log, stock, clock }: DispatcherOptions): Dispatcher => {
  const read = async (id: string): Promise<{ shipment: PlannedShipment; revision: number }> => {
    const events = await log.readStream(shipmentStream(id));
    const shipment = foldShipment(events);
    if (!shipment) throw notFound('shipment-unknown', `there is no shipment ${id}`);
    return { shipment, revision: events.at(-1)?.revision ?? -1 };
  };

  const giveUp: Dispatcher['giveUp'] = async (id, attempt, lots, reason, context) => {
    const { state } = await handleCommand({
      log,
      stream: shipmentStream(id),
      decider: shipmentDecider,
      command: { type: 'abandon', attempt, reason, now: clock().toISOString() },
      source: 'lotline/shipping',
      context,
      step: `give-up-${attempt}`,
    });
    // The recorded dispatch is of this very attempt: its issue is what it stands on.
    if (state?.loads !== undefined && state.attempt === attempt) return false;
    await stock.undo(shipmentAct(id), attempt, lots, reason);
    return true;
  };

  const issueAndRecord = async (id: string, expected: number | undefined): Promise<Dispatched | 'again'> => {
    const { shipment, revision } = await read(id);
    if (shipment.loads !== undefined) return { shipment, revision };
    if (expected !== undefined && expected !== revision) throw revisionConflict(shipmentStream(id), expected, revision);
    // Refusals of the shipment's own come before anything is asked of inventory.
    const command = { type: 'dispatch' as const, attempt: shipment.attempt, now: clock().toISOString() };
    shipmentDecider.decide(command, shipment);
    const { attempt } = shipment;
    const lines = stockOf(shipment).map((line) => ({ ...line, place: shipment.from }));
    const lots = lines.map((line) => line.lot);
    const answer = await stock.issue({ reference: shipmentAct(id), attempt, lines });
    if (!answer.issued) {
      if (answer.partial)
        await giveUp(id, attempt, lots, 'not all of it could be issued', spontaneousContext('shipping'));
      if (answer.code === 'issue-superseded') return 'again';
      throw answer.kind === 'refused'
        ? refused('dispatch-refused', `shipment ${id} may not leave`, answer.problems)
        : new LotlineError('conflict', answer.code, `shipment ${id} may not leave`, answer.problems);
    }
    if (answer.blocked) {
      // An earlier try was cut short after its issue, and a hold came since: what has not left by now does not leave.
      const reason = 'it was blocked before it left';
      if (!(await giveUp(id, attempt, lots, reason, spontaneousContext('shipping')))) return 'again';
      throw refused('dispatch-refused', `shipment ${id} may not leave`, answer.blocked);
    }
    try {
      const handled = await handleCommand({
        log,
        stream: shipmentStream(id),
        decider: shipmentDecider,
        command,
        source: 'lotline/shipping',
        context: commandContext(),
        expected: revision,
        step: `dispatch-${attempt}`,
      });
      if (!handled.state) throw new Error(`shipment ${id} vanished`);
      return { shipment: handled.state, revision: handled.revision };
    } catch (error) {
      if (!(error instanceof LotlineError) || error.kind !== 'precondition') throw error;
      if ((await read(id)).shipment.status === 'cancelled')
        await stock.undo(shipmentAct(id), attempt, lots, 'the shipment was cancelled');
      return 'again';
    }
  };

  const letGo: Dispatcher['letGo'] = async (shipment, reason) => {
    const act = shipmentAct(shipment.shipment);
    if (shipment.status === 'cancelled')
      await stock.undo(
        act,
        shipment.attempt,
        stockOf(shipment).map((line) => line.lot),
        reason,
      );
    await stock.releasePromises(act, reason);
  };

  return {
    giveUp,
    letGo,
    dispatch: async (id, expected) => {
      for (let round = 1; round <= ATTEMPTS; round++) {
        const result = await issueAndRecord(id, expected);
        if (result !== 'again') return result;
      }
      throw new LotlineError(
        'unavailable',
        'too-many-conflicts',
        `shipment ${id} changed during each of ${ATTEMPTS} attempts`,
      );
    },
  };
};
