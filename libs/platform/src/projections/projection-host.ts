import { Injectable } from '@nestjs/common';
import type { Projector } from '#projections';
import type { ProjectionState, Projections } from './projections.js';

/** Stands in the place of the read models until the process is composed, then passes every question on. */
@Injectable()
export class ProjectionHost implements Projections {
  #running: Projections | undefined;

  serveBy(running: Projections): void {
    this.#running = running;
  }

  waitFor(name: string, position: string, timeoutMs: number): Promise<{ reached: boolean; position: string }> {
    return this.running().waitFor(name, position, timeoutMs);
  }

  schemaOf(name: string): Promise<string> {
    return this.running().schemaOf(name);
  }

  states(): Promise<ProjectionState[]> {
    return this.running().states();
  }

  projectors(): readonly Projector[] {
    return this.running().projectors();
  }

  private running(): Projections {
    if (!this.#running) throw new Error('the read models have not started yet');
    return this.#running;
  }
}
