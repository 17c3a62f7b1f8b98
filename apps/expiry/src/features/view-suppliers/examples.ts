const supplier = { id: 'https://id.gs1.org/417/9521141000014', name: 'Alm dairy' };
const item = { id: 'https://id.gs1.org/01/09521321000025', name: 'Raw milk' };
const lot = 'https://id.gs1.org/01/09521321000025/10/R-2026-0117';

const scorecard = {
  lots: 40,
  firstReceived: '2026-01-05',
  lastReceived: '2026-03-30',
  defects: { count: 2, of: 40, share: 0.05, interval: { low: 0.0138, high: 0.165 } },
  amounts: [{ received: { value: '50000', unit: 'KGM' }, defective: { value: '2500.5', unit: 'KGM' }, share: 0.05001 }],
  rejected: { count: 1, of: 40, share: 0.025, interval: { low: 0.0044, high: 0.1288 } },
  inspections: { count: 1, of: 38, share: 0.0263, interval: { low: 0.0047, high: 0.1349 } },
  failedLots: 1,
  held: 2,
  recalls: { cases: ['R-2026-3'], lots: 1 },
  shelfLife: { lots: 40, leastDaysLeft: 9, meanDaysLeft: 24.6, expired: 0 },
  late: { count: 0, of: 0, share: null, interval: { low: 0, high: 1 } },
  sentBack: [{ value: '1250', unit: 'KGM' }],
};

/** Answers as OpenAPI shows them. */
export const EXAMPLES = {
  suppliers: {
    ...{ position: '0000000000000412', confidence: 0.95, unattributed: 0, complete: true },
    items: [{ supplier, ...scorecard }],
  },
  supplier: { position: '0000000000000412', confidence: 0.95, supplier, ...scorecard, items: [{ item, ...scorecard }] },
  lots: {
    position: '0000000000000412',
    items: [
      {
        ...{ lot, item: item.id, lotCode: 'R-2026-0117', supplierLot: 'MILK-8841', receivedOn: '2026-01-17' },
        ...{ received: [{ value: '1250.5', unit: 'KGM' }], sentBack: [], defects: ['rejected'], held: true },
        ...{ inspections: { recorded: 1, failed: 1 }, recalls: [], daysLeft: 28, late: null },
        acts: [
          { kind: 'received', event: 'urn:uuid:0b1f6a4e-6f0c-4a43-9a52-6c2f8a1f3a01', time: '2026-01-17T06:10:00' },
          {
            ...{ kind: 'inspection', event: '0d6c5f3e-2b8f-4b6e-9e0c-0a4a4b1f2c11', time: '2026-01-17T09:00:00' },
            ...{ inspection: 'QC-991', result: 'fail', characteristic: 'pH' },
          },
          { kind: 'rejected', event: '1b0c2d64-9f0c-4a7f-8f3e-5f6f0c6b7a22', time: '2026-01-17T09:05:00' },
        ],
      },
    ],
  },
  items: {
    ...{ position: '0000000000000412', confidence: 0.95 },
    items: [
      {
        item,
        ...{ best: null, worst: null, says: 'the record cannot tell them apart: the intervals overlap' },
        suppliers: [
          { supplier, defects: scorecard.defects, betterThan: [], worseThan: [] },
          {
            supplier: { id: 'urn:farm:party:hill', name: 'Hill farm' },
            defects: { count: 0, of: 2, share: 0, interval: { low: 0, high: 0.6576 } },
            ...{ betterThan: [], worseThan: [] },
          },
        ],
      },
    ],
  },
};
