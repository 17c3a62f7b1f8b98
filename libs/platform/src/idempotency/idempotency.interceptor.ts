import {
  Inject,
  Injectable,
  type BeforeApplicationShutdown,
  type CallHandler,
  type ExecutionContext,
  type NestInterceptor,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Pool } from 'pg';
import type { Logger } from 'pino';
import type { Observable } from 'rxjs';
import { contentHash } from '#kernel';
import { repeatedly, type Repeated } from '../background/repeatedly.js';
import { CONFIG, LOGGER, PG_POOL } from '../tokens.js';
import type { LotlineConfig } from '../config/lotline-config.js';
import { requestContextOf } from '../request/hooks.js';
import { actorOf } from '../request/request-context.js';
import { claimKey, dropExpired, keepAnswer, releaseKey, type Claim } from './store.js';

const HOUR = 3_600_000;
const CLAIM_MS = 10_000;
const KEPT_HEADERS = ['content-type', 'etag', 'x-log-position', 'location'];

/**
 * A command with an `Idempotency-Key` is carried out once: the same request gets the same answer, another request with
 * the key 409. Only success is kept, so that what was refused can be tried again under the same key.
 */
@Injectable()
export class IdempotencyInterceptor implements NestInterceptor, OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #sweeping: Repeated;

  constructor(
    @Inject(PG_POOL) private readonly pool: Pool,
    @Inject(CONFIG) private readonly config: LotlineConfig,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    const failed = 'expired answers were not dropped';
    this.#sweeping = repeatedly(() => dropExpired(pool), { everyMs: HOUR, logger, failed });
  }

  onApplicationBootstrap(): void {
    this.#sweeping.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.#sweeping.stop();
  }

  async intercept(execution: ExecutionContext, next: CallHandler): Promise<Observable<unknown>> {
    const request = execution.switchToHttp().getRequest<FastifyRequest>();
    const context = requestContextOf(request);
    if (context.idempotencyKey === undefined || request.method === 'GET' || request.method === 'HEAD')
      return next.handle();

    const subject = actorOf(context);
    const requestHash = contentHash([request.method, request.url, request.body ?? null]);
    // The body is part of it: once an answer has expired, the key may serve for another command.
    context.eventSeed = `key:${contentHash([subject, context.idempotencyKey, requestHash])}`;
    const claim = await claimKey(
      this.pool,
      { subject, key: context.idempotencyKey, requestHash },
      { keptMs: this.config.idempotencyHours * HOUR, claimMs: CLAIM_MS },
    );
    context.beforeAnswer = (reply, payload) => this.settle(claim, reply, payload);
    return next.handle();
  }

  /** A failure here costs the stored answer only: the command's event ids keep a retry from doing it twice. */
  private async settle(claim: Claim, reply: FastifyReply, payload: unknown): Promise<void> {
    try {
      const body = typeof payload === 'string' ? payload : Buffer.isBuffer(payload) ? payload.toString() : undefined;
      // What carries a secret says so; it is the handler's to answer a repeated request alike.
      const isSecret = reply.getHeader('cache-control') === 'no-store';
      if (isSecret || reply.statusCode >= 300 || (body === undefined && payload != null)) {
        await releaseKey(this.pool, claim);
        return;
      }
      const headers = KEPT_HEADERS.flatMap((name) => {
        const value = reply.getHeader(name);
        return value === undefined ? [] : [[name, String(value)] as const];
      });
      await keepAnswer(this.pool, claim, {
        status: reply.statusCode,
        headers: Object.fromEntries(headers),
        body: body ?? '',
      });
    } catch (err) {
      this.logger.warn({ err, key: claim.key }, 'the answer was not kept for its Idempotency-Key');
    }
  }
}
