import type { AppendResult, Recorded } from '../port.js';
import type { AcceptedAppend, AcceptedEvent } from '../accept-append.js';
import { positionText } from './position.js';

/** Where a stream stands; `key` is the position of its first event. */
export interface Head {
  key: number;
  revision: number;
}

/** What the log holds under an id. */
export interface KnownId {
  contentHash: Buffer;
  position: number;
  revision: number;
  recordTime: string;
}

/** What was read under the log's lock. */
export interface LogState {
  position: number;
  heads: ReadonlyMap<string, Head>;
  ids: ReadonlyMap<string, KnownId>;
}

export interface EventRow {
  position: number;
  stream: number;
  revision: number;
  event: AcceptedEvent;
}

export interface FlushPlan {
  /** In the order of the appends. */
  results: AppendResult[];
  /** Consecutive positions from the one after `LogState.position`. */
  rows: EventRow[];
  /** Streams that move, as they will stand. */
  heads: Map<string, Head>;
}

/**
 * Decides a whole flush from what was read under the lock: each append sees those before it as done, and one that fails
 * leaves no trace in the ones after it. An append's events are recorded together; those of it that are there already are
 * answered with their first result, and the expected revision is asked only where something new would be recorded.
 */
export const planFlush = (appends: readonly AcceptedAppend[], state: LogState, recordTime: string): FlushPlan => {
  const rows: EventRow[] = [];
  const heads = new Map<string, Head>();
  const added = new Map<string, KnownId>();

  const planAppend = ({ stream, expected, events }: AcceptedAppend): AppendResult => {
    const head = heads.get(stream) ?? state.heads.get(stream);
    const base = state.position + rows.length;
    const recorded: Recorded[] = [];
    const newRows: EventRow[] = [];
    const own = new Map<string, KnownId>();
    for (const event of events) {
      const known = own.get(event.id) ?? added.get(event.id) ?? state.ids.get(event.id);
      if (known) {
        const position = own.has(event.id) ? '' : positionText(known.position);
        if (!known.contentHash.equals(event.contentHash))
          return { ok: false, reason: 'id-conflict', id: event.id, position };
        const { revision, recordTime: first } = known;
        recorded.push({
          id: event.id,
          position: positionText(known.position),
          revision,
          recordTime: first,
          duplicate: true,
        });
        continue;
      }
      const position = base + newRows.length + 1;
      const revision = (head?.revision ?? -1) + newRows.length + 1;
      own.set(event.id, { contentHash: event.contentHash, position, revision, recordTime });
      newRows.push({ position, stream: head?.key ?? base + 1, revision, event });
      recorded.push({ id: event.id, position: positionText(position), revision, recordTime, duplicate: false });
    }
    const actual = head?.revision ?? 'no-stream';
    if ((newRows.length > 0 || events.length === 0) && expected !== 'any' && expected !== actual)
      return { ok: false, reason: 'revision', stream, expected, actual };
    const last = newRows.at(-1);
    if (last) heads.set(stream, { key: last.stream, revision: last.revision });
    rows.push(...newRows);
    for (const [id, known] of own) added.set(id, known);
    return { ok: true, recorded };
  };

  return { results: appends.map(planAppend), rows, heads };
};
