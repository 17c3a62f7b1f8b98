import { canonicalBizTransactionType } from '#contracts';
import type { Verb } from '../../happening.js';
import { actOf, confirmationOf } from '../references.js';

/** Documents that are, by their kind, those of an act of ours. */
const ACTS: Readonly<Record<string, string>> = {
  desadv: 'shipment',
  bol: 'shipment',
  prodorder: 'run',
  rma: 'return',
  recadv: 'receipt',
};

/** CBV 2.0 section 8.5: `urn:epcglobal:cbv:bt:{gln}:{transaction id}`. */
const NUMBER = /^urn:epcglobal:cbv:bt:[^:]*:(.+)$/;

/** What the business transactions of an event may confirm. */
export const confirmationsOf = (list: unknown, verb: Verb, prefixes: Readonly<Record<string, string>>): string[] => {
  const found = new Set<string>();
  for (const element of Array.isArray(list) ? (list as unknown[]) : []) {
    const { type, bizTransaction } = (element ?? {}) as Record<string, unknown>;
    if (typeof bizTransaction !== 'string') continue;
    const asWritten = confirmationOf(bizTransaction, verb);
    if (asWritten !== undefined) found.add(asWritten);
    const act = typeof type === 'string' ? ACTS[canonicalBizTransactionType(type, prefixes)] : undefined;
    const number = NUMBER.exec(bizTransaction)?.[1];
    const byDocument = act === undefined || number === undefined ? undefined : actOf(act, number, verb);
    if (byDocument !== undefined) found.add(byDocument);
  }
  return [...found];
};
