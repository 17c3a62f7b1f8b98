/** `Dispatcher`: sends a shipment, stock issued first. */
export const DISPATCHER = Symbol('DISPATCHER');
/** `DispatchSweeper`: repairs dispatches that were cut short. */
export const DISPATCH_SWEEPER = Symbol('DISPATCH_SWEEPER');
