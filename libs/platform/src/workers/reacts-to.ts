import { BaseRpcContext } from '@nestjs/microservices';
import { eventTypes } from '#contracts';
import type { ReactionOptions } from './declaration.js';
import { handles } from './handles.js';

/** `@Ctx()` of a handler that reacts. */
export class ReactionContext extends BaseRpcContext<[string]> {
  constructor(
    /** Its name. */
    readonly reactor: string,
  ) {
    super([reactor]);
  }
}

/**
 * The method issues commands for what happened: `@Payload()` are events it wants, in log order per partition. At least once,
 * so ids of its commands derive from the event that caused them; a rejection is retried for as long as it takes. It pauses at
 * an event whose type the release does not know.
 */
export const ReactsTo = (options: ReactionOptions): MethodDecorator =>
  handles({ kind: 'reactor', options: { knows: eventTypes, ...options } });
