import { calendarDay, type Problem, unstorableTexts } from '#kernel';
import { compileValidator } from '../validation/validator.js';
import { found } from '../validation/found.js';
import { nearest } from '../validation/near-miss.js';
import { expandTerm } from './context.js';
import { EPCIS_EVENT_TYPES, epcisEvents, epcisEventType, type EpcisEvent, type EpcisEventType } from './events.js';
import { BIZ_STEPS } from './vocabulary/biz-step.js';
import { BIZ_TRANSACTION_TYPES } from './vocabulary/biz-transaction-type.js';
import { DISPOSITIONS } from './vocabulary/disposition.js';
import { ERROR_REASONS } from './vocabulary/error-reason.js';
import { SOURCE_DESTINATION_TYPES } from './vocabulary/source-destination-type.js';
import { readTerm, type Vocabulary } from './vocabulary/vocabulary.js';

const validators = Object.fromEntries(
  EPCIS_EVENT_TYPES.map((type) => [type, compileValidator(epcisEvents[type])]),
) as Record<EpcisEventType, ReturnType<typeof compileValidator>>;

type Prefixes = Readonly<Record<string, string>>;

/**
 * Everything that is wrong with an EPCIS 2.0 event: its shape, its vocabulary (a term written as CBV that is none, with
 * what was probably meant), dates that cannot be, ids that are none. What an event says is never judged here: facts are
 * not refused for business reasons, and a malformed GS1 key is only a warning of `canonicalId`.
 * @param event with plain numbers (`withPlainNumbers`).
 * @param prefixes those of its document's `@context`.
 * @returns an empty list where it is valid; fields are JSON pointers within the event.
 */
export const validateEpcisEvent = (event: unknown, prefixes: Prefixes = {}): Problem[] => {
  if (event === null || typeof event !== 'object' || Array.isArray(event))
    return [
      {
        code: 'wrong-type',
        message: 'an event is a JSON object',
        field: '',
        found: found(event),
        expected: 'an object',
      },
    ];
  // Nothing below has to expect such texts.
  const unstorable = unstorableTexts(event);
  if (unstorable.length > 0) return unstorable;
  const { type: stated } = event as { type?: unknown };
  if (stated === undefined)
    return [{ code: 'missing-field', message: 'type is missing', field: '/type', expected: oneOfTypes() }];
  const type = epcisEventType(stated);
  if (type === undefined) {
    const meant = typeof stated === 'string' ? nearest(stated, EPCIS_EVENT_TYPES) : undefined;
    return [
      {
        code: 'unknown-event-type',
        message: `${JSON.stringify(found(stated))} is no EPCIS event type${meant === undefined ? '' : `; did you mean ${meant}?`}`,
        field: '/type',
        found: found(stated),
        expected: meant ?? oneOfTypes(),
      },
    ];
  }
  const known = event as EpcisEvent;
  const problems = validators[type](event, '', { tolerates: (name) => Object.hasOwn(prefixes, name) });
  // What the vocabulary and the rules look at has the right shape only where the schema says so.
  if (problems.length > 0) return [...problems, ...vocabularyProblems(known, prefixes)];
  return [...vocabularyProblems(known, prefixes), ...dateProblems(known, prefixes), ...ruleProblems(type, known)];
};

const oneOfTypes = (): string => `one of ${EPCIS_EVENT_TYPES.join(', ')}`;

const vocabularyProblems = (event: EpcisEvent, prefixes: Prefixes): Problem[] => {
  const problems: Problem[] = [];
  const check = (vocabulary: Vocabulary, text: unknown, field: string): void => {
    if (typeof text !== 'string' || text === '') return;
    const read = readTerm(vocabulary, text, prefixes);
    if (read.kind !== 'unknown' || (Object.hasOwn(prefixes, text) && !text.includes(':'))) return;
    const meant = nearest(read.term, vocabulary.terms);
    problems.push({
      code: 'not-in-vocabulary',
      message: `${JSON.stringify(found(text))} is no ${vocabulary.name} of the CBV${meant === undefined ? '' : `; did you mean ${meant}?`}`,
      field,
      found: found(text),
      expected: meant ?? `a ${vocabulary.name} of CBV 2.0, or the URI of another vocabulary`,
    });
  };
  const each = (list: unknown, visit: (item: Record<string, unknown>, i: number) => void): void => {
    if (Array.isArray(list))
      list.forEach((item: unknown, i) => {
        if (item !== null && typeof item === 'object') visit(item as Record<string, unknown>, i);
      });
  };
  check(BIZ_STEPS, event.bizStep, '/bizStep');
  check(DISPOSITIONS, event.disposition, '/disposition');
  for (const which of ['set', 'unset'] as const) {
    const terms: unknown = (event.persistentDisposition as Record<string, unknown> | undefined)?.[which];
    if (Array.isArray(terms))
      terms.forEach((term, i) => {
        check(DISPOSITIONS, term, `/persistentDisposition/${which}/${i}`);
      });
  }
  each(event.bizTransactionList, (t, i) => {
    check(BIZ_TRANSACTION_TYPES, t.type, `/bizTransactionList/${i}/type`);
  });
  for (const list of ['sourceList', 'destinationList'] as const)
    each(event[list], (t, i) => {
      check(SOURCE_DESTINATION_TYPES, t.type, `/${list}/${i}/type`);
    });
  check(
    ERROR_REASONS,
    (event.errorDeclaration as { reason?: unknown } | undefined)?.reason,
    '/errorDeclaration/reason',
  );
  return problems;
};

/** Dates of the instance/lot master data that lots get their dates from, and their neighbours. */
const ILMD_DATE =
  /^(urn:epcglobal:cbv:mda#|https?:\/\/(ref\.)?gs1\.org\/voc\/)(itemExpiration|expiration|production|bestBefore|sellBy|packaging|harvestStart|harvestEnd|firstFreeze|catch|slaughter)Date(Time)?$/;

const dateProblems = (event: EpcisEvent, prefixes: Prefixes): Problem[] =>
  Object.entries(event.ilmd ?? {}).flatMap(([name, stated]) => {
    if (!ILMD_DATE.test(expandTerm(name, prefixes))) return [];
    const value: unknown =
      stated !== null && typeof stated === 'object' && '@value' in stated ? stated['@value'] : stated;
    if (typeof value === 'string' && calendarDay(value) !== undefined) return [];
    return [
      {
        code: typeof value === 'string' && /^\d{4}-\d\d-\d\d/.test(value) ? 'impossible-date' : 'ill-formed',
        message: `${name}: ${JSON.stringify(found(value))} is no possible date`,
        field: `/ilmd/${name.replace(/~/g, '~0').replace(/\//g, '~1')}`,
        found: found(value),
        expected: 'a date (2026-03-31) or date-time',
      },
    ];
  });

/** Which fields must be there together (EPCIS 2.0 sections 7.4.2 to 7.4.6). */
const ruleProblems = (type: EpcisEventType, event: EpcisEvent): Problem[] => {
  const has = (...names: string[]): boolean =>
    names.some((name) => Array.isArray(event[name]) && event[name].length > 0);
  const missing = (message: string, field: string): Problem[] => [
    { code: 'missing-field', message, field, expected: message },
  ];
  switch (type) {
    case 'ObjectEvent':
      return has('epcList', 'quantityList', 'sensorElementList')
        ? []
        : missing(
            'an ObjectEvent names objects: epcList, quantityList or sensorElementList must not be empty',
            '/epcList',
          );
    case 'AggregationEvent':
      return [
        ...(event.action !== 'OBSERVE' && event.parentID === undefined
          ? missing('an AggregationEvent with action ADD or DELETE names its parentID', '/parentID')
          : []),
        ...(event.action === 'ADD' && !has('childEPCs', 'childQuantityList')
          ? missing('an AggregationEvent with action ADD names children: childEPCs or childQuantityList', '/childEPCs')
          : []),
      ];
    case 'TransactionEvent':
      return has('bizTransactionList')
        ? []
        : missing('a TransactionEvent names at least one business transaction', '/bizTransactionList');
    case 'TransformationEvent': {
      const inputs = has('inputEPCList', 'inputQuantityList');
      const outputs = has('outputEPCList', 'outputQuantityList');
      if (event.transformationID !== undefined)
        return inputs || outputs ? [] : missing('a TransformationEvent names inputs or outputs', '/inputQuantityList');
      return [
        ...(inputs
          ? []
          : missing('a TransformationEvent without transformationID names its inputs', '/inputQuantityList')),
        ...(outputs
          ? []
          : missing('a TransformationEvent without transformationID names its outputs', '/outputQuantityList')),
      ];
    }
    case 'AssociationEvent':
      return event.action !== 'ADD' || has('childEPCs', 'childQuantityList')
        ? []
        : missing('an AssociationEvent with action ADD names children: childEPCs or childQuantityList', '/childEPCs');
  }
};
