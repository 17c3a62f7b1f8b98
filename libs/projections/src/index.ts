export * from './port.js';
export * from './observer.js';
export * from './migrations.js';
export * from './parked-event.entity.js';
export * from './reader.js';
export * from './runner.js';
export type { Build, BuildStatus } from './store/builds.js';
export type { ConsumerState } from './store/checkpoints.js';
export type { Parked, ParkedStatus } from './store/parked-events.js';
