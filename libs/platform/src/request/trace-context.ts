import { randomBytes } from 'node:crypto';

const CORRELATION_ID = /^[\w.:/+=@-]{1,128}$/;
const TRACEPARENT = /^00-([0-9a-f]{32})-[0-9a-f]{16}-([0-9a-f]{2})$/;

const spanId = (): string => randomBytes(8).toString('hex');

/** @returns the correlation id a caller sent, where it is one that may stand in logs, headers and events. */
export const readCorrelationId = (text: string | undefined): string | undefined =>
  text !== undefined && CORRELATION_ID.test(text) ? text : undefined;

/**
 * W3C Trace Context 1: the trace goes on, the span is ours.
 * @param text `traceparent` as it came.
 * @returns undefined where that is not a valid one.
 */
export const continuedTrace = (text: string | undefined): string | undefined => {
  const trace = TRACEPARENT.exec(text ?? '');
  return trace ? `00-${trace[1]}-${spanId()}-${trace[2]}` : undefined;
};

export const freshTrace = (): string => `00-${randomBytes(16).toString('hex')}-${spanId()}-00`;
