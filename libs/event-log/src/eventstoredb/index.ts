export { createEventStoreLog, raiseEventStoreEpoch, type EventStoreLogOptions } from './eventstore-log.js';
