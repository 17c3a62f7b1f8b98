import { placeIdOf } from '#contracts';
import { itemNamed } from '../../domain/stock-stream.js';

interface Places {
  place?: string;
  preferredPlace?: string;
}

interface Asked extends Places {
  lines?: readonly { place: string }[];
  wanted?: readonly (Places & { item: string })[];
  item?: string;
}

/** The places that an allocation names to take from, and the items of which it names none. */
export const takenFrom = ({ lines = [], wanted = [], item, ...one }: Asked): { places: string[]; items: string[] } => {
  const chosen = [...wanted, ...(item === undefined ? [] : [{ item, ...one }])];
  const [places, items] = [new Set<string>(), new Set<string>()];
  for (const { place } of lines) places.add(placeIdOf(place).id);
  for (const { place, preferredPlace, ...line } of chosen) {
    const named = place ?? preferredPlace;
    if (named === undefined) items.add(itemNamed(line.item));
    else places.add(placeIdOf(named).id);
  }
  return { places: [...places], items: [...items] };
};
