import { describe, expect, it } from '@jest/globals';
import { takenFrom } from './taken-from.js';

const [PLANT, SHOP, DEPOT] = ['0016', '0023', '0030'].map((end) => `https://id.gs1.org/414/950600010${end}`) as [
  string,
  string,
  string,
];
const MILK = 'https://id.gs1.org/01/09506000134352';
const amount = { value: '1', unit: 'KGM' };

describe('where an allocation is taken from', () => {
  it('is where its lines say', () => {
    const lines = [PLANT, SHOP, PLANT].map((place) => ({ lot: `${MILK}/10/A`, place, amount }));
    expect(takenFrom({ lines })).toEqual({ places: [PLANT, SHOP], items: [] });
  });

  it('is the place of each wanted line, or the preferred one; else wherever there is any of the item', () => {
    const wanted = [
      { item: MILK, amount, place: PLANT, preferredPlace: SHOP },
      { item: MILK, amount, preferredPlace: DEPOT },
      { item: '09506000134369', amount },
    ];
    expect(takenFrom({ wanted })).toEqual({
      places: [PLANT, DEPOT],
      items: ['https://id.gs1.org/01/09506000134369'],
    });
  });

  it('is the same of one item', () => {
    expect(takenFrom({ item: MILK, place: PLANT })).toEqual({ places: [PLANT], items: [] });
    expect(takenFrom({ item: MILK, preferredPlace: SHOP })).toEqual({ places: [SHOP], items: [] });
    expect(takenFrom({ item: '09506000134352' })).toEqual({ places: [], items: [MILK] });
  });
});
