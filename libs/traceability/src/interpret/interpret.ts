import type { RecordedEvent } from '#contracts';
import type { Happening } from '../happening.js';
import { epcisEventCaptured } from './epcis/index.js';
import * as inventory from './inventory.js';
import * as native from './native.js';
import * as production from './production.js';
import * as shipping from './shipping.js';

// Each entry is typed by the definition of its event; the log says by `type` which data an event has.
type AnyInterpreter = (event: never) => Happening[];

const INTERPRETERS: Readonly<Record<string, AnyInterpreter>> = {
  EpcisEventCaptured: epcisEventCaptured,
  GoodsReceived: native.goodsReceived,
  GoodsShipped: native.goodsShipped,
  GoodsDelivered: native.goodsDelivered,
  GoodsReturned: native.goodsReturned,
  LotMoved: native.lotMoved,
  UnitPacked: native.unitPacked,
  UnitUnpacked: native.unitUnpacked,
  LotScrapped: native.lotScrapped,
  ProductionRecorded: native.productionRecorded,
  LotDatesStated: native.lotDatesStated,
  LotsIdentified: native.lotsIdentified,
  LotsSeparated: native.lotsSeparated,
  FactVoided: native.factVoided,
  TransformationRecorded: production.transformationRecorded,
  TransformationCorrected: production.transformationCorrected,
  LotReceived: inventory.lotReceived,
  LotHeld: inventory.lotHeld,
  HoldLifted: inventory.holdLifted,
  LotReleased: inventory.lotReleased,
  LotRejected: inventory.lotRejected,
  InspectionRecorded: inventory.inspectionRecorded,
  LotDatesChanged: inventory.lotDatesChanged,
  StockAdjusted: inventory.stockAdjusted,
  StockScrapped: inventory.stockScrapped,
  StockMoved: inventory.stockMoved,
  ShipmentPacked: shipping.shipmentPacked,
  ShipmentDispatched: shipping.shipmentDispatched,
  ShipmentDelivered: shipping.shipmentDelivered,
  ReturnReceived: shipping.returnReceived,
};

/** Types of events that say something happened to goods; all others interpret to nothing. */
export const interpretedTypes: readonly string[] = Object.keys(INTERPRETERS);

/**
 * What a recorded event says happened, in the one shape that ledger, trace and discrepancies fold. Pure: a better
 * interpretation comes by a rebuild. Never throws on events that passed validation; what it cannot use becomes a warning
 * on the happening.
 * @returns [] for events that say nothing of goods.
 */
export const interpret = (event: RecordedEvent): Happening[] =>
  (INTERPRETERS[event.type] as ((event: RecordedEvent) => Happening[]) | undefined)?.(event) ?? [];
