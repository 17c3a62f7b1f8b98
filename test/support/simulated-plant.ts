import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { accountName, dayText, decimalText, exposureTo, type familiesOf, reachOf, type Truth } from '#simulator';
import type { Standalone } from './start-standalone.js';

/** Amounts by what they are of, in thousandths; nothing is listed at zero. */
export type Amounts = Record<string, string>;

/** Whole thousandths of a decimal text. */
const thousandths = (value: string): number => Math.round(Number(value) * 1000);

const summed = (rows: Iterable<readonly [string, number]>): Amounts => {
  const sums = new Map<string, number>();
  for (const [of, amount] of rows) sums.set(of, (sums.get(of) ?? 0) + amount);
  return Object.fromEntries(
    [...sums]
      .filter(([, amount]) => amount !== 0)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([of, amount]) => [of, `${amount < 0 ? '-' : ''}${decimalText(Math.abs(amount))}`]),
  );
};

export interface Reads {
  get(path: string, query?: Record<string, string>): Promise<any>;
  /** All pages of a list. */
  all(path: string, query?: Record<string, string>): Promise<any[]>;
}

export const readsOf = ({ api }: Pick<Standalone, 'api'>, position: string): Reads => {
  const get: Reads['get'] = async (path, query = {}) => {
    const asked = new URLSearchParams({ minPosition: position, ...query }).toString();
    let { status, body } = await api('GET', `${path}?${asked}`);
    // As a client does that is told when to ask again; the test's own time limit says when that is too late.
    while (status === 503 && body.code === 'read-model-behind') {
      await sleep(body.retryAfter * 1_000);
      ({ status, body } = await api('GET', `${path}?${asked}`));
    }
    if (status !== 200) throw new Error(`${path}: ${status} ${JSON.stringify(body)}`);
    return body;
  };
  return {
    get,
    all: async (path, query = {}) => {
      const items: any[] = [];
      for (let cursor: string | undefined; ;) {
        const page = await get(path, { ...query, limit: '200', ...(cursor !== undefined && { cursor }) });
        items.push(...page.items);
        if (page.next === undefined) return items;
        cursor = page.next;
      }
    },
  };
};

const AT_ONCE = 8;

/** Of which things an answer is not as it should be: name, what was told, what is true. */
export const differing = async <T>(
  things: readonly T[],
  nameOf: (thing: T) => string,
  both: (thing: T) => Promise<readonly [told: unknown, wanted: unknown]>,
): Promise<{ of: string; told: unknown; wanted: unknown }[]> => {
  const found: { of: string; told: unknown; wanted: unknown }[] = [];
  const left = [...things];
  const work = async (): Promise<void> => {
    for (let thing = left.shift(); thing !== undefined; thing = left.shift()) {
      const [told, wanted] = await both(thing);
      if (!isDeepStrictEqual(told, wanted)) found.push({ of: nameOf(thing), told, wanted });
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return found.sort((a, b) => (a.of < b.of ? -1 : 1));
};

export const trueAccounts = (truth: Truth, lot: number): Amounts =>
  summed(
    truth.book.accounts(lot).map(({ account, amount }) => {
      const name = accountName(account);
      return ['place' in name ? `${name.kind} ${truth.world.places[name.place]!.link}` : name.kind, amount] as const;
    }),
  );

const placeRows = (truth: Truth, lot: number): [string, number][] =>
  truth.book.accounts(lot).flatMap(({ account, amount }): [string, number][] => {
    const name = accountName(account);
    return name.kind === 'place' ? [[`${truth.lots.idOf(lot)} ${truth.world.places[name.place]!.link}`, amount]] : [];
  });

/** What lies where of a lot: `lot place` to amount. */
export const trueStockOf = (truth: Truth, lot: number): Amounts => summed(placeRows(truth, lot));

/** The same of all lots of an item. */
export const trueStock = (truth: Truth, item: number): Amounts =>
  summed(
    Array.from({ length: truth.lots.count }, (_, lot) => lot)
      .filter((lot) => truth.lots.itemOf(lot) === item)
      .flatMap((lot) => placeRows(truth, lot)),
  );

export const toldStock = (rows: readonly any[]): Amounts =>
  summed(rows.map(({ lot, place, amount }) => [`${lot} ${place}`, thousandths(amount.value)] as const));

export const trueExpiry = (truth: Truth, lot: number): string => dayText(truth.lots.get(lot).expiry);

export const toldAccounts = (view: any): Amounts =>
  summed(
    view.accounts.map(({ kind, place, amount }: any) => [
      kind === 'place' || kind === 'shipped' ? `${kind} ${place}` : kind,
      thousandths(amount.value),
    ]),
  );

/** One transformation away. @param families of the same truth. */
export const trueFamily = (
  truth: Truth,
  families: ReturnType<typeof familiesOf>,
  lot: number,
): { parents: Amounts; children: Amounts } => {
  const family = families.get(lot);
  const named = (of: ReadonlyMap<number, number> | undefined): Amounts =>
    summed([...(of ?? [])].map(([other, amount]) => [truth.lots.idOf(other), amount] as const));
  return { parents: named(family?.parents), children: named(family?.children) };
};

/** The same from a trace of depth 1. */
export const toldFamily = (trace: any): { parents: Amounts; children: Amounts } => ({
  parents: summed(
    trace.back.transformations.flatMap((t: any) => t.inputs.map((i: any) => [i.lot, thousandths(i.amount.value)])),
  ),
  children: summed(
    trace.forward.transformations.flatMap((t: any) => t.outputs.map((o: any) => [o.lot, thousandths(o.amount.value)])),
  ),
});

const rounded = (share: number): string => (Math.round(share * 1e6) / 1e6).toFixed(6);

/** φ of everything that suspects are in, to six decimals. */
export const trueShares = (truth: Truth, suspects: readonly number[]): Record<string, string> => {
  const shares = exposureTo(truth, suspects);
  // What is reached is listed, however little of it there is.
  const rows = [...reachOf(truth, suspects)].map((lot): [string, string] => {
    const share = shares[lot] ?? 0;
    return [truth.lots.idOf(lot), Number.isNaN(share) ? 'unknown' : rounded(share)];
  });
  return Object.fromEntries(rows.sort(([a], [b]) => (a < b ? -1 : 1)));
};

export const toldShares = (lots: readonly any[]): Record<string, string> =>
  Object.fromEntries(
    lots
      .filter(({ kind }: any) => kind === 'lot')
      .map(({ id, exposure }: any) => [id, exposure.share === null ? 'unknown' : rounded(exposure.share)])
      .sort(([a]: any, [b]: any) => (a < b ? -1 : 1)),
  );

/** Who was sent how much of which of these lots: `party lot` to amount. */
export const trueConsignees = (truth: Truth, of: ReadonlySet<number>): Amounts => {
  const rows: [string, number][] = [];
  for (let n = 0; n < truth.consignments.count; n++) {
    const { consignee, lot, amount } = truth.consignments.get(n);
    if (of.has(lot)) rows.push([`${truth.world.parties[consignee]!.link} ${truth.lots.idOf(lot)}`, amount]);
  }
  return summed(rows);
};

export const toldConsignees = (consignees: readonly any[]): Amounts =>
  summed(
    consignees.flatMap(({ party, inferred, lots }) =>
      lots.map(({ lot, amount }: any) => [`${inferred ? 'inferred ' : ''}${party} ${lot}`, thousandths(amount.value)]),
    ),
  );
