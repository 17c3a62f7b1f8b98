import { type EventMeta, type MasterDataElement, partyIdOf } from '#contracts';
import type { Reading } from '#platform';
import type { NewFact } from '../../domain/new-fact.js';
import { prepareMasterData } from '../../domain/prepare-master-data.js';

const LONGEST = 512;
const PARTY = /^(\d{13}|[A-Za-z][A-Za-z0-9+.-]*:\S+)$/;
const COUNTRY = /^[A-Z]{2}$/;

/** CBV 2.0 section 10.3: master data attributes of a party. */
const attribute = (name: string, value: string): MasterDataElement['attributes'][number] => ({
  id: `urn:epcglobal:cbv:mda#${name}`,
  attribute: value,
});

/**
 * A row states name and country of a party; a later statement replaces an earlier one. Contacts have no column: they are kept
 * outside of the log.
 * @param statedAt when it is said.
 */
export const supplierRows = (meta: EventMeta, statedAt: string): Reading<NewFact> => ({
  columns: [{ name: 'supplier', required: true }, { name: 'name', required: true }, { name: 'country' }],
  read: ({ values: { supplier = '', name = '', country } }) => {
    const { id, warning } = partyIdOf(supplier);
    const problems = [
      ...(!PARTY.test(supplier) || warning !== undefined || supplier.length > 600
        ? [
            {
              code: 'not-a-party',
              message: warning ?? 'this names no party',
              field: 'supplier',
              found: supplier.slice(0, 200),
              expected: 'a GLN (13 digits) or a URI',
            },
          ]
        : []),
      ...(name.length > LONGEST
        ? [
            {
              code: 'too-long',
              message: 'too long for a name',
              field: 'name',
              expected: `at most ${LONGEST} characters`,
            },
          ]
        : []),
      ...(country !== undefined && !COUNTRY.test(country)
        ? [
            {
              code: 'not-a-country',
              message: 'this is no country code',
              field: 'country',
              found: country.slice(0, 200),
              expected: 'two capital letters (ISO 3166-1), e.g. DE',
            },
          ]
        : []),
    ];
    if (problems.length > 0) return { problems };
    const element: MasterDataElement = {
      kind: 'party',
      id,
      statedId: supplier,
      vocabularyType: 'urn:epcglobal:epcis:vtype:Party',
      attributes: [attribute('name', name), ...(country === undefined ? [] : [attribute('countryCode', country)])],
      statedAt,
    };
    return { value: prepareMasterData(element, meta) };
  },
  keyOf: ({ eventId }) => eventId,
});
