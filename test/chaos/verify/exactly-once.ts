import type { RecordedEvent } from '#contracts';
import { askedAs, identityOf, mayRepeat } from './identity.js';

export interface Told {
  /** Identities of facts that were sent and of commands that were asked for, answered or not. */
  asked: ReadonlySet<string>;
  /** Identity to the act that was told it is done. */
  acknowledged: ReadonlyMap<string, string>;
}

/** Every acknowledged event is in the log once, none is there twice, and none that nobody asked for. */
export const checkExactlyOnce = (log: readonly RecordedEvent[], told: Told): string[] => {
  const findings: string[] = [];
  const seen = new Map<string, string>();
  const ids = new Set<string>();
  for (const event of log) {
    const identity = identityOf(event);
    const before = seen.get(identity);
    if (ids.has(event.id)) findings.push(`event ${event.id} is in the log twice`);
    if (before !== undefined && !mayRepeat(event))
      findings.push(`${identity} is in the log twice, at ${before} and ${event.position}`);
    ids.add(event.id);
    seen.set(identity, event.position);
    const asked = askedAs(event);
    if (asked && !asked.some((one) => told.asked.has(one)))
      findings.push(`nobody asked for ${event.type} ${identity} at ${event.position}`);
  }
  for (const [identity, act] of told.acknowledged)
    if (!seen.has(identity)) findings.push(`${identity} was acknowledged (${act}) and is not in the log`);
  return findings;
};

/** Positions rise, revisions of a stream have no gap, record times never go back. */
export const checkLogOrder = (log: readonly RecordedEvent[]): string[] => {
  const findings: string[] = [];
  const revisions = new Map<string, number>();
  let before: RecordedEvent | undefined;
  for (const event of log) {
    const expected = revisions.get(event.stream) ?? 0;
    if (event.revision !== expected)
      findings.push(`${event.stream} goes on with revision ${event.revision}, not ${expected}, at ${event.position}`);
    revisions.set(event.stream, event.revision + 1);
    if (before && event.position <= before.position)
      findings.push(`position ${event.position} after ${before.position}`);
    if (before && event.recordTime < before.recordTime) findings.push(`record time goes back at ${event.position}`);
    before = event;
  }
  return findings;
};
