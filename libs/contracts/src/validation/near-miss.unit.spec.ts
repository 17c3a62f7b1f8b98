import { describe, expect, it } from '@jest/globals';
import { BIZ_STEPS } from '../epcis/vocabulary/biz-step.js';
import { nearest } from './near-miss.js';

describe('nearest', () => {
  it.each([
    ['shippping', 'shipping'],
    ['Shipping', 'shipping'],
    ['recieving', 'receiving'],
    ['comissioning', 'commissioning'],
    ['stocktaking', 'stock_taking'],
    ['retail-selling', 'retail_selling'],
    ['void_ship', 'void_shipping'],
  ])('takes %s for %s', (word, meant) => expect(nearest(word, BIZ_STEPS.terms)).toBe(meant));

  it.each(['', 'x', 'harvest', 'farmHarvest', 'a'.repeat(100_000)])('takes nothing for another word', (word) =>
    expect(nearest(word, BIZ_STEPS.terms)).toBeUndefined(),
  );

  it('takes the beginning of a word, or a word with an end too many', () => {
    expect(nearest('ADDED', ['ADD', 'OBSERVE', 'DELETE'])).toBe('ADD');
    expect(nearest('bizLoc', ['bizStep', 'bizLocation'])).toBe('bizLocation');
  });
});
