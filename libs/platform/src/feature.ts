import type { Projector } from '#projections';
import type { LotlineConfig } from './config/lotline-config.js';
import type { MigrationClass } from './postgres/migrate.js';

/** What an app brings along besides its controllers; collected when the process is composed. */
export interface Feature {
  /** `production`: the app's name. */
  name: string;
  /** Static tables, by TypeORM. */
  migrations?: readonly MigrationClass[];
  /** Read models that this process keeps up to date. */
  projectors?: readonly Projector[] | ((config: LotlineConfig) => readonly Projector[]);
}

/** Every feature of this process; filled while Nest builds its modules. */
export class FeatureRegistry {
  readonly #features = new Map<string, Feature>();

  add(feature: Feature): Feature {
    this.#features.set(feature.name, feature);
    return feature;
  }

  names(): string[] {
    return [...this.#features.keys()];
  }

  migrations(): MigrationClass[] {
    return [...new Set([...this.#features.values()].flatMap((f) => [...(f.migrations ?? [])]))];
  }

  projectors(config: LotlineConfig): Projector[] {
    return [...this.#features.values()].flatMap((f) => [
      ...(typeof f.projectors === 'function' ? f.projectors(config) : (f.projectors ?? [])),
    ]);
  }
}
