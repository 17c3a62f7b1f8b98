import { placeIdOf, unitIdOf } from '#contracts';
import { canonicalId } from '#kernel';
import type { Line, Load } from '../domain/shipment.js';
import type { LoadDto, ReturnLineDto, ShipmentLineDto } from './line.dto.js';

const idOf = (text: string): string => canonicalId(text).id;

export const lineOf = ({ lot, amount }: ShipmentLineDto): Line => ({
  lot: idOf(lot),
  amount: { value: amount.value, unit: amount.unit },
});
export const loadOf = (load: LoadDto): Load => ({
  ...lineOf(load),
  ...(load.unit !== undefined && { unit: unitIdOf(load.unit).id }),
});
export const returnLineOf = (line: ReturnLineDto): Line & { place: string } => ({
  ...lineOf(line),
  place: placeIdOf(line.place).id,
});
