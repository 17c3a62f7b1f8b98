import type { World } from '../world/world.js';
import type { Act } from './act.js';

const REPORTERS: Readonly<Record<Act['verb'], string>> = {
  receive: 'wms',
  inspect: 'lims',
  move: 'wms',
  run: 'mes',
  pack: 'wms',
  unpack: 'wms',
  ship: 'erp',
  deliver: 'erp',
  return: 'erp',
  count: 'wms',
  scrap: 'wms',
};

export const sourceOf = (act: Pick<Act, 'verb'>): string => `urn:lotline-simulator:${REPORTERS[act.verb]}`;

/** Id of the event that reports an act. */
export const eventId = (world: World, act: Pick<Act, 'id' | 'again'>): string =>
  `urn:lotline-simulator:event:${world.seed}-${act.id}${act.again === undefined ? '' : `-${act.again}`}`;
