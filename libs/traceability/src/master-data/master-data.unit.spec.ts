import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { seafoodMaster } from '../memory-graph/spec/seafood-file.js';
import { masterDataOf, type MasterDataEntry } from './master-data.js';

const said = (
  at: string,
  by: string,
  value: MasterDataEntry['value'],
  kind: MasterDataEntry['kind'],
): MasterDataEntry => ({ at, by, kind, value }) as MasterDataEntry;

describe('master data', () => {
  it('names places, parties and items of an EPCIS header', () => {
    const master = seafoodMaster();
    expect(master.place('urn:gdst:example.org:location:loc:processor.plant1u')).toEqual({
      id: 'urn:gdst:example.org:location:loc:processor.plant1u',
      name: 'Processing Plant',
      party: 'urn:gdst:example.org:party:processor.1u',
    });
    expect(master.party('urn:gdst:example.org:party:importer.1u')?.name).toBe('Importer');
    expect(master.item('urn:gdst:example.org:product:class:processor.2u')).toMatchObject({ name: 'Can of Tuna' });
    expect(master.places.size).toBe(8);
  });

  it('takes of two statements the later, member by member, in whatever order they come', () => {
    const entries = [
      said('2026-01-01', 'a', { id: 'P', name: 'old', party: 'X' }, 'place'),
      said('2026-02-01', 'b', { id: 'P', name: 'new' }, 'place'),
      said('2026-02-01', 'c', { id: 'P', name: 'newest' }, 'place'),
      said('2026-01-01', 'a', { id: 'P.1', parent: 'P' }, 'place'),
    ];
    fc.assert(
      fc.property(fc.shuffledSubarray(entries, { minLength: entries.length }), (shuffled) => {
        const master = masterDataOf(shuffled);
        expect(master.place('P')).toEqual({ id: 'P', name: 'newest', party: 'X' });
        expect(master.place('P.1')).toEqual({ id: 'P.1', parent: 'P', party: 'X' });
      }),
    );
  });

  it('has nothing left of what a later statement says is not there any more', () => {
    const entries = [
      said(
        '2026-01-01',
        'a',
        { id: 'I', name: 'Milk', shelfLife: { rule: 'fixed', days: 14 }, tolerance: '0.02' },
        'item',
      ),
      said('2026-02-01', 'b', { id: 'I', shelfLife: null }, 'item'),
    ];
    for (const order of [entries, entries.toReversed()])
      expect(masterDataOf(order).item('I')).toEqual({ id: 'I', name: 'Milk', tolerance: '0.02' });
  });

  it('has a GLN with extension lie within the place of the GLN', () => {
    const site = 'https://id.gs1.org/414/9521321000018';
    const master = masterDataOf([said('1', 'a', { id: site, name: 'Dairy', party: 'X' }, 'place')]);
    expect(master.place(`${site}/254/COLD-2`)).toEqual({ id: `${site}/254/COLD-2`, parent: site, party: 'X' });
    expect(master.place('https://id.gs1.org/414/9506000100016/254/A')).toBeUndefined();
  });

  it('ends where places are said to lie within each other', () => {
    const master = masterDataOf([
      said('1', 'a', { id: 'P', parent: 'Q' }, 'place'),
      said('1', 'a', { id: 'Q', parent: 'P' }, 'place'),
    ]);
    expect(master.place('P')).toEqual({ id: 'P', parent: 'Q' });
  });
});
