import { Module, type DynamicModule, type Type } from '@nestjs/common';
import type { Projector } from '#projections';
import { modulesOf } from './modules-of.js';
import type { MigrationClass } from './postgres/migrate.js';
import type { ApiContext } from './public-api/public-api.js';
import { declarationsOf } from './workers/declaration.js';

/** What an app brings along besides its controllers and providers. */
export interface Feature {
  /** `production`: the app's name. */
  name: string;
  /** Static tables, by TypeORM. */
  migrations?: readonly MigrationClass[];
  /** Contexts whose API it calls: a process of its own must know where they are. */
  calls?: readonly ApiContext[];
  /** It does nothing without a broker, so only in the cluster profile. */
  needsBroker?: true;
}

const FEATURE = Symbol('feature');

/** A module that says what an app brings along; read by `featuresOf` without Nest. */
export const featureModule = (feature: Feature): DynamicModule => {
  // A class of its own each: Nest tells modules apart by their class.
  @Module({})
  class FeatureModule {}
  Reflect.defineMetadata(FEATURE, feature, FeatureModule);
  return { module: FeatureModule };
};

/** The features of a module and of all it imports, each once, in the order of the imports. */
export const featuresOf = (root: Type): Feature[] =>
  modulesOf(root).flatMap(({ type }) => (Reflect.getMetadata(FEATURE, type) as Feature | undefined) ?? []);

export const migrationsOf = (features: readonly Feature[]): MigrationClass[] => [
  ...new Set(features.flatMap((feature) => [...(feature.migrations ?? [])])),
];

/** The read models that a composition keeps, by what its controllers declare (`@KeepsReadModel`). */
export const projectorsOf = (root: Type): Projector[] =>
  modulesOf(root)
    .flatMap(({ controllers }) => controllers.flatMap(declarationsOf))
    .flatMap((declaration) => (declaration.kind === 'read-model' ? [declaration.projector] : []));
