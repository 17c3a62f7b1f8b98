import type { Projector } from '#projections';

export interface ProjectionState {
  name: string;
  version: number;
  /** Everything up to here is in the read model. */
  position: string;
  parked: number;
  state: 'running' | 'failing' | 'paused' | 'needs-rebuild';
  /** Why it is not running. */
  reason?: string;
}

/** The read models of this process, as features see them. */
export interface Projections {
  /** Waits until the live version of the read model contains `position`; false where `timeoutMs` passed first. */
  waitFor(name: string, position: string, timeoutMs: number): Promise<{ reached: boolean; position: string }>;
  /** Schema of the live version, for queries (`SELECT … FROM ${schema}.lots`). */
  schemaOf(name: string): Promise<string>;
  states(): Promise<ProjectionState[]>;
  projectors(): readonly Projector[];
}
