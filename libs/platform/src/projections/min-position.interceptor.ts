import { Inject, Injectable, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyRequest } from 'fastify';
import type { Observable } from 'rxjs';
import { readPosition } from '#event-log';
import { LotlineError } from '#kernel';
import { CONFIG, PROJECTIONS } from '../tokens.js';
import type { LotlineConfig } from '../config/lotline-config.js';
import type { Projections } from './projections.js';
import { READS_FROM } from './reads-from.js';

/** Read your own writes: a read with `minPosition` waits until its read models are that far. */
@Injectable()
export class MinPositionInterceptor implements NestInterceptor {
  constructor(
    @Inject(Reflector) private readonly reflector: Reflector,
    @Inject(PROJECTIONS) private readonly projections: Projections,
    @Inject(CONFIG) private readonly config: LotlineConfig,
  ) {}

  async intercept(execution: ExecutionContext, next: CallHandler): Promise<Observable<unknown>> {
    const names = this.reflector.getAllAndOverride<string[] | undefined>(READS_FROM, [
      execution.getHandler(),
      execution.getClass(),
    ]);
    const query = execution.switchToHttp().getRequest<FastifyRequest>().query as Record<string, unknown> | undefined;
    const wanted = query?.minPosition;
    if (names === undefined || query === undefined || wanted === undefined) return next.handle();
    // DTOs know nothing of it.
    delete query.minPosition;
    const position = readPosition(wanted, 'minPosition');
    await Promise.all(names.map((name) => this.waitFor(name, position)));
    return next.handle();
  }

  private async waitFor(name: string, wanted: string): Promise<void> {
    const { reached, position } = await this.projections.waitFor(name, wanted, this.config.minPositionWaitMs);
    if (!reached)
      throw new LotlineError('behind', 'read-model-behind', `${name} has not reached ${wanted}`, [], {
        projection: name,
        position,
        retryAfter: 1,
      });
  }
}
