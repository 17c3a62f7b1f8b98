/**
 * A way from an item over what it leads to back to itself.
 * @returns the items on the way, the first and the last being it; undefined where there is none.
 */
export const circleThrough = (
  start: string,
  leadsTo: ReadonlyMap<string, ReadonlySet<string>>,
): string[] | undefined => {
  const cameFrom = new Map<string, string>();
  const waiting = [start];
  for (let item = waiting.pop(); item !== undefined; item = waiting.pop())
    for (const next of leadsTo.get(item) ?? []) {
      if (next === start) {
        const way = [start];
        for (let at: string | undefined = item; at !== undefined && at !== start; at = cameFrom.get(at))
          way.unshift(at);
        return [start, ...way];
      }
      if (cameFrom.has(next)) continue;
      cameFrom.set(next, item);
      waiting.push(next);
    }
  return undefined;
};
