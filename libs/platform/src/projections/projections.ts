import type { ConsumerStatus, Projector } from '#projections';

export type ProjectionState = Pick<
  ConsumerStatus,
  'name' | 'version' | 'position' | 'state' | 'reason' | 'parked' | 'lagSeconds' | 'behind'
>;

/** The read models, as features see them. */
export interface Projections {
  /** Waits until the live version of the read model contains `position`; `reached: false` where `timeoutMs` passed first. */
  waitFor(name: string, position: string, timeoutMs: number): Promise<{ reached: boolean; position: string }>;
  /** Schema of the live version, for queries (`SELECT … FROM ${schema}.lots`). */
  schemaOf(name: string): Promise<string>;
  /** Those that serve, whichever process works on them. */
  states(): Promise<ProjectionState[]>;
  /** Those this process works on. */
  projectors(): readonly Projector[];
}
