import { describe, expect, it } from '@jest/globals';
import { BIZ_STEPS, canonicalStep } from './biz-step.js';
import { BIZ_TRANSACTION_TYPES } from './biz-transaction-type.js';
import { canonicalDisposition, DISPOSITIONS } from './disposition.js';
import { ERROR_REASONS } from './error-reason.js';
import { SOURCE_DESTINATION_TYPES } from './source-destination-type.js';
import { readTerm } from './vocabulary.js';

const vocabularies = [BIZ_STEPS, DISPOSITIONS, BIZ_TRANSACTION_TYPES, SOURCE_DESTINATION_TYPES, ERROR_REASONS];

describe('the core business vocabulary', () => {
  it.each(vocabularies.map((v) => [v.name, v] as const))('%s: every term in all its forms is one', (_, vocabulary) => {
    for (const term of vocabulary.terms)
      for (const form of [
        term,
        `cbv:${vocabulary.local}${term}`,
        `${vocabulary.urn}${term}`,
        `https://ref.gs1.org/cbv/${vocabulary.local}${term}`,
        `https://ns.gs1.org/cbv/${vocabulary.local}${term}`,
      ])
        expect(readTerm(vocabulary, form)).toEqual({ term, kind: 'cbv' });
  });

  it('has the 41 steps and 33 dispositions of CBV 2.0, and consuming', () => {
    expect(BIZ_STEPS.terms.size).toBe(42);
    expect(DISPOSITIONS.terms.size).toBe(33);
  });

  it.each(['shippping', 'Shipping', 'cbv:BizStep-shippping', 'cbv:Disp-active', 'urn:epcglobal:cbv:bizstep:ship', ''])(
    'does not take %s for a step',
    (text) => expect(readTerm(BIZ_STEPS, text).kind).toBe('unknown'),
  );

  it('keeps a term of another vocabulary as its whole URI', () => {
    const prefixes = { gdst: 'https://traceability-dialogue.org/epcis/', cbv: 'https://elsewhere.example/' };
    expect(canonicalStep('urn:gdst:bizStep:farmHarvest', prefixes)).toBe('urn:gdst:bizStep:farmHarvest');
    expect(canonicalStep('gdst:landing', prefixes)).toBe('https://traceability-dialogue.org/epcis/landing');
    expect(canonicalDisposition('https://x.example/Disp-active', prefixes)).toBe('https://x.example/Disp-active');
    expect(canonicalStep('cbv:BizStep-shipping', prefixes)).toBe('shipping');
  });
});
