import { BaseRpcContext } from '@nestjs/microservices';
import type { ReceiverOptions } from './declaration.js';
import { handles } from './handles.js';

/** `@Ctx()` of a handler that receives records. */
export class ReceiptContext extends BaseRpcContext<[string, number]> {
  constructor(
    /** Full name, with the installation's prefix. */
    readonly topic: string,
    readonly partition: number,
  ) {
    super([topic, partition]);
  }
}

/**
 * The method takes in what others write to a topic of ours: `@Payload()` are `InboundRecord`s (of #event-bus) of one partition, in order.
 * Resolved: they are done and never come again by themselves. Rejected: the same ones come again after a growing delay, so
 * what can never be taken must not be rejected but put aside. Where the profile has no broker, nothing comes.
 * @param topic its short name, without the installation's prefix: `capture.v1` (`CAPTURE_TOPIC.name`).
 */
export const ReceivesFrom = (topic: string, options: ReceiverOptions): MethodDecorator =>
  handles({ kind: 'receiver', topic, options });
