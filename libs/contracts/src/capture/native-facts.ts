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
