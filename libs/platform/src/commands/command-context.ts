import { randomUUID } from 'node:crypto';
import type { EventMeta, RecordedEvent } from '#contracts';
import { actorOf, currentRequest } from '../request/request-context.js';

/** Who commands, and what makes the ids of the events deterministic. */
export interface CommandContext {
  actor: string;
  correlationId: string;
  commandId: string;
  /** Equal for a retry of the same command, different for any other. */
  eventSeed: string;
  causationId?: string;
  traceparent?: string;
}

/** The command of the HTTP request being handled. @throws Error outside a request. */
export const commandContext = (): CommandContext => {
  const request = currentRequest();
  if (!request) throw new Error('no request is being handled here: use processContext');
  return {
    actor: actorOf(request),
    correlationId: request.correlationId,
    commandId: request.commandId,
    eventSeed: request.eventSeed,
    traceparent: request.traceparent,
  };
};

/**
 * A command that a process of ours gives because of an event. Given again for the same event it appends nothing twice.
 * @param process its name; the actor is `system:{process}`.
 */
export const processContext = (process: string, cause: RecordedEvent): CommandContext => ({
  actor: `system:${process}`,
  correlationId: cause.meta.correlationId,
  commandId: `${process}:${cause.id}`,
  eventSeed: `process:${process}:${cause.id}`,
  causationId: cause.id,
  ...(cause.meta.traceparent !== undefined && { traceparent: cause.meta.traceparent }),
});

/** A command that nothing but the clock or an operator caused; every call is a new command. */
export const spontaneousContext = (process: string): CommandContext => {
  const id = randomUUID();
  return { actor: `system:${process}`, correlationId: id, commandId: id, eventSeed: `spontaneous:${id}` };
};

/** @param source the system that says it: `lotline/<app>` for a decision of ours. */
export const eventMeta = (context: CommandContext, source: string): EventMeta => ({
  source,
  actor: context.actor,
  correlationId: context.correlationId,
  commandId: context.commandId,
  ...(context.causationId !== undefined && { causationId: context.causationId }),
  ...(context.traceparent !== undefined && { traceparent: context.traceparent }),
});
