import Type from 'typebox';
import { canonicalId, type Problem, unstorableTexts } from '#kernel';
import { compileValidator } from '../validation/validator.js';
import { found } from '../validation/found.js';
import { nearest } from '../validation/near-miss.js';
import { readContext, type JsonLdContext } from './context.js';
import { EpcUri, extensible, Time } from './shapes.js';

const MOST_EVENTS = 1_000_000;

const VocabularyElement = extensible({
  id: EpcUri,
  attributes: Type.Optional(
    Type.Array(Type.Object({ id: Type.String({ minLength: 1 }), attribute: Type.Unknown() }), { maxItems: 10_000 }),
  ),
  children: Type.Optional(Type.Array(EpcUri, { maxItems: 100_000 })),
});

const Header = extensible({
  epcisMasterData: Type.Optional(
    extensible({
      vocabularyList: Type.Optional(
        Type.Array(
          extensible({
            type: Type.String({ minLength: 1 }),
            vocabularyElementList: Type.Optional(Type.Array(VocabularyElement, { maxItems: 1_000_000 })),
          }),
        ),
      ),
    }),
  ),
});

const EventList = Type.Array(Type.Unknown(), { maxItems: MOST_EVENTS });
const envelope = {
  '@context': Type.Unknown(),
  id: Type.Optional(Type.String()),
  type: Type.String(),
  schemaVersion: Type.String({ pattern: '^2(\\.[0-9]+){0,2}$', description: 'an EPCIS version 2, "2.0"' }),
  creationDate: Time,
  instanceIdentifier: Type.Optional(Type.String()),
  sender: Type.Optional(Type.String()),
  receiver: Type.Optional(Type.String()),
  epcisHeader: Type.Optional(Header),
};

/** The envelopes that are read; their events are looked into one by one. */
export const epcisDocuments = {
  EPCISDocument: extensible({ ...envelope, epcisBody: extensible({ eventList: EventList }) }),
  EPCISQueryDocument: extensible({
    ...envelope,
    epcisBody: extensible({
      queryResults: extensible({
        subscriptionID: Type.Optional(Type.String()),
        queryName: Type.Optional(Type.String()),
        resultsBody: extensible({ eventList: EventList }),
      }),
    }),
  }),
} as const;
const validators = {
  EPCISDocument: compileValidator(epcisDocuments.EPCISDocument),
  EPCISQueryDocument: compileValidator(epcisDocuments.EPCISQueryDocument),
};
const DOCUMENT_TYPES = ['EPCISDocument', 'EPCISQueryDocument'] as const;

/** One vocabulary element; with the id of its capture job it is the data of `MasterDataCaptured`. */
export interface MasterDataElement {
  kind: 'item' | 'place' | 'party' | 'other';
  /** Canonical. */
  id: string;
  statedId: string;
  vocabularyType: string;
  /** Verbatim. */
  attributes: { id: string; attribute: unknown }[];
  children?: string[];
  statedAt: string;
}

export interface EpcisDocument {
  context: JsonLdContext;
  creationDate: string;
  /** As they stand in the value that was given. */
  events: readonly unknown[];
  /** Where the list stands: `/epcisBody/eventList`. */
  eventsAt: string;
  masterData: readonly MasterDataElement[];
}

/**
 * Reads the envelope of an EPCISDocument or EPCISQueryDocument (EPCIS 2.0 section 9.5) and the master data of its header;
 * the events are not looked into. Works on the result of `parseLossless`: nothing of the envelope is a number.
 * @returns the document, or everything that is wrong with the envelope; an empty event list is wrong where the header
 *   brings no master data either.
 */
export const readEpcisDocument = (value: unknown): { document: EpcisDocument } | { problems: Problem[] } => {
  if (value === null || typeof value !== 'object' || Array.isArray(value))
    return {
      problems: [
        {
          code: 'wrong-type',
          message: 'an EPCIS document is a JSON object',
          field: '',
          found: found(value),
          expected: 'an object',
        },
      ],
    };
  const stated = (value as { type?: unknown }).type;
  const type = DOCUMENT_TYPES.find(
    (t) => t === String(stated).replace(/^(epcis:|https:\/\/ref\.gs1\.org\/epcis\/)/, ''),
  );
  if (type === undefined) {
    const meant = typeof stated === 'string' ? nearest(stated, DOCUMENT_TYPES) : undefined;
    return {
      problems: [
        {
          code: stated === undefined ? 'missing-field' : 'unknown-document-type',
          message:
            stated === undefined ? 'type is missing' : `${JSON.stringify(found(stated))} is no EPCIS document type`,
          field: '/type',
          ...(stated !== undefined && { found: found(stated) }),
          expected: meant ?? DOCUMENT_TYPES.join(' or '),
        },
      ],
    };
  }
  const context = readContext((value as { '@context'?: unknown })['@context']);
  const problems = validators[type](value, '', { tolerates: (name) => Object.hasOwn(context.prefixes, name) });
  if (problems.length > 0) return { problems };
  const document = value as ValidDocument;
  const eventsAt = type === 'EPCISDocument' ? '/epcisBody/eventList' : '/epcisBody/queryResults/resultsBody/eventList';
  const events = document.epcisBody.eventList ?? document.epcisBody.queryResults?.resultsBody.eventList ?? [];
  const unstorable = unstorableTexts(document, events);
  if (unstorable.length > 0) return { problems: unstorable };
  const masterData = readMasterData(document);
  if (events.length === 0 && masterData.length === 0)
    return {
      problems: [
        { code: 'empty', message: 'the document has no event', field: eventsAt, expected: 'at least one event' },
      ],
    };
  return { document: { context, creationDate: document.creationDate, events, eventsAt, masterData } };
};

interface ValidDocument {
  creationDate: string;
  epcisHeader?: {
    epcisMasterData?: {
      vocabularyList?: {
        type: string;
        vocabularyElementList?: {
          id: string;
          attributes?: { id: string; attribute: unknown }[];
          children?: string[];
        }[];
      }[];
    };
  };
  epcisBody: { eventList?: unknown[]; queryResults?: { resultsBody: { eventList: unknown[] } } };
}

const readMasterData = (document: ValidDocument): MasterDataElement[] =>
  (document.epcisHeader?.epcisMasterData?.vocabularyList ?? []).flatMap((vocabulary) =>
    (vocabulary.vocabularyElementList ?? []).map((element) => ({
      kind: kindOf(vocabulary.type, element.id),
      id: canonicalId(element.id).id,
      statedId: element.id,
      vocabularyType: vocabulary.type,
      attributes: element.attributes ?? [],
      ...(element.children && { children: element.children }),
      statedAt: document.creationDate,
    })),
  );

/** CBV 2.0 section 10: the vocabulary's name says what it is of, whichever case and namespace it is written in. */
const kindOf = (vocabularyType: string, id: string): MasterDataElement['kind'] => {
  switch (vocabularyType.split(/[:/#]/).at(-1)?.toLowerCase()) {
    case 'epcclass':
      return 'item';
    case 'businesslocation':
    case 'bizlocation':
    case 'readpoint':
    case 'location':
      return 'place';
    case 'party':
      return 'party';
    case 'sourcedest':
      return canonicalId(id).kind === 'place' ? 'place' : 'party';
    default:
      return 'other';
  }
};
