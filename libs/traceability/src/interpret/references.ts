import type { Verb } from '../happening.js';

/** What a reference of this kind confirms, by what happened: the acts of a shipment are its departure and its arrival. */
export const actOf = (type: string, id: string, verb: Verb): string | undefined => {
  switch (type) {
    case 'shipment':
      return verb === 'ship' || verb === 'unship'
        ? `shipment:${id}`
        : verb === 'receive'
          ? `delivery:${id}`
          : undefined;
    case 'run':
      return verb === 'transform' || verb === 'consume' || verb === 'make' ? `run:${id}` : undefined;
    default:
      return `${type}:${id}`;
  }
};

const KEYS = /^(shipment|run):(.+)$/;

/** A reference written as the act itself (`shipment:S-1`), else as it came. */
export const confirmationOf = (reference: string, verb: Verb): string | undefined => {
  const [, type, id] = KEYS.exec(reference) ?? [];
  return type === undefined || id === undefined ? reference : actOf(type, id, verb);
};
