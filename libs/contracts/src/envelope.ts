/**
 * What every event carries besides its data, from the first day. No secrets and no person's contact
 * data: those are referred to, so that they can be erased.
 */
export interface EventMeta {
  /** The system that said it: the reporting system of a fact, `lotline/<app>` for a decision. */
  source: string;
  /** Who asked: a subject of the guard, or `system:<process>`. */
  actor: string;
  correlationId: string;
  /** The command that caused it (its Idempotency-Key or a generated id). */
  commandId?: string;
  /** The event that caused it. */
  causationId?: string;
  /** W3C trace context. */
  traceparent?: string;
}

/** An event as a service hands it to the log. */
export interface NewEvent<Type extends string = string, Data = unknown> {
  /** UUID. A fact's follows from its own id (`uuidFromName`), so that it is recorded once however often it is sent. */
  id: string;
  type: Type;
  schemaVersion: number;
  /** When it happened, ISO 8601 with offset, as written. */
  eventTime: string;
  data: Data;
  meta: EventMeta;
  /**
   * What makes two events with this id the same one, where that is not the plain content (type, schemaVersion, eventTime
   * and data with sorted keys): a canonical form in which CURIE or URI, URN or Digital Link make no difference. It stands
   * for the whole content; only its hash is kept. The log never gives it back.
   */
  contentKey?: string;
}

/** The same event as the log recorded it. */
export interface RecordedEvent<Type extends string = string, Data = unknown> extends Omit<
  NewEvent<Type, Data>,
  'contentKey'
> {
  stream: string;
  /** Place in its stream, from 0. */
  revision: number;
  /** Place in the log: opaque, ordered by plain string comparison; nobody adds to it or subtracts. */
  position: string;
  /** When we knew: UTC, set under the log's lock, never going back along positions. */
  recordTime: string;
}
