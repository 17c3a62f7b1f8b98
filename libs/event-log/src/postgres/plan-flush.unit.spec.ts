import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { event } from '../contract/sample-events.js';
import type { Append, AppendResult } from '../port.js';
import { acceptAppend } from '../accept-append.js';
import { type FlushPlan, type Head, type KnownId, type LogState, planFlush } from './plan-flush.js';

const TIME = '2026-03-31T07:00:00.000Z';
const empty: LogState = { position: 0, heads: new Map(), ids: new Map() };

const plan = (appends: readonly Append[], state: LogState): FlushPlan =>
  planFlush(appends.map(acceptAppend), state, TIME);

/** The state after a flush was recorded. */
const after = (state: LogState, { rows, heads }: FlushPlan): LogState => ({
  position: state.position + rows.length,
  heads: new Map<string, Head>([...state.heads, ...heads]),
  ids: new Map<string, KnownId>([
    ...state.ids,
    ...rows.map(({ event: { id, contentHash }, position, revision }): [string, KnownId] => [
      id,
      { contentHash, position, revision, recordTime: TIME },
    ]),
  ]),
});

describe('planning a flush', () => {
  it('gives a stream the position of its first event as key', () => {
    const { rows } = plan(
      [
        { stream: 'a', expected: 'any', events: [event(), event()] },
        { stream: 'b', expected: 'any', events: [event()] },
        { stream: 'a', expected: 1, events: [event()] },
      ],
      { ...empty, position: 7 },
    );
    expect(rows.map(({ position, stream, revision }) => ({ position, stream, revision }))).toEqual([
      { position: 8, stream: 8, revision: 0 },
      { position: 9, stream: 8, revision: 1 },
      { position: 10, stream: 10, revision: 0 },
      { position: 11, stream: 8, revision: 2 },
    ]);
  });

  const appendArb = fc.record({
    stream: fc.constantFrom('a', 'b', 'c'),
    expected: fc.constantFrom<Append['expected']>('any', 'no-stream', 0, 1, 2),
    events: fc.array(
      fc
        .record({ n: fc.nat(9), crate: fc.nat(1) })
        .map(({ n, crate }) => event({ id: `00000000-0000-4000-8000-00000000000${n}`, data: { crate } })),
      { maxLength: 3 },
    ),
  });

  it('means the same whether appends share a flush or come one after another', () => {
    fc.assert(
      fc.property(fc.array(appendArb, { maxLength: 12 }), (appends) => {
        const together = plan(appends, empty);
        let state = empty;
        const results: AppendResult[] = [];
        for (const append of appends) {
          const alone = plan([append], state);
          results.push(...alone.results);
          state = after(state, alone);
        }
        expect(together.results).toEqual(results);
        expect(after(empty, together)).toEqual(state);
        expect(together.rows.map((row) => row.position)).toEqual(together.rows.map((_, at) => at + 1));
      }),
      { numRuns: 300 },
    );
  });
});
