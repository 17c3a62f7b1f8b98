export * from './items.js';
export * from './orders.js';
export * from './runs.js';
export * from './steps.js';
export * from './transformations.js';
export * from './consumption.js';
export type { Recipe, RecipeStep, RecipeYield } from './recipe.js';
export type { TransformationKind, TransformationStatement } from './fields.js';
