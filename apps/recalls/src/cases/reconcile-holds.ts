import { Inject, Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { LOGGER, repeatedly, spontaneousContext, type Repeated } from '#platform';
import type { Logger } from 'pino';
import { recallHold } from '../domain/recall-case.js';
import { CASE_KEEPER, CASE_LIST, STOCK_HOLDS } from '../tokens.js';
import type { CaseKeeper } from './case-keeper.js';
import type { CaseList } from './case-list.js';
import type { StockHolds } from './stock-holds.js';

const EVERY_MS = 60_000;

/**
 * Compares the holds that stand with the cases that own them: a hold that reached its book after the case was closed is
 * lifted, one that somebody lost is set again. Any number of processes may.
 */
@Injectable()
export class ReconcileHolds implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #reconciling: Repeated;

  constructor(
    @Inject(CASE_LIST) private readonly cases: CaseList,
    @Inject(CASE_KEEPER) private readonly keeper: CaseKeeper,
    @Inject(STOCK_HOLDS) private readonly holds: StockHolds,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    const failed = 'recall holds were not reconciled; the next round tries again';
    this.#reconciling = repeatedly(() => this.reconcile(), { everyMs: EVERY_MS, logger, failed });
  }

  onApplicationBootstrap(): void {
    this.#reconciling.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.#reconciling.stop();
  }

  /** One round over open cases, and over whoever else owns a hold. */
  async reconcile(): Promise<void> {
    const context = spontaneousContext('recall-holds');
    for (const id of await this.cases.known())
      try {
        await this.keeper.keep(id, { context, verify: true });
      } catch (err) {
        this.logger.error({ err, case: id }, 'a recall case could not be reconciled; the next round tries again');
      }
    for (const [owner, lots] of await this.holds.byOwner(recallHold(''))) {
      const recall = await this.keeper.read(owner.slice(recallHold('').length));
      if (recall?.status === 'closed') await this.holds.lift(owner, lots, 'the recall is closed');
    }
  }
}
