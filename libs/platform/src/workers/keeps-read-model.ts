import { BaseRpcContext } from '@nestjs/microservices';
import type { PoolClient } from 'pg';
import { eventTypes } from '#contracts';
import type { ProjectionContext, Projector } from '#projections';
import { handles } from './handles.js';

/** `@Ctx()` of a handler that keeps a read model: the open transaction, and the schema of the build that is filled. */
export class ReadModelContext extends BaseRpcContext<[ProjectionContext]> implements ProjectionContext {
  readonly client: PoolClient;
  readonly schema: string;
  readonly rebuilding: boolean;

  constructor(context: ProjectionContext) {
    super([context]);
    this.client = context.client;
    this.schema = context.schema;
    this.rebuilding = context.rebuilding;
  }
}

/**
 * This process keeps the read model up to date. The method is the live way of its `apply`: `@Payload()` are the events of a
 * batch, `@Ctx()` a `ReadModelContext`; its errors have the meaning they have in a projector (`PoisonEvent` parks).
 * Operators' tools find the projector by the declaration, so a read model is declared nowhere else. It pauses at an event
 * whose type the release does not know.
 */
export const KeepsReadModel = (projector: Projector): MethodDecorator =>
  handles({ kind: 'read-model', projector: { knows: eventTypes, ...projector } });
