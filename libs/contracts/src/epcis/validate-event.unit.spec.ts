import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parseLossless, withPlainNumbers } from '#kernel';
import { readContext } from './context.js';
import { context, everyField } from './every-field.fixture.js';
import { validateEpcisEvent } from './validate-event.js';

const codesOf = (event: unknown): [string, string | undefined][] =>
  validateEpcisEvent(event, context.prefixes).map(({ code, field }) => [code, field]);

describe('validateEpcisEvent', () => {
  it.each(everyField.map((event) => [event.type, event] as const))('takes a %s with every field', (_, event) =>
    expect(validateEpcisEvent(event, context.prefixes)).toEqual([]),
  );

  it('takes the real file as it is', () => {
    const document = parseLossless(readFileSync('examples/seafood-gdst.epcis.jsonld', 'utf8')) as any;
    const { prefixes } = readContext(document['@context']);
    for (const event of document.epcisBody.eventList)
      expect(validateEpcisEvent(withPlainNumbers(event), prefixes)).toEqual([]);
  });

  it('never refuses what only the business could say no to', () => {
    const [event] = everyField;
    for (const changes of [
      { quantityList: [{ epcClass: 'urn:epc:class:lgtin:40.0.malformed', quantity: 0 }] },
      { epcList: ['urn:epc:id:sscc:08600031303.0004'] },
      { eventTime: '2099-01-01T00:00:00Z' },
      { action: 'DELETE', bizStep: 'consuming' },
      { quantityList: [{ epcClass: 'urn:x:1', quantity: 1, uom: 'X9' }] },
    ])
      expect(validateEpcisEvent({ ...event, ...changes }, context.prefixes)).toEqual([]);
  });

  const [object, aggregation, , transaction, transformation, association] = everyField;
  it.each([
    [
      'ObjectEvent without objects',
      { ...object, epcList: [], quantityList: undefined, sensorElementList: undefined },
      'missing-field',
      '/epcList',
    ],
    ['AggregationEvent ADD without parent', { ...aggregation, parentID: undefined }, 'missing-field', '/parentID'],
    [
      'AggregationEvent ADD without children',
      { ...aggregation, childEPCs: [], childQuantityList: [] },
      'missing-field',
      '/childEPCs',
    ],
    [
      'TransactionEvent without transaction',
      { ...transaction, bizTransactionList: [] },
      'missing-field',
      '/bizTransactionList',
    ],
    ['TransformationEvent with action', { ...transformation, action: 'ADD' }, 'unknown-field', '/action'],
    ['AssociationEvent without parent', { ...association, parentID: undefined }, 'missing-field', '/parentID'],
    ['an offset too far', { ...object, eventTimeZoneOffset: '+14:30' }, 'ill-formed', '/eventTimeZoneOffset'],
    ['an id with a line break', { ...object, epcList: ['urn:x:a\nb'] }, 'not-an-id', '/epcList/0'],
    ['an id with a zero byte', { ...object, eventID: 'urn:x:\0' }, 'bad-text', '/eventID'],
    ['an id with half a character', { ...object, eventID: 'urn:x:\ud800' }, 'bad-text', '/eventID'],
    ['an id without end', { ...object, eventID: `urn:x:${'1'.repeat(600)}` }, 'too-long', '/eventID'],
    [
      'a source without type',
      { ...object, sourceList: [{ source: 'urn:x:1' }] },
      'missing-field',
      '/sourceList/0/type',
    ],
    [
      'a near-miss source type',
      { ...object, sourceList: [{ type: 'owning_pary', source: 'urn:x:1' }] },
      'not-in-vocabulary',
      '/sourceList/0/type',
    ],
    [
      'a near-miss transaction type',
      { ...object, bizTransactionList: [{ type: 'desadvv', bizTransaction: '1' }] },
      'not-in-vocabulary',
      '/bizTransactionList/0/type',
    ],
    [
      'a near-miss error reason',
      { ...object, errorDeclaration: { declarationTime: '2026-04-06T00:00:00Z', reason: 'did_not_ocur' } },
      'not-in-vocabulary',
      '/errorDeclaration/reason',
    ],
    [
      'a near-miss persistent disposition',
      { ...object, persistentDisposition: { set: ['completeness_verifed'] } },
      'not-in-vocabulary',
      '/persistentDisposition/set/0',
    ],
    [
      'an impossible sensor time',
      { ...object, sensorElementList: [{ sensorReport: [{ time: '2026-02-30T00:00:00Z' }] }] },
      'impossible-date',
      '/sensorElementList/0/sensorReport/0/time',
    ],
    [
      'a sensor value as text',
      { ...object, sensorElementList: [{ sensorReport: [{ value: '7' }] }] },
      'wrong-type',
      '/sensorElementList/0/sensorReport/0/value',
    ],
    [
      'an impossible date in JSON-LD dress',
      { ...object, ilmd: { 'cbvmda:bestBeforeDate': { '@value': '2026-02-30' } } },
      'impossible-date',
      '/ilmd/cbvmda:bestBeforeDate',
    ],
    [
      'a date that is a number',
      { ...object, ilmd: { 'cbvmda:productionDate': 20260401 } },
      'ill-formed',
      '/ilmd/cbvmda:productionDate',
    ],
    ['a prototype as type', { ...object, type: 'constructor' }, 'unknown-event-type', '/type'],
  ])('names %s', (_, event, code, field) => expect(codesOf(event)).toContainEqual([code, field]));

  it('asks a TransformationEvent for both sides unless others may report the rest', () => {
    const { inputEPCList: _e, inputQuantityList: _q, ...outputs } = transformation!;
    expect(codesOf(outputs)).toEqual([]);
    expect(codesOf({ ...outputs, transformationID: undefined })).toEqual([['missing-field', '/inputQuantityList']]);
  });

  it('names everything at once', () => {
    const event = { ...object, action: 'ADDED', bizStep: 'shippping', quantityList: [{ epcClass: 'x', quantity: -1 }] };
    expect(
      codesOf(event)
        .map(([, field]) => field)
        .sort(),
    ).toEqual(['/action', '/bizStep', '/quantityList/0/epcClass', '/quantityList/0/quantity'].sort());
  });

  it('answers any JSON with problems, never with an exception', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.constantFrom(...everyField), (value, event) => {
        expect(validateEpcisEvent(value).length).toBeGreaterThan(0);
        for (const field of Object.keys(event)) validateEpcisEvent({ ...event, [field]: value });
      }),
      { numRuns: 50 },
    );
  });
});
