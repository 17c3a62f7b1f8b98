import type { TraceGraph } from './graph.js';

/** A graph that answers at once, from memory. */
export type GraphAtHand = {
  [Member in keyof TraceGraph]: TraceGraph[Member] extends (...asked: infer Asked) => Promise<infer Answer>
    ? (...asked: Asked) => Answer
    : TraceGraph[Member];
};

/** The port's face of a graph that answers at once. */
export const fromHand = (graph: GraphAtHand): TraceGraph =>
  Object.fromEntries(
    Object.entries(graph).map(([name, member]: [string, unknown]) => [
      name,
      typeof member === 'function'
        ? (...asked: unknown[]) => Promise.resolve((member as (...asked: unknown[]) => unknown)(...asked))
        : member,
    ]),
  ) as unknown as TraceGraph;
