import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { leadsBySite, type PlaceRule } from './leads-by-site.js';

const places = [
  { place: 'wh', site: 'wh', depth: 0 },
  { place: 'wh/dock', site: 'wh', depth: 1 },
  { place: 'wh/hall', site: 'wh', depth: 1 },
  { place: 'wh/hall/shelf', site: 'wh', depth: 2 },
];
const rule = (item: string, site: string, lead: number, set_at: string): PlaceRule => ({
  ...{ item, site, set_at },
  leads: [lead],
});

describe('leads by site', () => {
  it('are those of the most specific place, then those set last, in whatever order they are read', () => {
    const rules = [
      rule('', 'wh', 1, '09'),
      rule('', 'wh/dock', 2, '03'),
      rule('', 'wh/hall', 3, '04'),
      rule('milk', 'wh', 4, '01'),
      rule('milk', '', 5, '02'),
      rule('', 'elsewhere', 6, '05'),
      rule('nuts', 'wh/hall', 7, '06'),
      rule('nuts', 'wh/hall/shelf', 8, '02'),
    ];
    fc.assert(
      fc.property(fc.shuffledSubarray(rules, { minLength: rules.length }), (order) => {
        const found = leadsBySite(order, places).map(({ item, site, leads }) => [item, site, ...leads].join(' '));
        expect(found.sort()).toEqual([' elsewhere 6', ' wh 3', 'milk  5', 'milk wh 4', 'nuts wh 8']);
      }),
    );
  });
});
