import { Module, type DynamicModule, type Type } from '@nestjs/common';
import type { Projector } from '#projections';
import type { LotlineConfig } from './config/lotline-config.js';
import type { MigrationClass } from './postgres/migrate.js';

/** What an app brings along besides its controllers and providers. */
export interface Feature {
  /** `production`: the app's name. */
  name: string;
  /** Static tables, by TypeORM. */
  migrations?: readonly MigrationClass[];
  /** Read models that this process keeps up to date. */
  projectors?: readonly Projector[] | ((config: LotlineConfig) => readonly Projector[]);
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
export const featuresOf = (root: Type): Feature[] => {
  const seen = new Set<unknown>();
  const visit = (module: Type | DynamicModule): Feature[] => {
    const type = 'module' in module ? module.module : module;
    if (seen.has(type)) return [];
    seen.add(type);
    const own = Reflect.getMetadata(FEATURE, type) as Feature | undefined;
    const imports = [
      ...((Reflect.getMetadata('imports', type) ?? []) as (Type | DynamicModule)[]),
      ...(('module' in module ? (module.imports ?? []) : []) as (Type | DynamicModule)[]),
    ];
    return [...(own ? [own] : []), ...imports.flatMap(visit)];
  };
  return visit(root);
};

export const migrationsOf = (features: readonly Feature[]): MigrationClass[] => [
  ...new Set(features.flatMap((feature) => [...(feature.migrations ?? [])])),
];

export const projectorsOf = (features: readonly Feature[], config: LotlineConfig): Projector[] =>
  features.flatMap(({ projectors = [] }) => [...(typeof projectors === 'function' ? projectors(config) : projectors)]);
