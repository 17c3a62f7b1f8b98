import type { Happening, MasterData } from '../happening.js';

// A colon alone makes no URI: "transform-1-22-2022-17:24" is a plain id with a time in it.
const URI = /^(urn:[a-z0-9][a-z0-9-]*:.|[a-z][a-z0-9+.-]*:\/\/.|(ni|tag|gs1|uuid|gdst):.)/i;

/** Whether a transformationID is unique by itself. */
export const isGlobalTransformationId = (id: string): boolean => URI.test(id);

/**
 * The key under which events are one transformation. A transformationID that is a URI is unique by
 * itself (EPCIS 2.0 section 7.4.6); any other is scoped by the party of its place, else by the reporting system; without
 * one the event stands alone.
 * @param happening of verb `transform`.
 */
export const transformationKey = (happening: Happening, master: Pick<MasterData, 'place'>): string => {
  const stated = happening.transformation;
  if (stated === undefined) return happening.id;
  if (stated === happening.id || isGlobalTransformationId(stated)) return stated;
  const party = [happening.bizLocation, happening.readPoint]
    .map((place) => (place === undefined ? undefined : master.place(place)?.party))
    .find((p) => p !== undefined);
  return `${party ?? happening.reporter ?? ''}#${stated}`;
};
