/** Leads for an item at a place; '' stands for every item, every place. */
export interface PlaceRule {
  item: string;
  site: string;
  leads: readonly number[];
  /** Position of what set it. */
  set_at: string;
}

interface Whereabouts {
  place: string;
  site: string;
  depth: number;
}

/**
 * One rule for an item and a site, whatever places of the site leads were set for: of several that of the most specific place
 * counts, then the one that was set last.
 * @param places of the rules; one that is not among them is a site of its own.
 */
export const leadsBySite = (rules: readonly PlaceRule[], places: readonly Whereabouts[]): PlaceRule[] => {
  const known = new Map(places.map((at) => [at.place, at]));
  const counts = new Map<string, { rule: PlaceRule; depth: number }>();
  for (const rule of rules) {
    const { site, depth } = known.get(rule.site) ?? { site: rule.site, depth: 0 };
    const key = JSON.stringify([rule.item, site]);
    const other = counts.get(key);
    if (other === undefined || depth > other.depth || (depth === other.depth && rule.set_at > other.rule.set_at))
      counts.set(key, { rule: { ...rule, site }, depth });
  }
  return [...counts.values()].map(({ rule }) => rule);
};
