import * as capture from '../capture/index.js';
import type { EventDefinition } from '../define-event.js';
import * as expiry from '../expiry/index.js';
import * as genealogy from '../genealogy/index.js';
import * as inventory from '../inventory/index.js';
import * as operations from '../operations/index.js';
import * as production from '../production/index.js';
import * as recalls from '../recalls/index.js';
import * as shipping from '../shipping/index.js';

/** Whether something exported is the definition of an event. */
export const isEventDefinition = (value: unknown): value is EventDefinition =>
  value !== null &&
  typeof value === 'object' &&
  ['type', 'version', 'context', 'summary', 'data', 'sample'].every((member) => member in value);

/** Every event of every context, as #contracts exports them: what the catalogue lists and the golden samples test. */
export const allEvents: readonly EventDefinition[] = [
  capture,
  production,
  inventory,
  shipping,
  recalls,
  expiry,
  genealogy,
  operations,
]
  .flatMap((context) => Object.values<unknown>(context))
  .filter(isEventDefinition);

/** The type of every event that this release knows. */
export const eventTypes: ReadonlySet<string> = new Set(allEvents.map(({ type }) => type));
