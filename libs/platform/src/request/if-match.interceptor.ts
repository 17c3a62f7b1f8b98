import {
  Inject,
  Injectable,
  SetMetadata,
  type CallHandler,
  type CustomDecorator,
  type ExecutionContext,
  type NestInterceptor,
} from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyRequest } from 'fastify';
import type { Observable } from 'rxjs';
import { malformed } from '#kernel';

const TAKES_NO_IF_MATCH = Symbol('TAKES_NO_IF_MATCH');

/**
 * The route decides on more than one stream, or on none that its caller sees a revision of. `If-Match` is refused there: a
 * condition that is passed over in silence would let through just what the caller meant to prevent.
 */
export const TakesNoIfMatch = (): CustomDecorator<symbol> => SetMetadata(TAKES_NO_IF_MATCH, true);

@Injectable()
export class IfMatchInterceptor implements NestInterceptor {
  constructor(@Inject(Reflector) private readonly reflector: Reflector) {}

  intercept(execution: ExecutionContext, next: CallHandler): Observable<unknown> {
    const at = [execution.getHandler(), execution.getClass()];
    const condition = execution.switchToHttp().getRequest<FastifyRequest>().headers['if-match'];
    if (
      condition !== undefined &&
      this.reflector.getAllAndOverride<boolean | undefined>(TAKES_NO_IF_MATCH, at) === true
    )
      throw malformed('if-match-not-taken', 'this request cannot be made conditional by If-Match', [
        {
          code: 'if-match-not-taken',
          message: 'there is no revision to compare with',
          field: 'If-Match',
          found: condition,
          expected: 'no If-Match',
        },
      ]);
    return next.handle();
  }
}
