import type { RecordedEvent } from '#contracts';

/** A record as a lane takes it: an event, or without one a watermark. */
export interface LaneRecord {
  offset: number;
  after: string;
  position: string;
  event?: RecordedEvent;
  /** About how much memory it takes. */
  bytes: number;
}

/** What a lane wants done next. */
export type LaneStep =
  | { kind: 'deliver'; events: RecordedEvent[]; position: string }
  /** Read the log on from the lane's position, at least up to `upTo`; undefined: to its end. */
  | { kind: 'read-log'; upTo: string | undefined }
  | { kind: 'wait' };

export interface Lane {
  /** Everything up to here was handed out. */
  readonly position: string;
  /** Takes a record of a topic, in the order of its partition. */
  push(topic: string, record: LaneRecord): void;
  /** A record that is passed over: where it stands is all that is known of it. */
  pass(topic: string, offset: number): void;
  /** @param max the most events of a delivery. Nothing of a delivery comes again. */
  next(max: number): LaneStep;
  /** Everything up to here has been handed out from the log. @param atEnd there was no more to read. */
  caughtUp(position: string, atEnd: boolean): void;
  /** Next offset of each topic from which on nothing is missing that was not handed out. */
  offsets(): Record<string, number>;
  isFull(topic: string): boolean;
  /** Half of what makes it full has gone. */
  hasRoom(topic: string): boolean;
}

export interface LaneOptions {
  topics: readonly string[];
  position: string;
  /** Where each topic is taken up. */
  offsets: Readonly<Record<string, number>>;
  /** The log is read to its end first, since the offsets are not those of the position. */
  startsWithLog: boolean;
  /** What a topic may hold before it is full. */
  limits: { events: number; bytes: number };
}

interface Entry {
  offset: number;
  position: string;
  event: RecordedEvent | undefined;
  bytes: number;
}

interface Gap {
  from: string;
  to: string;
}

/** One topic's partition within a lane. */
interface Channel {
  topic: string;
  /** The first `head` entries are gone. */
  entries: Entry[];
  head: number;
  next: number;
  /** The chain is known up to here, but for the gaps. */
  reached: string;
  gaps: Gap[];
  events: number;
  bytes: number;
}

const headOf = (channel: Channel): Entry | undefined => channel.entries[channel.head];

const drop = (channel: Channel): void => {
  const entry = headOf(channel);
  if (!entry) return;
  channel.head += 1;
  channel.bytes -= entry.bytes;
  if (entry.event) channel.events -= 1;
  if (channel.head === channel.entries.length || channel.head > 4_096) {
    channel.entries.splice(0, channel.head);
    channel.head = 0;
  }
};

/** Complete up to here: nothing beyond can be handed out before the other topics or the log have been asked. */
const limitOf = (channel: Channel): string => channel.gaps[0]?.from ?? channel.reached;

const later = (a: string, b: string): string => (a > b ? a : b);

/**
 * Merges the partitions of one index of several topics into the order of the log. Each topic tells, by the chain of its
 * records, up to where it is complete; what is handed out never goes beyond the topic that is least far. Where the chain
 * of a topic is broken, the log is asked for that stretch. Pure: it fetches nothing and waits for nothing.
 */
export const createLane = ({ topics, position, offsets, startsWithLog, limits }: LaneOptions): Lane => {
  let done = position;
  let needsLog = startsWithLog;
  const channels = new Map<string, Channel>(
    topics.map((topic) => [
      topic,
      {
        topic,
        entries: [],
        head: 0,
        next: offsets[topic] ?? 0,
        reached: position,
        gaps: [],
        events: 0,
        bytes: 0,
      },
    ]),
  );
  const all = [...channels.values()];

  const channelOf = (topic: string): Channel => {
    const channel = channels.get(topic);
    if (!channel) throw new Error(`${topic} is no topic of this lane`);
    return channel;
  };

  /** The channel whose first entry is the earliest of those up to a position. */
  const earliest = (upTo: string): Channel | undefined => {
    let found: Channel | undefined;
    let first = upTo;
    for (const channel of all) {
      const entry = headOf(channel);
      if (!entry || entry.position > first) continue;
      first = entry.position;
      found = channel;
    }
    return found;
  };

  const deliver = (upTo: string, max: number): LaneStep => {
    const events: RecordedEvent[] = [];
    for (;;) {
      const channel = earliest(upTo);
      if (!channel) {
        done = upTo;
        return { kind: 'deliver', events, position: done };
      }
      const event = headOf(channel)?.event;
      if (event && events.length === max) {
        done = events.at(-1)?.position ?? done;
        return { kind: 'deliver', events, position: done };
      }
      if (event) events.push(event);
      drop(channel);
    }
  };

  return {
    get position() {
      return done;
    },
    push(topic, { offset, after, position, event, bytes }) {
      const channel = channelOf(topic);
      channel.next = offset + 1;
      if (position <= channel.reached) return;
      if (after > channel.reached) channel.gaps.push({ from: channel.reached, to: after });
      channel.reached = position;
      const last = channel.entries.at(-1);
      // A watermark that follows on another says it all; the earlier offset is kept, so that none is skipped.
      if (!event && last && !last.event) {
        last.position = position;
        return;
      }
      channel.entries.push({ offset, position, event, bytes });
      channel.bytes += bytes;
      if (event) channel.events += 1;
    },
    pass(topic, offset) {
      channelOf(topic).next = offset + 1;
    },
    next(max) {
      if (needsLog) return { kind: 'read-log', upTo: undefined };
      const low = all.map(limitOf).reduce((a, b) => (a < b ? a : b));
      if (low > done) return deliver(low, max);
      const gap = all.map(({ gaps }) => gaps[0]).find((first) => first !== undefined && first.from <= done);
      return gap ? { kind: 'read-log', upTo: gap.to } : { kind: 'wait' };
    },
    caughtUp(position, atEnd) {
      done = later(done, position);
      if (atEnd) needsLog = false;
      for (const channel of all) {
        for (let entry = headOf(channel); entry && entry.position <= done; entry = headOf(channel)) drop(channel);
        channel.gaps = channel.gaps
          .filter(({ to }) => to > done)
          .map(({ from, to }) => ({ from: later(from, done), to }));
        channel.reached = later(channel.reached, done);
      }
    },
    offsets: () => Object.fromEntries(all.map((channel) => [channel.topic, headOf(channel)?.offset ?? channel.next])),
    isFull(topic) {
      const { events, bytes } = channelOf(topic);
      return events >= limits.events || bytes >= limits.bytes;
    },
    hasRoom(topic) {
      const { events, bytes } = channelOf(topic);
      return events <= limits.events / 2 && bytes <= limits.bytes / 2;
    },
  };
};
