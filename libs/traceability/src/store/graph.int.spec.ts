import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { RecordedEvent } from '#contracts';
import { createTestDatabase, type TestDatabase } from '#testkit';
import fc from 'fast-check';
import { interpret } from '../interpret/index.js';
import { masterDataEntries, masterDataOf } from '../master-data/index.js';
import { graphOf } from '../memory-graph/index.js';
import { suspectsOf, trace, type TraceGraph } from '../trace/index.js';
import { cutGraph } from './graph/cut-graph.js';
import { presentGraph } from './graph/present-graph.js';
import { createModel, inTransaction, type Model } from './specs/model.js';
import { stories } from './specs/random-events.js';
import { recorded, seafood, type Unrecorded } from './specs/recorded.js';

/** The same events in memory. */
const oracle = (events: readonly RecordedEvent[], position: string, eventTimeTo?: string): TraceGraph =>
  graphOf(events.flatMap(interpret), masterDataOf(events.flatMap(masterDataEntries)), {
    position,
    ...(eventTimeTo !== undefined && { eventTimeTo }),
  });

const traced = (lot: string, graph: TraceGraph): Promise<unknown> =>
  trace({ lot, direction: 'both', includeEvents: true }, graph).catch((error: unknown) => String(error));

describe('graph of the store', () => {
  let database: TestDatabase;
  let model: Model;
  beforeAll(async () => {
    database = await createTestDatabase();
    model = await createModel(database, 'm');
  });
  afterAll(() => database.drop());

  const things = async (): Promise<string[]> =>
    (await database.pool.query<{ id: string }>(`SELECT id FROM m.nodes WHERE class = 'thing' ORDER BY id`)).rows.map(
      (row) => row.id,
    );

  /** Answers about every thing, at present, and as of a prefix by both clocks. */
  const compare = async (story: readonly Unrecorded[], prefix: number): Promise<void> => {
    await model.empty();
    const log = recorded(story);
    for (let i = 0; i < log.length; i += 3) await model.apply(log.slice(i, i + 3));
    const head = log.at(-1)?.position ?? '';
    const known = log.slice(0, prefix);
    const then = known.at(-1)?.position ?? '';
    const time = '2026-03-01T12:00:00';
    await inTransaction(database, async (client) => {
      const ids = await things();
      const [present, before, halfway] = [oracle(log, head), oracle(known, then), oracle(log, head, time)];
      for (const id of ids)
        expect(await traced(id, presentGraph(client, 'm', head))).toEqual(await traced(id, present));
      const holds = new Map([0, 1].map((n) => [n, ids.filter((_, i) => i % 5 === (prefix + n) % 5)]));
      expect(await suspectsOf(holds, presentGraph(client, 'm', head))).toEqual(await suspectsOf(holds, present));
      // Each of these folds the neighbourhood anew: some of the things are enough.
      for (const id of ids.filter((_, i) => i % 4 === prefix % 4)) {
        const asKnown = await cutGraph(client, 'm', [id], then, { position: then });
        expect(await traced(id, asKnown)).toEqual(await traced(id, before));
        const asHappened = await cutGraph(client, 'm', [id], head, { eventTimeTo: time });
        expect(await traced(id, asHappened)).toEqual(await traced(id, halfway));
      }
    });
  };

  it('answers as the graph in memory does: the seafood file', async () => {
    const { masterData, events } = seafood();
    await compare([...masterData, ...events], masterData.length + 10);
  });

  it('answers as the graph in memory does: stories with corrections, aliases, units and rework', async () => {
    await fc.assert(
      fc.asyncProperty(stories, fc.nat(20), (story, prefix) => compare(story, Math.min(prefix, story.length))),
      { numRuns: 10, seed: 7, endOnFailure: true },
    );
  });
});
