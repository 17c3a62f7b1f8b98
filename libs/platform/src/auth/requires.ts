import { SetMetadata, applyDecorators } from '@nestjs/common';
import { ApiBearerAuth, ApiForbiddenResponse, ApiUnauthorizedResponse } from '@nestjs/swagger';

/** `context:action`, e.g. `capture:write`; a key may hold `capture:*`, `*:read` or `*`. */
export type Permission = `${string}:${string}`;

export type RouteAccess = { kind: 'open' } | { kind: 'requires'; permission: Permission };

export const ROUTE_ACCESS = Symbol('ROUTE_ACCESS');

/** The route (or every route of the controller) needs this permission. A route that declares nothing is refused. */
export const Requires = (permission: Permission): MethodDecorator & ClassDecorator =>
  applyDecorators(
    SetMetadata(ROUTE_ACCESS, { kind: 'requires', permission } satisfies RouteAccess),
    ApiBearerAuth(),
    ApiUnauthorizedResponse({ description: 'No valid API key.' }),
    ApiForbiddenResponse({ description: `The key lacks \`${permission}\`.` }),
  );

/** Anyone may call the route: health and documentation, nothing that tells about goods. */
export const Open = (): MethodDecorator & ClassDecorator =>
  SetMetadata(ROUTE_ACCESS, { kind: 'open' } satisfies RouteAccess);
