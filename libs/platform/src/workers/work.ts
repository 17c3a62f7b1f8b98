import type { MessageHandler } from '@nestjs/microservices';
import { isObservable, lastValueFrom } from 'rxjs';
import type { RecordedEvent } from '#contracts';
import type { InboundRecord } from '#event-bus';
import type { Projector } from '#projections';
import type { Declaration, ReactionOptions, ReceiverOptions } from './declaration.js';
import { ReadModelContext } from './keeps-read-model.js';
import { ReactionContext } from './reacts-to.js';
import { ReceiptContext } from './receives-from.js';

/** What a process works on in the background, each with the handler that Nest made of the declared method. */
export interface Work {
  projectors: Projector[];
  reactors: { options: ReactionOptions; handle: (events: readonly RecordedEvent[]) => Promise<void> }[];
  receivers: {
    topic: string;
    options: ReceiverOptions;
    handle: (records: readonly InboundRecord[]) => Promise<void>;
  }[];
}

/** Through Nest's pipeline; settles as the method did. */
const call = async (handler: MessageHandler, payload: unknown, context: unknown): Promise<void> => {
  const answer: unknown = await handler(payload, context);
  if (isObservable(answer)) await lastValueFrom(answer, { defaultValue: undefined });
};

/** @param handlers by the pattern of what they declare. */
export const workOf = (handlers: Iterable<MessageHandler>): Work => {
  const work: Work = { projectors: [], reactors: [], receivers: [] };
  for (const handler of handlers) {
    const { declaration } = handler.extras as { declaration: Declaration };
    if (declaration.kind === 'read-model')
      work.projectors.push({
        ...declaration.projector,
        apply: (context, events) => call(handler, events, new ReadModelContext(context)),
      });
    else if (declaration.kind === 'reactor') {
      const { options } = declaration;
      work.reactors.push({ options, handle: (events) => call(handler, events, new ReactionContext(options.name)) });
    } else {
      const { topic, options } = declaration;
      work.receivers.push({
        topic,
        options,
        handle: (records) =>
          call(handler, records, new ReceiptContext(records[0]?.topic ?? topic, records[0]?.partition ?? 0)),
      });
    }
  }
  return work;
};
