import { readEpcisDocument, type RecordedEvent } from '#contracts';
import { epcisDocument, type Sent, type World } from '#simulator';
import { graphOf, interpret, masterDataEntries, masterDataOf, type Trace, trace, type TraceGraph } from '#traceability';
import type { NewFact } from '../../apps/capture/src/domain/new-fact.js';
import { prepareCloudEvent } from '../../apps/capture/src/domain/prepare-cloud-event.js';
import { prepareEpcisEvent } from '../../apps/capture/src/domain/prepare-epcis-event.js';
import { prepareMasterData } from '../../apps/capture/src/domain/prepare-master-data.js';

const meta = { source: 'urn:lotline-simulator:epcis', actor: 'test', correlationId: 'test' };
const NO_CONTEXT = { prefixes: {}, contexts: [] };

const recorded = ({ stream, event }: NewFact, n: number): RecordedEvent => ({
  ...event,
  stream,
  ...{ revision: 0, position: String(n).padStart(16, '0'), recordTime: '2026-12-31T00:00:00.000Z' },
});

/**
 * What the product makes of events, without its database: the capture door's checks, then interpretation, ledger and trace
 * over happenings in memory. An event that is not taken is thrown.
 */
export const readInMemory = (world: World, events: Iterable<Sent>, now = '2026-12-31T00:00:00'): TraceGraph => {
  const header = readEpcisDocument(epcisDocument(world, [], true));
  if ('problems' in header) throw new Error(JSON.stringify(header.problems));
  const known = header.document.masterData.map((element, n) => recorded(prepareMasterData(element, meta), n));
  const facts = new Map<string, RecordedEvent>();
  for (const { form, event } of events) {
    const prepared =
      form === 'native' ? prepareCloudEvent(event, meta) : prepareEpcisEvent(event, { context: NO_CONTEXT, meta });
    if ('problems' in prepared) throw new Error(JSON.stringify([prepared.problems, event]));
    const { id } = prepared.fact.event;
    if (!facts.has(id)) facts.set(id, recorded(prepared.fact, facts.size));
  }
  const ours = new Set([world.manufacturer, world.wholesaler]);
  const places = new Set(world.places.filter(({ party }) => ours.has(party)).map(({ link }) => link));
  return graphOf([...facts.values()].flatMap(interpret), masterDataOf(known.flatMap(masterDataEntries)), {
    overdue: { now, isOurs: (destination) => places.has(destination) },
  });
};

export const traced = (graph: TraceGraph, lot: string, depth?: number): Promise<Trace> =>
  trace({ lot, direction: 'both', ...(depth !== undefined && { depth }) }, graph);
