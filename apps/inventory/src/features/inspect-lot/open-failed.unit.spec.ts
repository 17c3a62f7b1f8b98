import { describe, expect, it } from '@jest/globals';
import { runInRequest } from '#platform';
import { createLogInMemory } from '../../books/log-in-memory.fixture.js';
import type { Inspection } from '../../domain/inspection/inspection.js';
import type { Plan } from '../../domain/inspection/plan.js';
import { nonconformanceStream } from '../../domain/nonconformance.js';
import { openFailed } from './open-failed.js';

const LOT = 'https://id.gs1.org/01/09506000134352/10/A';
const NOW = '2026-04-20T10:00:00Z';
const plan: Plan = {
  ...{ item: 'https://id.gs1.org/01/09506000134352', version: 1, quarantine: true },
  characteristics: [
    { characteristic: 'pH', lower: '6.5', upper: '6.8', sampleSize: 1 },
    { characteristic: 'smell', expected: 'none', sampleSize: 1 },
  ],
};
const failing = (...findings: [characteristic: string, value: string][]): Inspection => ({
  plan: { item: plan.item, version: 1 },
  findings: new Map(findings.map(([name, value]) => [name, { result: 'fail', values: [value] }])),
});

describe('the nonconformance of an inspection that failed', () => {
  it('is one, whichever of its results told at the same time opens it', async () => {
    const log = createLogInMemory(() => Promise.resolve());
    const told = async (n: number, inspection: Inspection) =>
      runInRequest({ correlationId: 'test', traceparent: '', commandId: `c-${n}`, eventSeed: `c-${n}` }, async () =>
        openFailed(log, { lot: LOT, inspection: 'I-1', now: NOW }, inspection, plan),
      );
    const ids = await Promise.all([
      told(1, failing(['pH', '7'])),
      told(2, failing(['pH', '7'], ['smell', 'sour'])),
      told(3, failing(['smell', 'sour'])),
    ]);
    const [id = ''] = ids;
    expect(ids).toEqual([id, id, id]);
    expect(id).toMatch(/^inspection:/);
    expect(log.length(nonconformanceStream(id))).toBe(1);
    expect(await told(4, failing())).toBeUndefined();
  });
});
