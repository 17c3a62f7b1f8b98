import { randomBytes } from 'node:crypto';
import { Inject, Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { LotlineError } from '#kernel';
import { CONFIG, LOGGER } from '../tokens.js';
import type { LotlineConfig } from '../config/lotline-config.js';
import { requestContextOf } from '../request/hooks.js';
import { authenticator, type Authentication, type Headers } from './authenticate.js';
import { holds } from './principal.js';
import { ROUTE_ACCESS, type RouteAccess } from './requires.js';

/** Known to this process alone; how its calls to itself are told from those of others. */
export const INTERNAL_SECRET = randomBytes(32).toString('base64url');

/** The one guard of every route: what declares no access is refused. */
@Injectable()
export class PermissionGuard implements CanActivate {
  private readonly authenticate: (headers: Headers) => Authentication;

  constructor(
    @Inject(Reflector) private readonly reflector: Reflector,
    @Inject(CONFIG) config: LotlineConfig,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    this.authenticate = authenticator(config, INTERNAL_SECRET);
  }

  canActivate(execution: ExecutionContext): boolean {
    const request = execution.switchToHttp().getRequest<FastifyRequest>();
    const access = this.reflector.getAllAndOverride<RouteAccess | undefined>(ROUTE_ACCESS, [
      execution.getHandler(),
      execution.getClass(),
    ]);
    const { principal, onBehalfOf } = this.authenticate(request.headers);
    const context = requestContextOf(request);
    if (principal) context.principal = principal;
    if (onBehalfOf !== undefined) context.onBehalfOf = onBehalfOf;

    if (access?.kind === 'open') return true;
    if (!access) {
      this.logger.error({ route: request.routeOptions.url }, 'a route declares no access and is refused');
      throw new LotlineError('forbidden', 'route-not-declared', 'this route declares no permission and is closed');
    }
    if (!principal)
      throw new LotlineError('unauthenticated', 'no-valid-key', 'send a valid API key as "Authorization: Bearer KEY"');
    if (!holds(principal, access.permission))
      throw new LotlineError('forbidden', 'permission-missing', `${principal.subject} lacks ${access.permission}`, [], {
        permission: access.permission,
      });
    return true;
  }
}
