import type { RecordedEvent } from '#contracts';
import { LotlineError } from '#kernel';
import { PoisonEvent } from '../port.js';

/** The consumer cannot go on by itself; everything before is committed. */
export class MustPause extends Error {
  constructor(
    readonly state: 'paused' | 'needs-rebuild',
    readonly reason: string,
  ) {
    super(reason);
    this.name = 'MustPause';
  }
}

/** A rebuild met an event that it cannot apply and the live model has not parked. */
export class RebuildStopped extends Error {
  constructor(
    readonly event: RecordedEvent,
    override readonly cause: unknown,
  ) {
    super(`the rebuild cannot apply ${event.type} ${event.id} at ${event.position}: ${messageOf(cause)}`);
    this.name = 'RebuildStopped';
  }
}

/** Event after event fails: that is no poison event but a defect or a missing part, and parking would hide it. */
export class NothingApplies extends Error {
  constructor(
    readonly failures: number,
    override readonly cause: unknown,
  ) {
    super(`${failures} events in a row could not be applied, the last because: ${messageOf(cause)}`);
    this.name = 'NothingApplies';
  }
}

/** Without NUL, which a database would refuse: a message that quotes a bad text must not keep its event from being parked. */
export const messageOf = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).replaceAll('\0', '\\u0000');

/**
 * Classes of SQLSTATE (PostgreSQL, Appendix A) that say nothing about the data: no connection, resources, rollback by
 * deadlock or serialization, locks, operator's intervention, system and internal errors, and access to what is not there.
 */
const DATABASE_CLASSES = new Set(['08', '25', '28', '3D', '3F', '40', '42', '53', '55', '57', '58', 'XX']);
const NETWORK = new Set(['ECONNREFUSED', 'ECONNRESET', 'ENOTFOUND', 'EPIPE', 'ETIMEDOUT', 'EHOSTUNREACH', 'EAI_AGAIN']);

/** What the driver says, without any code, where a connection was lost or none was to be had. */
const LOST =
  /^(Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error|Client was closed)/;

/** True where another try may succeed or an operator must act, so that no event is to blame. */
export const isDatabaseFault = (error: unknown): boolean => {
  if (error instanceof PoisonEvent) return isDatabaseFault(error.cause);
  if (error instanceof LotlineError) return error.kind === 'unavailable';
  if (error instanceof Error && LOST.test(error.message)) return true;
  const code: unknown = error instanceof Error && 'code' in error ? error.code : undefined;
  if (typeof code !== 'string') return false;
  return NETWORK.has(code) || (code.length === 5 && DATABASE_CLASSES.has(code.slice(0, 2)));
};
