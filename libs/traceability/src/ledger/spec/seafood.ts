import type { Happening, MasterData, Verb } from '../../happening.js';
import { at, happening, lot, masterOf, unit } from './builders.js';

/** The 17 events of examples/seafood-gdst.epcis.jsonld as happenings, lots and places by short names. */

export const FEED = 'feed';
export const HATCHERY = 'hatchery';
export const FARMED = 'farmed-tuna';
export const FISHERMAN = 'fisherman';
export const COMMINGLE = 'commingle';
export const CANS = 'cans';
const SSCC = '0004';

export const seafoodMaster: MasterData = masterOf(
  'vessel1 @fisherman01',
  'port @processor',
  'transship1 @processor',
  'plant1u @processor',
  'hatchery.1u @hatchery',
  'feedmill.1u @feedmill',
  'fishfarm.1u @fishfarm',
  'importer.123u @importer',
);

const say = (
  id: string,
  verb: Verb,
  time: string,
  bizLocation: string,
  things: Happening['things'],
  more: Partial<Happening> = {},
): Happening => happening(id, verb, at(time), things, { bizLocation, ...more });

export const seafood: Happening[] = [
  say('hatching', 'make', '2021-12-01T11:09:40.793Z', 'hatchery.1u', [lot(HATCHERY, '1000 KGM')]),
  say('ship-farmed', 'ship', '2022-01-20T11:10:14.025Z', 'fishfarm.1u', [lot(FARMED, '12000 KGM')], {
    source: { owning: 'fishfarm' },
    destination: { owning: 'processor' },
  }),
  say('receive-farmed', 'receive', '2022-01-21T11:10:18.037Z', 'plant1u', [lot(FARMED, '12000 KGM')]),
  say('fishing', 'make', '2022-01-22T10:57:24.156Z', 'vessel1', [lot(FISHERMAN, '9876 KGM')]),
  say('transshipment', 'observe', '2022-01-22T10:58:15.154Z', 'transship1', [lot(FISHERMAN, '9876 KGM')], {
    readPoint: 'geo:-34.3232,1.232',
  }),
  say('landing', 'observe', '2022-01-22T11:00:25.191Z', 'port', [lot(FISHERMAN, '9876 KGM')], { readPoint: 'geo:0,0' }),
  say('receive-wild', 'receive', '2022-01-23T08:30:00Z', 'plant1u', [lot(FISHERMAN, '9876 KGM')], {
    source: { owning: 'fisherman01' },
    destination: { owning: 'processor' },
  }),
  say('ship-cans', 'ship', '2022-01-29T11:12:04.488Z', 'plant1u', [unit(SSCC)], {
    source: { owning: 'processor' },
    destination: { owning: 'importer' },
  }),
  say('receive-cans', 'receive', '2022-02-03T11:12:14.921Z', 'importer.123u', [unit(SSCC)]),
  say('commissioning', 'make', '2021-02-03T11:10:00Z', 'feedmill.1u', [lot(FEED, '10000 KGM')], {
    dates: { [FEED]: { production: '2022-02-03', expiry: '2022-02-03' } },
  }),
  say(
    'harvest',
    'transform',
    '2022-01-19T11:09:54.549Z',
    'fishfarm.1u',
    [lot(FEED, '10000 KGM'), lot(HATCHERY, '1000 KGM')],
    { outputs: [lot(FARMED, '12000 KGM')], transformation: 'harvest' },
  ),
  say(
    'commingling',
    'transform',
    '2022-01-23T11:10:47.285Z',
    'plant1u',
    [lot(FARMED, '12000 KGM'), lot(FISHERMAN, '10000 KGM')],
    {
      outputs: [lot(COMMINGLE, '22000 KGM')],
      transformation: 'commingling',
      dates: { [COMMINGLE]: { production: '2022-01-23' } },
    },
  ),
  say('canning', 'transform', '2022-01-28T08:00:00Z', 'plant1u', [lot(COMMINGLE, '9876 KGM')], {
    outputs: [lot(CANS, '5000 KGM')],
    transformation: 'processor#transform-1-22-2022-17:24',
    dates: { [CANS]: { production: '2022-01-22', expiry: '2023-01-22' } },
  }),
  say('pack', 'pack', '2022-01-28T11:11:25.752Z', 'plant1u', [lot(CANS, '5000 KGM')], { parent: SSCC }),
  say('unpack', 'unpack', '2022-02-04T11:12:25.791Z', 'importer.123u', [], { parent: SSCC }),
  say('pack-again', 'pack', '2022-03-01T11:11:25.752Z', 'plant1u', [lot(CANS, '5000 KGM')], { parent: SSCC }),
  say('unpack-again', 'unpack', '2022-03-04T11:12:25.791Z', 'importer.123u', [], { parent: SSCC }),
];

/** Production days stated in the file, as a caller supplies those of inputs. */
export const production = new Map([
  [FEED, '2022-02-03'],
  [COMMINGLE, '2022-01-23'],
  [CANS, '2022-01-22'],
]);
