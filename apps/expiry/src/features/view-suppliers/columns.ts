import type { Column } from '#platform';
import type { SuppliedItem, ComparedSupplier } from './view-supplied-items.js';
import type { SuppliedLot } from './view-supplied-lots.js';
import type { SupplierScorecard } from './view-suppliers.js';

export const SUPPLIER_COLUMNS: readonly Column<SupplierScorecard>[] = [
  ['supplier', (s) => s.supplier.id],
  ['name', (s) => s.supplier.name],
  ['lots', (s) => s.lots],
  ['firstReceived', (s) => s.firstReceived],
  ['lastReceived', (s) => s.lastReceived],
  ['defectiveLots', (s) => s.defects.count],
  ['defectShare', (s) => s.defects.share],
  ['defectShareLow', (s) => s.defects.interval.low],
  ['defectShareHigh', (s) => s.defects.interval.high],
  ['received', (s) => s.amounts.map(({ received: a }) => `${a.value} ${a.unit}`).join('; ')],
  ['defective', (s) => s.amounts.map(({ defective: a }) => `${a.value} ${a.unit}`).join('; ')],
  ['defectiveShareOfAmount', (s) => s.amounts.map(({ share }) => share ?? '').join('; ')],
  ['rejectedLots', (s) => s.rejected.count],
  ['failedLots', (s) => s.failedLots],
  ['heldLots', (s) => s.held],
  ['inspections', (s) => s.inspections.of],
  ['inspectionsFailed', (s) => s.inspections.count],
  ['recalls', (s) => s.recalls.cases.join(' ')],
  ['recalledLots', (s) => s.recalls.lots],
  ['datedLots', (s) => s.shelfLife.lots],
  ['leastDaysLeft', (s) => s.shelfLife.leastDaysLeft],
  ['meanDaysLeft', (s) => s.shelfLife.meanDaysLeft],
  ['expiredOnArrival', (s) => s.shelfLife.expired],
  ['belowAgreed', (s) => s.shelfLife.belowAgreed?.count],
  ['dueLots', (s) => s.late.of],
  ['lateLots', (s) => s.late.count],
  ['sentBack', (s) => s.sentBack.map((a) => `${a.value} ${a.unit}`).join('; ')],
];

export const LOT_COLUMNS: readonly Column<SuppliedLot>[] = [
  ['lot', (l) => l.lot],
  ['item', (l) => l.item],
  ['lotCode', (l) => l.lotCode],
  ['supplierLot', (l) => l.supplierLot],
  ['receivedOn', (l) => l.receivedOn],
  ['received', (l) => l.received.map((a) => `${a.value} ${a.unit}`).join('; ')],
  ['sentBack', (l) => l.sentBack.map((a) => `${a.value} ${a.unit}`).join('; ')],
  ['defects', (l) => l.defects.join(' ')],
  ['held', (l) => (l.held ? 'yes' : 'no')],
  ['inspections', (l) => l.inspections.recorded],
  ['inspectionsFailed', (l) => l.inspections.failed],
  ['recalls', (l) => l.recalls.join(' ')],
  ['daysLeft', (l) => l.daysLeft],
  ['late', (l) => (l.late === null ? null : l.late ? 'yes' : 'no')],
  ['events', (l) => [...new Set(l.acts.map(({ event }) => event))].join(' ')],
];

/** One row a supplier of an item. */
export interface ComparedRow {
  of: SuppliedItem;
  one: ComparedSupplier;
}

export const COMPARED_COLUMNS: readonly Column<ComparedRow>[] = [
  ['item', ({ of }) => of.item.id],
  ['itemName', ({ of }) => of.item.name],
  ['supplier', ({ one }) => one.supplier.id],
  ['name', ({ one }) => one.supplier.name],
  ['lots', ({ one }) => one.defects.of],
  ['defectiveLots', ({ one }) => one.defects.count],
  ['defectShare', ({ one }) => one.defects.share],
  ['defectShareLow', ({ one }) => one.defects.interval.low],
  ['defectShareHigh', ({ one }) => one.defects.interval.high],
  ['betterThan', ({ one }) => one.betterThan.join(' ')],
  ['worseThan', ({ one }) => one.worseThan.join(' ')],
  ['best', ({ of, one }) => (of.best === one.supplier.id ? 'yes' : null)],
  ['worst', ({ of, one }) => (of.worst === one.supplier.id ? 'yes' : null)],
  ['says', ({ of }) => of.says],
];
