import * as contracts from '../index.js';
import type { EventDefinition } from '../define-event.js';

const isDefinition = (value: unknown): value is EventDefinition =>
  value !== null &&
  typeof value === 'object' &&
  ['type', 'version', 'context', 'summary', 'data', 'sample'].every((member) => member in value);

/** Every event of every context, as #contracts exports them: what the catalogue lists and the golden samples test. */
export const allEvents: readonly EventDefinition[] = Object.values<unknown>(contracts).filter(isDefinition);
