export { type Declaration, type ReactionOptions, type ReceiverOptions } from './declaration.js';
export * from './keeps-read-model.js';
export * from './reacts-to.js';
export * from './receives-from.js';
