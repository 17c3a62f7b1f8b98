import type { Leg, LotNode, Membership, TransformationNode } from './graph.js';

/** What was reached from the suspects, as the walk found it. */
export interface ReachedGraph {
  suspects: ReadonlySet<string>;
  /** Every lot reached, suspects too. */
  lots: ReadonlyMap<string, LotNode>;
  transformations: readonly TransformationNode[];
  memberships: readonly Membership[];
  /** Lots that transformations outside of these fill too: known by amounts, except where none is stated. */
  filledElsewhere: ReadonlySet<string>;
  /** Whether a leg carries the suspect material; `respectTime` says no for some. Default: every leg of a reached lot. */
  follows?: (transformation: TransformationNode, side: 'input' | 'output', leg: Leg) => boolean;
}
