import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { MasterDataCaptured } from '#contracts';
import { compileValidator } from '../validation/validator.js';
import { readEpcisDocument } from './document.js';

const seafood = JSON.parse(readFileSync('examples/seafood-gdst.epcis.jsonld', 'utf8'));
const read = (value: unknown) => {
  const result = readEpcisDocument(value);
  if ('problems' in result) throw new Error(JSON.stringify(result.problems));
  return result.document;
};
const problemsOf = (value: unknown) => {
  const result = readEpcisDocument(value);
  return 'problems' in result ? result.problems.map(({ code, field }) => [code, field]) : [];
};

describe('an EPCIS document', () => {
  it('gives its events, its context and one element of master data each', () => {
    const document = read(seafood);
    expect(document.events).toBe(seafood.epcisBody.eventList);
    expect(document.context.prefixes).toMatchObject({ gdst: 'https://traceability-dialogue.org/epcis' });
    expect(document.masterData).toHaveLength(20);
    const kinds = document.masterData.map(({ kind }) => kind);
    expect(kinds.filter((kind) => kind === 'item')).toHaveLength(6);
    expect(new Set(kinds)).toEqual(new Set(['item', 'place', 'party']));
    expect(document.masterData.find(({ statedId }) => statedId === 'urn:epc:id:sgln:08600031303.1.1')).toMatchObject({
      kind: 'place',
      id: expect.stringMatching(/^https:\/\/id\.gs1\.org\/414\/086000313031\d\/254\/1$/),
      statedAt: seafood.creationDate,
    });
    const validate = compileValidator(MasterDataCaptured.data);
    for (const element of document.masterData) expect(validate(element)).toEqual([]);
  });

  it.each([
    ['urn:epcglobal:epcis:vtype:BusinessLocation', 'urn:x:1', 'place'],
    ['https://ref.gs1.org/epcis/ReadPoint', 'urn:x:1', 'place'],
    ['epcis:EPCClass', 'urn:x:1', 'item'],
    ['urn:epcglobal:epcis:vtype:SourceDest', 'urn:epc:id:sgln:4012345.00225.0', 'place'],
    ['urn:epcglobal:epcis:vtype:SourceDest', 'urn:epc:id:pgln:4012345.00225', 'party'],
    ['urn:epcglobal:epcis:vtype:BusinessTransaction', 'urn:x:1', 'other'],
  ])('knows what a vocabulary %s is of', (type, id, kind) => {
    const vocabularyList = [{ type, vocabularyElementList: [{ id, children: ['urn:x:2'] }] }];
    const document = read({
      ...seafood,
      epcisHeader: { epcisMasterData: { vocabularyList } },
      epcisBody: { eventList: [] },
    });
    expect(document.masterData).toMatchObject([{ kind, statedId: id, attributes: [], children: ['urn:x:2'] }]);
  });

  it.each([
    ['no object', [], [['wrong-type', '']]],
    ['no type', { ...seafood, type: undefined }, [['missing-field', '/type']]],
    ['another type', { ...seafood, type: 'EPCISMasterDataDocument' }, [['unknown-document-type', '/type']]],
    ['no context', { ...seafood, '@context': undefined }, [['missing-field', '/@context']]],
    ['no list', { ...seafood, epcisBody: { eventList: {} } }, [['wrong-type', '/epcisBody/eventList']]],
    [
      'another body',
      { ...seafood, type: 'EPCISQueryDocument' },
      [
        ['missing-field', '/epcisBody/queryResults'],
        ['unknown-field', '/epcisBody/eventList'],
      ],
    ],
    ['an unknown field', { ...seafood, epcisBdy: 1 }, [['unknown-field', '/epcisBdy']]],
    [
      'nothing in it',
      { ...seafood, epcisHeader: undefined, epcisBody: { eventList: [] } },
      [['empty', '/epcisBody/eventList']],
    ],
    [
      'an element without id',
      {
        ...seafood,
        epcisHeader: { epcisMasterData: { vocabularyList: [{ type: 'x', vocabularyElementList: [{}] }] } },
      },
      [['missing-field', '/epcisHeader/epcisMasterData/vocabularyList/0/vocabularyElementList/0/id']],
    ],
  ])('is none with %s', (_, value, problems) => expect(problemsOf(value)).toEqual(problems));
});
