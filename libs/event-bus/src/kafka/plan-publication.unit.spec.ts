import { describe, expect, it } from '@jest/globals';
import type { RecordedEvent } from '#contracts';
import { planPublication, type PlanOptions } from './plan-publication.js';
import { decodeLink, isWatermark } from './record-format.js';

const event = (n: number, bytes: number): RecordedEvent => ({
  id: `id-${n}`,
  type: 'NoticeIssued',
  schemaVersion: 1,
  eventTime: '2026-03-31T09:00:00Z',
  data: { text: 'x'.repeat(bytes) },
  meta: { source: 'test', actor: 'test', correlationId: 'c' },
  stream: `recall-${n}`,
  revision: n,
  position: String(n).padStart(16, '0'),
  recordTime: '2026-03-31T09:00:00.000Z',
});

const tooLarge: string[] = [];
const options: PlanOptions = {
  keyOf: ({ stream }) => stream,
  logTopics: ['log'],
  topicOf: () => ['log', 'alerts'],
  partitions: 4,
  maxBytes: 20_000,
  maxEvents: 1_000,
  onTooLarge: ({ id }) => tooLarge.push(id),
};
const plan = (events: readonly RecordedEvent[]) => [
  ...planPublication({ events, after: '', position: events.at(-1)!.position, log: { logId: 'a', epoch: 1 } }, options),
];
const idsOn = (topic: string, records: ReturnType<typeof plan>[number]['records']) =>
  records.filter((r) => r.topic === topic && r.headers?.ce_id !== undefined).map((r) => r.headers?.ce_id);

describe('a publication', () => {
  it('has no more alerts in a part than a broker takes of one partition, and each beside its event', () => {
    const events = Array.from({ length: 60 }, (_, n) => event(n, 1_000));
    const parts = plan(events);
    for (const { records } of parts) {
      const alerts = records.filter(({ topic }) => topic === 'alerts');
      expect(alerts.reduce((sum, { value }) => sum + (value?.length ?? 0), 0)).toBeLessThan(options.maxBytes);
      expect(idsOn('alerts', records)).toEqual(expect.arrayContaining(idsOn('log', records)));
    }
    expect(parts.flatMap(({ records }) => idsOn('alerts', records))).toEqual(events.map(({ id }) => id));
  });

  it('tells of an alert that no broker takes, without its data', () => {
    const [part, ...more] = plan([event(1, 100), event(2, 30_000), event(3, 100)]);
    expect([more, tooLarge]).toEqual([[], ['id-2']]);
    expect(idsOn('log', part!.records).sort()).toEqual(['id-1', 'id-3']);
    const alerts = part!.records.filter(({ topic }) => topic === 'alerts');
    expect(alerts.map(({ headers, value }) => [headers?.ce_id, value === null, headers?.lotline_omitted])).toEqual([
      ['id-1', false, undefined],
      ['id-2', true, expect.stringMatching(/^30\d{3}$/)],
      ['id-3', false, undefined],
    ]);
    const watermarks = part!.records.filter(({ headers = {} }) => isWatermark(headers as Record<string, string>));
    expect(watermarks.map(({ headers }) => decodeLink(headers as Record<string, string>).position)).toEqual(
      Array.from({ length: 4 }, () => event(3, 0).position),
    );
  });
});
