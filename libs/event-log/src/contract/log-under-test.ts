import type { EventLog } from '../port.js';

/** One log of its own, empty at the start. */
export interface LogUnderTest {
  /** An instance as a process of its own would have one; closed by `dispose` at the latest. */
  open(): EventLog;
  /** Cuts every connection that instances have to the server now, whatever they are doing. Unused where nothing may be cut. */
  disturb(): Promise<void>;
  dispose(): Promise<void>;
}

export type LogFactory = () => Promise<LogUnderTest>;
