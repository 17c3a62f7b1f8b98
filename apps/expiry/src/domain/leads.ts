import { decided, ExpiryLeadsSet, type DataOf, type DecidedOf } from '#contracts';
import { canonicalJson, type Decider } from '#kernel';

export type LeadRule = DataOf<typeof ExpiryLeadsSet>;
export type LeadEvent = DecidedOf<typeof ExpiryLeadsSet>;

/** What is set, by item and site. */
export type Leads = ReadonlyMap<string, LeadRule>;

export interface SetLeads {
  type: 'set';
  rule: LeadRule;
  /** ISO 8601. */
  now: string;
}

export const ruleKey = ({ item, site }: Pick<LeadRule, 'item' | 'site'>): string =>
  canonicalJson([item ?? null, site ?? null]);

/** The largest first, each once. */
const inOrder = (leads: readonly number[]): number[] => [...new Set(leads)].sort((a, b) => b - a);

export const leadsDecider: Decider<Leads, SetLeads, LeadEvent> = {
  initialState: () => new Map(),
  evolve: (rules, { data }) => {
    const next = new Map(rules);
    if (data.leads === undefined) next.delete(ruleKey(data));
    else next.set(ruleKey(data), data);
    return next;
  },
  decide: ({ rule, now }, rules) => {
    const leads = rule.leads === undefined ? undefined : inOrder(rule.leads);
    const before = rules.get(ruleKey(rule))?.leads;
    if (canonicalJson(before) === canonicalJson(leads)) return [];
    const { leads: _, ...named } = rule;
    return [decided(ExpiryLeadsSet, now, { ...named, ...(leads && { leads }) })];
  },
};
