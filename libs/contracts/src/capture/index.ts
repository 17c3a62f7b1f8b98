import { EpcisEventCaptured, MasterDataCaptured } from './epcis-events.js';
import { nativeFacts } from './native-facts.js';

/** Every event that the capture door appends. */
export const captureEvents = [EpcisEventCaptured, MasterDataCaptured, ...nativeFacts] as const;

export * from './cloud-event.js';
export * from './epcis-events.js';
export * from './fact-identity.js';
export * from './native-content.js';
export * from './native-event-id.js';
export * from './native-facts.js';
export * from './native-ids.js';
export * from './production-and-stock.js';
export * from './receiving-and-shipping.js';
export * from './statements.js';
export { Goods, LotRef, type LotParts } from './shapes.js';
