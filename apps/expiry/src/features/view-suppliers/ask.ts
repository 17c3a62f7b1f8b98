import { partyIdOf } from '#contracts';
import { readPosition } from '#event-log';
import { calendarDay, canonicalId, malformed } from '#kernel';
import { itemIdFrom } from '#traceability';
import type { SuppliedFilter } from './supplied.js';
import type { AsOf } from './supplies-at.js';
import type { SuppliedDto } from './view-suppliers.dto.js';

/** A question as the read model is asked it. @throws LotlineError `malformed` where it contradicts itself. */
export const askedOf = (
  dto: SuppliedDto,
  ownParties: readonly string[],
  supplier?: string,
): { filter: SuppliedFilter; asOf: AsOf } => {
  if (dto.asOfPosition !== undefined && dto.asOf !== undefined)
    throw malformed('invalid-request', 'asOf and asOfPosition are two ways to say one thing', [
      { code: 'contradicts', message: 'name one of asOf and asOfPosition', field: '/asOf', found: dto.asOf },
    ]);
  const day = (text: string | undefined): string | undefined => (text === undefined ? undefined : calendarDay(text));
  return {
    filter: {
      ours: ownParties.map((id) => canonicalId(id).id),
      supplier: supplier === undefined ? undefined : partyIdOf(supplier).id,
      item: dto.item === undefined ? undefined : itemIdFrom(dto.item),
      receivedFrom: day(dto.receivedFrom),
      receivedTo: day(dto.receivedTo),
    },
    asOf: {
      position: dto.asOfPosition === undefined ? undefined : readPosition(dto.asOfPosition, 'asOfPosition'),
      recordTime: dto.asOf,
      eventTimeTo: dto.eventTimeTo,
    },
  };
};
