import type { Happening, MasterData, Thing } from '../../happening.js';

/**
 * The ledger once more, from the prose alone: one list of parcels, every rule a filter and a sort over all of it. Slow and
 * plain on purpose; it shares nothing with the fold it judges. Amounts are whole grams and whole pieces.
 */
export interface NaiveLedger {
  /** "dimension place unit" -> "amount of which received". */
  onHand: string[];
  /** "dimension account" -> amount, for everything but places. */
  accounts: string[];
  /** "kind event place from unit dimension amount". */
  findings: string[];
  /** "departure|arrival unit dimension value outstanding". */
  legs: string[];
}

interface Trip {
  departure: string | null;
  first: string;
  to: string | null;
  from: string | null;
  parties: string[];
  shipment: string | undefined;
  unit: string;
  dim: string;
  n: number;
  arrived: number;
}
interface Parcel {
  n: number;
  dim: string;
  road: boolean; // shipped, else at a place
  at: string | null;
  unit: string; // '' is loose
  born: number;
  by?: string | undefined;
  seen?: number | undefined;
  trip?: Trip | undefined;
  sent?: string | null | undefined; // the departure of a trip that is over
  landed?: boolean | undefined;
}
interface Owed {
  n: number;
  dim: string;
  at: string | null;
  unit: string;
  order: number;
  serial: number;
  event: string;
  claim?: { at: string | null; unit: string };
}
interface Early {
  time: string;
  shipment: string | undefined;
  place: string | null;
  unit: string;
  dim: string;
  n: number;
  origin: string | null | undefined;
  trip?: Trip;
}
type Where = (p: Parcel) => boolean;

const ORDER = ['lift', 'make', 'receive', 'unpack', 'transform', 'pack', 'observe', 'ship', 'unship', 'consume'];
const rank = (h: Happening): number => {
  const like: Record<string, string> = { contain: 'observe', count: 'observe', sell: 'consume', scrap: 'consume' };
  return ORDER.indexOf(like[h.verb] ?? h.verb);
};

const grams: Record<string, [string, number]> = { KGM: ['mass', 1000], GRM: ['mass', 1], EA: ['count', 1] };
const read = (t: Thing): [string, number] | undefined => {
  if (t.kind === 'serial') return ['count', 1];
  if (!t.amount) return undefined;
  const [dim, factor] = grams[t.amount.unit] ?? ['?', 1];
  return [dim, Number(t.amount.value) * factor];
};

export const naiveLedger = (lot: string, facts: readonly Happening[], master: MasterData): NaiveLedger => {
  const shippedUnder = (id: string): Thing[] =>
    facts.filter((h) => h.verb === 'ship' && h.shipment === id).flatMap((h) => h.things);
  const all = facts
    .map((h) =>
      h.verb === 'receive' && h.things.length === 0 && h.shipment ? { ...h, things: shippedUnder(h.shipment) } : h,
    )
    .sort((a, b) =>
      a.time.key !== b.time.key
        ? a.time.key < b.time.key
          ? -1
          : 1
        : rank(a) !== rank(b)
          ? rank(a) - rank(b)
          : a.id < b.id
            ? -1
            : 1,
    );

  // ---- places
  const root = (id: string): string => {
    const parent = master.place(id)?.parent;
    return parent === undefined ? id : root(parent);
  };
  const near = (a: string | null, b: string | null): boolean =>
    a === b || (a !== null && b !== null && root(a) === root(b));
  const owner = (id: string | null | undefined): string | undefined => {
    if (id === null || id === undefined) return undefined;
    const place = master.place(id);
    return place?.party ?? owner(place?.parent);
  };
  const lands = (h: Happening): string | null => h.bizLocation ?? h.readPoint ?? null;
  const takes = (h: Happening): string | null =>
    h.readPoint !== undefined && master.place(h.readPoint) ? h.readPoint : lands(h);

  // ---- what the lists say of units
  const everything = all.flatMap((h) => [...h.things, ...(h.outputs ?? [])]);
  const units = new Set([
    ...all.flatMap((h) => h.parent ?? []),
    ...everything.filter((t) => t.kind === 'unit').map((t) => t.id),
  ]);
  const nests = new Set([...units, ...everything.filter((t) => t.kind === 'serial').map((t) => t.id)]);
  const pieces = new Set(everything.filter((t) => t.kind === 'serial' && t.lot === lot).map((t) => t.id));
  let inside: { inner: string; outer: string }[] = [];
  const listed = new Map<string, { id: string; dim: string; n: number }[]>();
  const outerOf = (u: string): string | undefined => inside.find((i) => i.inner === u)?.outer;
  const within = (u: string, outer: string): boolean =>
    u === outer || (outerOf(u) !== undefined && within(outerOf(u) ?? '', outer));
  const leave = (u: string): void => {
    inside = inside.filter((i) => i.inner !== u);
  };
  const enterUnit = (inner: string, outer: string): void => {
    if (inner === outer) return;
    if (within(outer, inner)) leave(outer);
    leave(inner);
    inside.push({ inner, outer });
  };
  const treeOf = (roots: string[]): string[] => {
    const found: string[] = [];
    const queue = [...roots];
    for (let u = queue.shift(); u !== undefined; u = queue.shift()) {
      if (found.includes(u)) continue;
      found.push(u);
      queue.push(...inside.filter((i) => i.outer === u).map((i) => i.inner));
    }
    return found;
  };
  const list = (unit: string, things: Thing[], how: 'add' | 'atLeast' | 'remove'): void => {
    let lines = listed.get(unit) ?? [];
    for (const t of things) {
      if (nests.has(t.id)) {
        if (how === 'remove') leave(t.id);
        else enterUnit(t.id, unit);
        continue;
      }
      const [dim, n] = read(t) ?? ['?', 1];
      if (how === 'remove' && dim === '?') {
        lines = lines.filter((l) => l.id !== t.id);
        continue;
      }
      const now = lines.find((l) => l.id === t.id && l.dim === dim)?.n ?? 0;
      const next = how === 'add' ? now + n : how === 'remove' ? now - n : Math.max(now, n);
      lines = [...lines.filter((l) => !(l.id === t.id && l.dim === dim)), { id: t.id, dim, n: next }].filter(
        (l) => l.n > 0,
      );
    }
    listed.set(unit, lines);
  };
  const isEmpty = (unit: string): boolean =>
    (listed.get(unit) ?? []).length === 0 && !inside.some((i) => i.outer === unit);
  const emptied = (unit: string): void => {
    listed.set(unit, []);
    inside = inside.filter((i) => i.outer !== unit);
  };
  const laterList = (unit: string, index: number, place: string | null): Thing[] | undefined => {
    let stayed = all[index]?.verb === 'ship';
    for (const h of all.slice(index + 1)) {
      if (h.parent === unit) {
        if (h.things.length === 0) {
          if (h.verb === 'contain') continue;
          return undefined;
        }
        if (h.verb === 'pack' && !(stayed && (lands(h) === null || place === null || near(lands(h), place))))
          return undefined;
        return h.things;
      }
      if (!h.things.some((t) => t.id === unit)) continue;
      if (['consume', 'sell', 'scrap', 'transform'].includes(h.verb)) return undefined;
      if (['receive', 'observe'].includes(h.verb) && !near(lands(h), place)) stayed = false;
    }
    return undefined;
  };
  const resolve = (
    roots: string[],
    index: number,
    place: string | null,
  ): { tree: string[]; learnt: [string, Thing[]][] } => {
    const learnt: [string, Thing[]][] = [];
    const tree: string[] = [];
    const queue = [...roots];
    for (let u = queue.shift(); u !== undefined; u = queue.shift()) {
      if (tree.includes(u)) continue;
      tree.push(u);
      const later = units.has(u) && isEmpty(u) ? laterList(u, index, place) : undefined;
      if (later) {
        learnt.push([u, later]);
        list(u, later, 'add');
      }
      const outer = u;
      queue.push(...inside.filter((i) => i.outer === outer).map((i) => i.inner));
    }
    return { tree, learnt };
  };

  // ---- the stock
  let parcels: Parcel[] = [];
  let owed: Owed[] = [];
  let clock = 0;
  const sums = new Map<string, number>();
  const found = new Map<string, number>();
  const trips: Trip[] = [];
  let early: Early[] = [];
  const told = new Set<string>();
  const lastReceived = new Map<string | null, number>();
  const made = { lot: 0, serial: 0 };
  const net = new Map<string, number>();
  const lowest = new Map<string, { n: number; event: string }>();

  const add = (map: Map<string, number>, key: string, n: number): void => {
    if (n !== 0) map.set(key, (map.get(key) ?? 0) + n);
  };
  const finding = (
    kind: string,
    event: string,
    place: string | null,
    from: string | null,
    unit: string,
    dim: string,
    n: number,
  ): void => {
    const key = [kind, event, place ?? '', from ?? '', unit, dim].join(' ');
    found.set(key, (found.get(key) ?? 0) + n);
  };
  const settleDebt = (o: Owed, n: number): void => {
    o.n -= n;
    owed = owed.filter((x) => x.n > 0);
  };
  const put = (p: Omit<Parcel, 'born'>): void => {
    let { n } = p;
    if (!p.road)
      for (const o of owed.filter((x) => x.dim === p.dim && x.at === p.at && x.unit === p.unit)) {
        const paid = Math.min(n, o.n);
        n -= paid;
        settleDebt(o, paid);
      }
    if (n > 0) parcels.push({ ...p, n, born: ++clock });
  };
  const take = (dim: string, want: number, steps: Where[], newest = false): Parcel[] => {
    const got: Parcel[] = [];
    for (const step of steps) {
      const sorted = parcels
        .filter((p) => p.dim === dim && step(p))
        .sort((a, b) => Number(a.unit !== '') - Number(b.unit !== '') || (newest ? b.born - a.born : a.born - b.born));
      for (const p of sorted) {
        if (want <= 0) break;
        const n = Math.min(want, p.n);
        want -= n;
        p.n -= n;
        got.push({ ...p, n });
      }
      parcels = parcels.filter((p) => p.n > 0);
    }
    return got;
  };
  const total = (list: { n: number }[]): number => list.reduce((sum, p) => sum + p.n, 0);
  const holds = (unit: string, dim: string): number =>
    total(parcels.filter((p) => p.unit === unit && p.dim === dim)) -
    total(owed.filter((o) => o.unit === unit && o.dim === dim));
  const lies = (place: string | null, dim: string, unit?: string): number =>
    total(parcels.filter((p) => !p.road && p.at === place && p.dim === dim && (unit === undefined || p.unit === unit)));
  const owe = (o: Omit<Owed, 'serial'>): void => {
    if (o.n > 0) owed.push({ ...o, serial: ++clock });
  };
  const dims = (): string[] => [...new Set([...parcels, ...owed].map((p) => p.dim))].sort();
  const isPiece = (unit: string): boolean => pieces.has(unit);

  // ---- where to look
  const goesTo = (t: Trip, place: string | null, party: string | undefined): boolean =>
    (t.to !== null && near(t.to, place)) || (party !== undefined && (t.to === party || t.parties.includes(party)));
  const there =
    (place: string | null): Where =>
    (p) =>
      !p.road && p.at === place;
  const away =
    (place: string | null): Where =>
    (p) =>
      !p.road && p.at !== place;
  const comingTo =
    (place: string | null): Where =>
    (p) =>
      place !== null && (p.road ? p.at === place : p.at !== place && p.trip?.to === place && !p.landed);
  const comingToParty =
    (place: string | null, party: string | undefined): Where =>
    (p) =>
      p.trip !== undefined && (p.road || (p.at !== place && !p.landed)) && goesTo(p.trip, place, party);
  const onAnyRoad: Where = (p) => p.road;
  const ownedBy =
    (place: string | null, ids: (string | undefined)[]): Where =>
    (p) =>
      !p.road && p.at !== place && owner(p.at) !== undefined && ids.includes(owner(p.at));
  const inSite =
    (place: string | null): Where =>
    (p) =>
      !p.road && p.at !== place && near(p.at, place);
  const anywhere = (place: string | null): Where[] => [
    comingTo(place),
    comingToParty(place, owner(place)),
    inSite(place),
    ownedBy(place, [owner(place)]),
    onAnyRoad,
    away(place),
  ];
  const only = (unit: string, steps: Where[]): Where[] => steps.map((s) => (p: Parcel) => p.unit === unit && s(p));
  const without = (out: string[], steps: Where[]): Where[] =>
    steps.map((s) => (p: Parcel) => !out.includes(p.unit) && s(p));
  const loose = (steps: Where[]): Where[] => only('', steps);

  // ---- naming
  const named = (
    things: Thing[],
  ): { amounts: Map<string, number>; missing: boolean; units: string[]; serials: string[] } => {
    const amounts = new Map<string, number>();
    const us: string[] = [];
    const ss: string[] = [];
    let missing = false;
    for (const t of things) {
      const q = read(t);
      if (t.id === lot && !q) missing = true;
      else if (t.id === lot && q) amounts.set(q[0], (amounts.get(q[0]) ?? 0) + q[1]);
      else if (pieces.has(t.id)) ss.push(t.id);
      else if (units.has(t.id)) us.push(t.id);
    }
    const serials = [...new Set(ss)];
    if (amounts.has('count') && serials.length > 0) {
      const rest = (amounts.get('count') ?? 0) - serials.length;
      if (rest > 0) amounts.set('count', rest);
      else amounts.delete('count');
    }
    return { amounts, missing, units: [...new Set(us)], serials };
  };

  // ---- rows
  const land = (h: Happening, i: number, p: Parcel, place: string | null, unit: string, byName: boolean): void => {
    if (!p.road && p.at === place) {
      if (p.unit !== '' && p.unit !== unit && !isPiece(p.unit))
        finding('unpack-not-recorded', h.id, place, null, p.unit, p.dim, p.n);
      put({ ...p, unit });
      return;
    }
    if (byName && !(!p.road && near(p.at, place)))
      finding('movement-not-recorded', h.id, place, p.at, unit || p.unit, p.dim, p.n);
    const arrives = p.trip !== undefined && goesTo(p.trip, place, owner(place));
    if (p.trip && arrives && !p.landed) p.trip.arrived += p.n;
    const keeps = p.by !== undefined && place !== null && p.by === (owner(place) ?? root(place));
    put({
      ...p,
      road: false,
      at: place,
      unit,
      seen: i,
      by: keeps ? p.by : undefined,
      landed: p.landed === true || arrives,
    });
  };
  const tellApart = (h: Happening, i: number, s: string, place: string | null, byName: boolean): void => {
    if (told.has(s)) return;
    const steps: Where[] = place === null ? [(p) => !p.road] : [there(place), ...anywhere(place)];
    const got = take('count', 1, loose(steps));
    for (const p of got) land(h, i, p, place ?? p.at, s, byName);
    if (got.length > 0) told.add(s);
  };
  const bring = (h: Happening, i: number, roots: string[], place: string | null, byName: boolean): void => {
    const tree = treeOf(roots);
    for (const u of tree) if (isPiece(u)) tellApart(h, i, u, place, byName);
    if (place === null) return;
    for (const u of tree)
      for (const dim of dims())
        for (const p of take(dim, holds(u, dim) - lies(place, dim, u), only(u, anywhere(place))))
          land(h, i, p, place, u, byName);
  };
  const fill = (h: Happening, i: number, dim: string, n: number, unit: string, place: string | null): void => {
    if (n <= 0) return;
    const own = treeOf([unit]);
    const here = place === null ? (p: Parcel) => !p.road : there(place);
    const near1 = take(dim, n, without(own, [here]));
    const far = place === null ? [] : take(dim, n - total(near1), without(own, anywhere(place)));
    for (const p of near1) land(h, i, p, p.at, unit, true);
    for (const p of far) land(h, i, p, place, unit, true);
    const rest = n - total(near1) - total(far);
    owe({ n: rest, dim, at: place, unit: '', order: i, event: h.id, claim: { at: place, unit } });
    if (rest > 0) put({ n: rest, dim, road: false, at: place, unit });
  };
  const source = (kind: string, dim: string, n: number, place: string | null, unit: string, by?: string): void => {
    if (n <= 0) return;
    add(sums, `${dim} ${kind}`, -n);
    add(net, dim, n);
    put({ n, dim, road: false, at: place, unit, by });
  };
  const make = (h: Happening, i: number, things: Thing[]): void => {
    const { amounts, serials } = named(things);
    for (const [dim, n] of amounts) {
      const covered = dim === 'count' ? Math.min(n, Math.max(0, made.serial - made.lot)) : 0;
      if (dim === 'count') made.lot += n;
      source('made', dim, n - covered, lands(h), '');
    }
    for (const s of serials) {
      if (told.has(s)) continue;
      told.add(s);
      if (made.lot > made.serial) fill(h, i, 'count', 1, s, lands(h));
      else source('made', 'count', 1, lands(h), s);
      made.serial += 1;
    }
  };

  const receive = (h: Happening, i: number): void => {
    const place = lands(h) ?? h.destination?.location ?? null;
    const party = owner(place) ?? h.destination?.owning;
    const by = party ?? (place === null ? '' : root(place));
    const stated = h.source !== undefined || h.destination !== undefined;
    const senders = [h.source?.owning, h.source?.location].filter((x) => x !== undefined);
    const cameBack = (p: Parcel): boolean =>
      p.trip !== undefined && senders.some((s) => s === p.trip?.to || p.trip?.parties.includes(s));
    const last = lastReceived.get(place) ?? -1;
    const steps: Where[] = [
      (p) => h.shipment !== undefined && p.trip?.shipment === h.shipment && (p.road || (p.at !== place && !p.landed)),
      comingTo(place),
      comingToParty(place, party),
      (p) =>
        ownedBy(place, [h.source?.owning, owner(h.source?.location)])(p) ||
        (!p.road && p.at !== place && p.at === h.source?.location),
      (p) => p.road && cameBack(p),
      (p) => {
        const left = p.road ? (p.trip?.from ?? undefined) : undefined;
        return left !== undefined && senders.some((s) => s === left || s === owner(left));
      },
      onAnyRoad,
    ];
    const one = (dim: string, n: number, unit: string, whole: boolean): void => {
      let unmatched = 0;
      const news: Early[] = [];
      const close = (p: Parcel): void => {
        if (p.trip && cameBack(p) && !goesTo(p.trip, place, owner(place))) {
          if (!p.landed) p.trip.arrived += p.n;
          unmatched += p.n;
        } else if (p.trip) {
          if (!p.landed) p.trip.arrived += p.n;
        } else unmatched += p.n;
      };
      let want = n;
      if (unit === '' || whole) {
        const seen = parcels
          .filter(
            (p) =>
              p.dim === dim &&
              !p.road &&
              p.at === place &&
              p.seen !== undefined &&
              p.seen > last &&
              (!whole || p.unit === unit),
          )
          .sort((a, b) => Number(a.unit !== '') - Number(b.unit !== '') || a.born - b.born);
        let confirmable = whole ? lies(place, dim, unit) : want;
        for (const p of seen) {
          const part = Math.min(confirmable, p.n);
          if (part <= 0) break;
          confirmable -= part;
          if (!whole) want -= part;
          if (part < p.n) {
            // The rest keeps its age and comes right after.
            parcels.splice(parcels.indexOf(p) + 1, 0, { ...p, n: p.n - part });
            p.n = part;
          }
          close(p);
          p.by = by;
          p.seen = undefined;
          p.sent = p.trip?.departure ?? p.sent;
          p.trip = undefined;
          p.landed = undefined;
        }
        if (whole) {
          want -= lies(place, dim, unit);
          for (const p of parcels) if (p.dim === dim && !p.road && p.at === place && p.unit === unit) p.by = by;
        }
      }
      const tail: Where = whole ? away(place) : (p) => !p.road && p.by === undefined;
      const got = take(dim, want, whole ? only(unit, [...steps, tail]) : [...steps, tail]);
      for (const p of got) {
        const origin = p.road ? (p.trip?.from ?? null) : p.at;
        const to = unit || p.unit;
        close(p);
        if (!p.trip && (p.road || p.at !== place))
          news.push({ time: h.time.key, shipment: h.shipment, place, unit: to, dim, n: p.n, origin });
        put({ n: p.n, dim, road: false, at: place, unit: to, by, sent: p.trip?.departure ?? p.sent });
      }
      const rest = whole ? 0 : want - total(got);
      if (rest > 0) {
        unmatched += rest;
        news.push({ time: h.time.key, shipment: h.shipment, place, unit, dim, n: rest, origin: undefined });
        source('outside', dim, rest, place, unit, by);
      }
      if (stated && unmatched > 0) {
        const trip: Trip = {
          departure: null,
          first: h.id,
          to: place,
          from: null,
          parties: [],
          shipment: h.shipment,
          unit,
          dim,
          n: unmatched,
          arrived: unmatched,
        };
        trips.push(trip);
        for (const e of news) e.trip = trip;
      }
      early.push(...news);
    };
    const { amounts, units: us, serials } = named(h.things);
    const { tree, learnt } = resolve([...us, ...serials], i, place);
    for (const [dim, n] of amounts) one(dim, n, '', false);
    let touched = amounts.size > 0;
    for (const u of tree)
      for (const dim of dims()) {
        if (holds(u, dim) > 0) touched = true;
        one(dim, holds(u, dim), u, true);
      }
    for (const [u, things] of learnt)
      for (const [dim, n] of named(things).amounts) {
        touched = true;
        one(dim, n - holds(u, dim), u, false);
      }
    for (const s of tree.filter(isPiece)) {
      if (!told.has(s) || holds(s, 'count') <= 0) one('count', 1, s, false);
      told.add(s);
      touched = true;
    }
    if (touched) lastReceived.set(place, i);
  };

  type Give = (dim: string, n: number, unit: string, p?: Parcel) => void;
  const use = (h: Happening, i: number, things: Thing[], sink: string | undefined): void => {
    const place = takes(h);
    const { amounts, missing, units: us, serials } = named(things);
    const { tree, learnt } =
      sink === undefined ? resolve([...us, ...serials], i, place) : { tree: treeOf([...us, ...serials]), learnt: [] };
    const d = h.destination;
    const mine: Trip[] = [];
    const tripOf = (dim: string, unit: string): Trip => {
      let trip = mine.find((t) => t.dim === dim && t.unit === unit);
      if (!trip) {
        const parties = [d?.owning, owner(d?.location)].filter((x) => x !== undefined);
        trip = {
          departure: h.id,
          first: h.id,
          to: d?.location ?? d?.owning ?? null,
          from: place,
          parties,
          shipment: h.shipment,
          unit,
          dim,
          n: 0,
          arrived: 0,
        };
        mine.push(trip);
        trips.push(trip);
      }
      return trip;
    };
    const give: Give = (dim, n, unit, p) => {
      if (sink !== undefined) {
        add(sums, `${dim} ${sink}`, n);
        add(net, dim, -n);
        return;
      }
      const trip = tripOf(dim, unit);
      trip.n += n;
      if (p?.trip && !p.landed) p.trip.arrived += n;
      put({ n, dim, road: true, at: trip.to, unit, trip, by: p?.by, sent: p?.trip?.departure ?? p?.sent });
    };
    const amount = (dim: string, n: number, unit: string, to: Give): void => {
      const got = take(dim, n, [place === null ? (p) => !p.road : there(place)]);
      for (const p of got) {
        if (p.unit !== '' && !isPiece(p.unit)) finding('unpack-not-recorded', h.id, p.at, null, p.unit, dim, p.n);
        to(dim, p.n, unit, p);
      }
      const rest = n - total(got);
      if (rest <= 0) return;
      owe({ n: rest, dim, at: place, unit: isPiece(unit) ? unit : '', order: i, event: h.id });
      to(dim, rest, unit);
    };
    const goneBefore = (dim: string, n: number, unit: string): number => {
      if (sink !== undefined) return 0;
      let gone = 0;
      let back = 0;
      for (const e of [...early]) {
        if (n - gone - back <= 0) break;
        const trip = tripOf(dim, unit);
        const party = owner(place);
        const fits =
          e.dim === dim &&
          e.unit === unit &&
          goesTo(trip, e.place, owner(e.place)) &&
          (e.origin === undefined || near(e.origin, place) || (party !== undefined && owner(e.origin) === party)) &&
          (e.shipment !== undefined && h.shipment !== undefined
            ? e.shipment === h.shipment
            : Date.parse(`${h.time.key}Z`) - Date.parse(`${e.time}Z`) <= 3_600_000);
        if (!fits) continue;
        const part = Math.min(n - gone - back, e.n);
        e.n -= part;
        if (e.trip) {
          e.trip.n -= part;
          e.trip.arrived -= part;
        }
        trip.n += part;
        trip.arrived += part;
        if (e.origin === undefined) back += part;
        else gone += part;
      }
      early = early.filter((e) => e.n > 0);
      if (back > 0)
        amount(dim, back, '', (_, part) => {
          add(sums, `${dim} outside`, part);
          add(net, dim, -part);
        });
      return gone + back;
    };
    for (const [dim, n] of amounts) amount(dim, n - goneBefore(dim, n, ''), '', give);
    if (missing) {
      let some = false;
      for (const dim of dims()) {
        const n = place === null ? total(parcels.filter((p) => !p.road && p.dim === dim)) : lies(place, dim);
        if (n === 0) continue;
        some = true;
        amount(dim, n, '', give);
        finding('quantity-assumed', h.id, place, null, '', dim, n);
      }
      if (!some) finding('quantity-assumed', h.id, place, null, '', '', 0);
    }
    for (const u of tree) {
      const before = new Map(dims().map((dim) => [dim, holds(u, dim)]));
      for (const dim of dims()) {
        const known = holds(u, dim);
        if (known <= 0) continue;
        const n = known - goneBefore(dim, known, u);
        const got = take(dim, n, only(u, place === null ? [(p) => !p.road, () => true] : [there(place)]));
        for (const p of got) give(dim, p.n, u, p);
        const rest = n - total(got);
        owe({ n: rest, dim, at: place, unit: u, order: i, event: h.id });
        if (rest > 0) give(dim, rest, u);
        const outer = outerOf(u);
        if (outer !== undefined && !tree.includes(outer))
          finding('unpack-not-recorded', h.id, place, null, outer, dim, known);
      }
      const later = learnt.find(([unit]) => unit === u);
      if (later)
        for (const [dim, n] of named(later[1]).amounts)
          if (n > (before.get(dim) ?? 0)) amount(dim, n - (before.get(dim) ?? 0), u, give);
      if (isPiece(u) && !told.has(u)) {
        told.add(u);
        amount('count', 1, u, give);
      }
    }
  };

  const unship = (h: Happening): void => {
    const place = takes(h);
    const { amounts, missing, units: us, serials } = named(h.things);
    const mineFirst: Where[] = [
      (p) => p.road && p.trip !== undefined && (place === null || p.trip.from === place),
      onAnyRoad,
    ];
    const back = (got: Parcel[]): void => {
      for (const p of got) {
        if (p.trip) p.trip.n -= p.n;
        put({ ...p, road: false, at: p.trip?.from ?? place, trip: undefined });
      }
    };
    for (const [dim, n] of amounts) back(take(dim, n, mineFirst, true));
    for (const dim of dims()) {
      if (missing) {
        const road = parcels.filter((p) => p.dim === dim && p.road);
        const mine = road.filter((p) => p.trip?.from === place);
        const last = (mine.length > 0 ? mine : road).sort((a, b) => b.born - a.born)[0];
        const its = road.filter((p) => p.trip?.departure === last?.trip?.departure);
        back(take(dim, total(its), [(p) => its.some((x) => x.born === p.born)], true));
      }
      for (const u of treeOf([...us, ...serials]))
        back(
          take(dim, total(parcels.filter((p) => p.road && p.dim === dim && p.unit === u)), only(u, mineFirst), true),
        );
    }
  };

  const unpack = (h: Happening, i: number): void => {
    const unit = h.parent ?? '';
    const place = lands(h);
    const out = (dim: string, u: string, n: number): number => {
      const got = take(
        dim,
        Math.min(n, holds(u, dim)),
        only(u, [place === null ? (p) => !p.road : there(place), (p) => !p.road]),
      );
      for (const p of got) put({ ...p, at: place ?? p.at, unit: '' });
      return total(got);
    };
    bring(h, i, [unit], place, true);
    if (h.things.length === 0) {
      for (const dim of dims()) out(dim, unit, holds(unit, dim));
      return;
    }
    const { amounts, units: us, serials } = named(h.things);
    bring(h, i, [...us, ...serials], place, true);
    const inner = treeOf([unit]).filter((u) => u !== unit && !isPiece(u));
    for (const [dim, n] of amounts) {
      const before = lies(place, dim, '');
      let rest = n - out(dim, unit, n);
      for (const u of inner) {
        const part = rest > 0 ? out(dim, u, rest) : 0;
        rest -= part;
        if (part > 0) finding('unpack-not-recorded', h.id, place, null, u, dim, part);
      }
      if (place === null || rest <= before) continue;
      const steps: Where[] = [(p) => there(place)(p) && p.unit !== '', ...anywhere(place)];
      for (const p of take(dim, rest - before, without(treeOf([unit]), steps))) land(h, i, p, place, '', true);
    }
  };

  all.forEach((h, i) => {
    const { amounts, units: us, serials } = named(h.things);
    const place = lands(h);
    switch (h.verb) {
      case 'make':
        make(h, i, h.things);
        break;
      case 'receive':
        receive(h, i);
        break;
      case 'transform':
        use(h, i, h.things, 'consumed');
        make(h, i, h.outputs ?? []);
        break;
      case 'consume':
        use(h, i, h.things, 'consumed');
        break;
      case 'sell':
        use(h, i, h.things, 'sold');
        break;
      case 'scrap':
        use(h, i, h.things, 'scrapped');
        break;
      case 'ship':
        use(h, i, h.things, undefined);
        break;
      case 'unship':
        unship(h);
        break;
      case 'observe': {
        if (place === null) break;
        bring(h, i, [...us, ...serials], place, false);
        const from = h.source?.location;
        for (const [dim, n] of amounts) {
          if (from === undefined || from === place) {
            for (const p of take(dim, n - lies(place, dim), anywhere(place))) land(h, i, p, place, p.unit, false);
            continue;
          }
          const way: Where = (p) => p.road && p.trip?.from === from && goesTo(p.trip, place, owner(place));
          const got = take(dim, n, [way, there(from)]);
          for (const p of got) land(h, i, p, place, p.unit, false);
          const rest = n - total(got);
          owe({ n: rest, dim, at: from, unit: '', order: i, event: h.id, claim: { at: place, unit: '' } });
          if (rest > 0) put({ n: rest, dim, road: false, at: place, unit: '', seen: i });
        }
        break;
      }
      case 'count':
        if (place === null) break;
        bring(h, i, [...us, ...serials], place, false);
        for (const [dim, n] of amounts) {
          const packed = total(treeOf([...us, ...serials]).map((u) => ({ n: lies(place, dim, u) })));
          const more = n + packed - lies(place, dim) + total(owed.filter((o) => o.at === place && o.dim === dim));
          add(sums, `${dim} adjusted`, -more);
          add(net, dim, more);
          if (more > 0) put({ n: more, dim, road: false, at: place, unit: '' });
          for (const p of take(dim, -more, [there(place)]))
            if (p.unit !== '' && !isPiece(p.unit)) finding('unpack-not-recorded', h.id, place, null, p.unit, dim, p.n);
        }
        break;
      case 'pack':
      case 'contain':
        bring(h, i, [h.parent ?? ''], place, !(h.verb === 'contain' && h.things.length === 0));
        bring(h, i, [...us, ...serials], place, true);
        for (const [dim, n] of amounts) {
          const known =
            h.verb === 'contain' ? total(treeOf([h.parent ?? '']).map((u) => ({ n: Math.max(0, holds(u, dim)) }))) : 0;
          fill(h, i, dim, n - known, h.parent ?? '', place);
        }
        break;
      case 'unpack':
        unpack(h, i);
        break;
      default:
        break;
    }
    // What the event says of units holds from the next one on.
    if (h.parent !== undefined) {
      if (h.verb === 'pack') list(h.parent, h.things, 'add');
      if (h.verb === 'contain') list(h.parent, h.things, 'atLeast');
      if (h.verb === 'unpack' && h.things.length > 0) list(h.parent, h.things, 'remove');
      if (h.verb === 'unpack' && h.things.length === 0) emptied(h.parent);
    } else if (['ship', 'consume', 'sell', 'scrap', 'transform'].includes(h.verb)) {
      const ids = h.things.map((t) => t.id).filter((id) => nests.has(id));
      for (const u of ids) if (!ids.some((o) => o !== u && within(u, o))) leave(u);
      if (h.verb !== 'ship') for (const u of treeOf(ids)) emptied(u);
    }
    for (const [dim, n] of net) {
      const low = lowest.get(dim);
      if (n < (low?.n ?? 0)) lowest.set(dim, { n, event: low?.event ?? h.id });
    }
  });

  // ---- reading: what is below zero is settled
  const settle = (o: Owed): void => {
    const place = o.at;
    const pull = (steps: Where[]): void => {
      // Goods that this very act sent away are not where they came from.
      const others = steps.map(
        (step): Where =>
          (p) =>
            p.trip?.departure !== o.event && p.sent !== o.event && step(p),
      );
      for (const p of take(o.dim, o.n, others)) {
        const isThere = !p.road && p.at === place;
        const takenBack =
          o.claim !== undefined && (isThere || (!p.road && p.at === o.claim.at && p.unit === o.claim.unit));
        const quiet = takenBack || (!p.road && (place === null || near(p.at, place)));
        if (!quiet) finding('movement-not-recorded', o.event, place, p.at, o.unit || p.unit, o.dim, p.n);
        if (!o.claim && p.unit !== '' && p.unit !== o.unit && !isPiece(p.unit))
          finding('unpack-not-recorded', o.event, p.at, null, p.unit, o.dim, p.n);
        if (p.trip && goesTo(p.trip, place, owner(place)) && !p.landed) p.trip.arrived += p.n;
        o.n -= p.n;
      }
    };
    if (o.unit !== '') pull(only(o.unit, anywhere(place)));
    if (!o.claim) pull([there(place)]);
    const party = owner(place);
    const close: Where[] =
      place === null
        ? [away(null)]
        : [comingTo(place), comingToParty(place, party), inSite(place), ownedBy(place, [party])];
    pull([...close, (p) => !p.road && p.by === undefined]);
    if (o.claim) {
      const { at, unit } = o.claim;
      pull([(p) => !p.road && p.at === at && p.unit === unit, there(place)]);
    }
    if (o.n > 0) {
      finding('over-used', o.event, place, null, o.unit, o.dim, o.n);
      add(sums, `${o.dim} unexplained`, -o.n);
    }
    o.n = 0;
  };
  const open = [...owed].sort(
    (a, b) => Number(a.claim !== undefined) - Number(b.claim !== undefined) || a.order - b.order || a.serial - b.serial,
  );
  for (const o of open) {
    settle(o);
    owed = owed.filter((x) => x !== o);
  }
  for (const [dim, low] of lowest) {
    const recovered = Math.min(0, net.get(dim) ?? 0) - low.n;
    if (recovered > 0) finding('out-of-order', low.event, null, null, '', dim, recovered);
  }

  const hand = new Map<string, [number, number]>();
  for (const p of parcels) {
    if (p.road) add(sums, `${p.dim} shipped ${p.at} ${p.unit}`, p.n);
    else {
      const key = `${p.dim} ${p.at} ${p.unit}`;
      const [n, r] = hand.get(key) ?? [0, 0];
      hand.set(key, [n + p.n, r + (p.by === undefined ? 0 : p.n)]);
    }
  }
  return {
    onHand: [...hand].map(([key, [n, r]]) => `${key} = ${n} (${r})`).sort(),
    accounts: [...sums]
      .filter(([, n]) => n !== 0)
      .map(([key, n]) => `${key} = ${n}`)
      .sort(),
    findings: [...found].map(([key, n]) => `${key} = ${n}`).sort(),
    legs: trips
      .filter((t) => t.n > 0)
      .map(
        (t) => `${t.departure ?? `arrival ${t.first}`} ${t.unit} ${t.dim} = ${t.n} (${Math.max(0, t.n - t.arrived)})`,
      )
      .sort(),
  };
};
