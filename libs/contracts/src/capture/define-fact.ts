import Type, { type Static, type TProperties } from 'typebox';
import { defineEvent } from '../define-event.js';
import { Reference, Uri } from './shapes.js';

const common = {
  /** Canonical id of the fact itself; the capture door derives it from the CloudEvent's `id` and `source`. */
  eventId: Uri,
  /** Documents and commanded acts the fact belongs to. */
  references: Type.Optional(Type.Array(Reference, { minItems: 1, maxItems: 100 })),
  /** Whatever else the reporter wants kept; nothing of it is interpreted. */
  extensions: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
};

/**
 * Defines a native fact: what happened, as a reporter without EPCIS says it. Its type is also the `type` of the CloudEvent
 * that carries it, its time the CloudEvent's `time`, and its data the CloudEvent's `data` plus `eventId`.
 * @param options.anyOf fields of which at least one must be present.
 */
export const defineFact = <const Type_ extends string, const P extends TProperties>(
  type: Type_,
  summary: string,
  properties: P,
  sample: Static<ReturnType<typeof factData<P>>>,
  options: { anyOf?: readonly (keyof P & string)[] } = {},
) => defineEvent({ type, version: 1, context: 'capture', summary, data: factData(properties, options), sample });

const factData = <const P extends TProperties>(properties: P, options: { anyOf?: readonly string[] } = {}) =>
  Type.Object(
    { ...common, ...properties },
    {
      additionalProperties: false,
      ...(options.anyOf && { anyOf: options.anyOf.map((field) => ({ required: [field] })) }),
    },
  );
