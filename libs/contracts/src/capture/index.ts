import { EpcisEventCaptured, MasterDataCaptured } from './epcis-events.js';
import { LotMoved, LotScrapped, ProductionRecorded, UnitPacked, UnitUnpacked } from './production-and-stock.js';
import { GoodsDelivered, GoodsReceived, GoodsReturned, GoodsShipped } from './receiving-and-shipping.js';
import { FactVoided, LotDatesStated, LotsIdentified, LotsSeparated } from './statements.js';

/** What a reporter without EPCIS may say, by the `type` of its CloudEvent. */
export const nativeFacts = [
  GoodsReceived,
  ProductionRecorded,
  LotMoved,
  UnitPacked,
  UnitUnpacked,
  GoodsShipped,
  GoodsDelivered,
  GoodsReturned,
  LotScrapped,
  LotDatesStated,
  LotsIdentified,
  LotsSeparated,
  FactVoided,
] as const;

/** Every event that the capture door appends. */
export const captureEvents = [EpcisEventCaptured, MasterDataCaptured, ...nativeFacts] as const;

export * from './epcis-events.js';
export * from './native-ids.js';
export * from './production-and-stock.js';
export * from './receiving-and-shipping.js';
export * from './statements.js';
export { Goods, LotRef, type LotParts } from './shapes.js';
