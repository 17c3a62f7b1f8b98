import { momentText, midnight } from '../calendar.js';
import type { World } from './world.js';

const CONTEXT = 'https://ref.gs1.org/standards/epcis/epcis-context.jsonld';

const attributes = (name: string, party?: string): { id: string; attribute: string }[] => [
  { id: 'urn:epcglobal:cbv:mda#name', attribute: name },
  ...(party === undefined ? [] : [{ id: 'urn:epcglobal:cbv:owning_party', attribute: party }]),
];

/** An EPCIS 2.0 document of the events given, the plant's master data in its header where it is asked for. */
export const epcisDocument = (world: World, events: readonly object[], withMasterData = false): object => ({
  '@context': [CONTEXT],
  type: 'EPCISDocument',
  schemaVersion: '2.0',
  creationDate: momentText(midnight(0)),
  sender: 'urn:lotline-simulator:epcis',
  ...(withMasterData && { epcisHeader: { epcisMasterData: { vocabularyList: vocabulary(world) } } }),
  epcisBody: { eventList: events },
});

/** Parties, places with whose they are and what they are part of, and items. */
const vocabulary = (world: World): object[] => {
  const { parties, places, items } = world;
  return [
    {
      type: 'urn:epcglobal:epcis:vtype:Party',
      vocabularyElementList: parties.map(({ link, name }) => ({ id: link, attributes: attributes(name) })),
    },
    {
      type: 'urn:epcglobal:epcis:vtype:Location',
      vocabularyElementList: places.map(({ id, link, name, party }) => {
        const parts = places.filter((part) => part.site === id).map((part) => part.link);
        return {
          id: link,
          attributes: attributes(name, parties[party]?.link),
          ...(parts.length > 0 && { children: parts }),
        };
      }),
    },
    {
      type: 'urn:epcglobal:epcis:vtype:EPCClass',
      vocabularyElementList: items.map(({ link, name }) => ({ id: link, attributes: attributes(name) })),
    },
  ];
};
