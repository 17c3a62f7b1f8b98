import { PoisonEvent } from '#projections';
import type { RecordedEvent } from '#contracts';
import type { Happening, Thing } from '../happening.js';

/**
 * What a fact can name. Things are what lots, serials, units and pools are in the graph; acts, transformations and
 * shipments tie facts together; places and items are the context that master data describes.
 */
export type NodeClass = 'thing' | 'act' | 'transformation' | 'shipment' | 'place' | 'item';

export interface Mention {
  class: NodeClass;
  id: string;
  /** Order of locking: what ties facts, then units, then lots. Places and items are never locked. */
  rank: number;
  /** The fact is the commanded act itself; facts that name the act besides confirm it. */
  commands: boolean;
  /** The fact states a production date of this thing, which the folds of what was made from it look at. */
  dates: boolean;
  /** It is an input of a transformation by this fact. */
  enters: boolean;
  /** It is an output of one. */
  leaves: boolean;
}

type Flags = Partial<Pick<Mention, 'commands' | 'dates' | 'enters' | 'leaves'>>;
const NO_FLAGS = { commands: false, dates: false, enters: false, leaves: false };

/** One event of the log as this model keeps it: its happenings, and whom it names. */
export interface Fact {
  logId: string;
  /** Canonical id its reporter gave it. */
  eventId: string;
  /** It only says that another event does not hold. */
  declaration: boolean;
  type: string;
  position: string;
  recordTime: string;
  timeKey: string | undefined;
  happenings: readonly Happening[];
  mentions: readonly Mention[];
  /** Unit and what it held by this fact. */
  contains: readonly (readonly [unit: string, held: string])[];
  /** Serial and the lot it states. */
  memberships: readonly (readonly [serial: string, lot: string])[];
  /** Events that do not hold because of this one. */
  voids: readonly string[];
}

const RANK = { tie: 0, unit: 1, lot: 2, context: 9 } as const;

const mentionsOf = (happenings: readonly Happening[]): Mention[] => {
  const found = new Map<string, Mention>();
  const add = (cls: NodeClass, id: string | undefined, rank: number, flags: Flags = {}): void => {
    if (id === undefined) return;
    const key = `${cls} ${id}`;
    const known = found.get(key) ?? { class: cls, id, rank, ...NO_FLAGS };
    found.set(key, { ...known, ...flags, rank: Math.min(known.rank, rank) });
  };
  for (const h of happenings) {
    const name = (thing: Thing, flags: Flags): void => {
      add('thing', thing.id, thing.kind === 'unit' ? RANK.unit : RANK.lot, flags);
      add('thing', thing.lot, RANK.lot);
      add('item', thing.item, RANK.context);
    };
    for (const thing of h.things) name(thing, h.verb === 'transform' ? { enters: true } : {});
    for (const thing of h.outputs ?? []) name(thing, { leaves: true });
    add('thing', h.parent, RANK.unit);
    for (const [lot, dates] of Object.entries(h.dates ?? {}))
      add('thing', lot, RANK.lot, dates.production === undefined ? {} : { dates: true });
    add('act', h.act, RANK.tie, { commands: true });
    for (const act of h.alsoKnownAs ?? []) add('act', act, RANK.tie, { commands: true });
    for (const act of h.confirms ?? []) add('act', act, RANK.tie);
    add('transformation', h.transformation, RANK.tie);
    add('shipment', h.shipment, RANK.tie);
    for (const place of [h.readPoint, h.bizLocation, h.source?.location, h.destination?.location])
      add('place', place, RANK.context);
  }
  return [...found.values()];
};

const inside = ({ parent, things }: Happening): Fact['contains'] =>
  parent === undefined ? [] : things.map((thing) => [parent, thing.id] as const);

/**
 * @param interpret the one way to read an event (`interpret` of this library).
 * @returns undefined where the event says nothing of lots.
 * @throws PoisonEvent where it cannot be read.
 */
export const factOf = (
  event: RecordedEvent,
  interpret: (event: RecordedEvent) => readonly Happening[],
): Fact | undefined => {
  let happenings: readonly Happening[];
  try {
    happenings = interpret(event);
  } catch (error) {
    throw new PoisonEvent(event, error);
  }
  const [first] = happenings;
  if (first === undefined) return undefined;
  const valid = happenings.filter((h) => h.voids === undefined);
  return {
    logId: event.id,
    eventId: first.id,
    declaration: valid.length === 0,
    type: event.type,
    position: event.position,
    recordTime: event.recordTime,
    timeKey: happenings.map((h) => h.time.key).sort()[0],
    happenings,
    mentions: mentionsOf(happenings),
    contains: valid.flatMap(inside),
    memberships: happenings.flatMap((h) =>
      [...h.things, ...(h.outputs ?? [])].flatMap((t) => (t.lot === undefined ? [] : [[t.id, t.lot] as const])),
    ),
    voids: happenings.flatMap((h) => (h.voids === undefined ? [] : [h.voids])),
  };
};
