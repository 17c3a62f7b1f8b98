export * from './topic.js';
export * from './topics.js';
export * from './topic-of.js';
export * from './topic-name.js';
