import { lotIdOf, placeIdOf, type TransformationKind, type TransformationStatement } from '#contracts';
import { malformed, type Problem } from '#kernel';
import type { InputDto, TransformedLotDto, OutputDto, StatementDto } from './transformation.dto.js';

const NAMES = ['production', 'expiry', 'bestBefore', 'retest', 'removal'] as const;

/**
 * The statement in canonical ids.
 * @param kind where the caller names none.
 * @throws LotlineError `malformed` listing every lot that is not named.
 */
export const statementOf = (dto: StatementDto, kind: TransformationKind = 'production'): TransformationStatement => {
  const problems: Problem[] = [];
  const lotOf = (leg: TransformedLotDto, field: string): string => {
    if (leg.lot !== undefined) {
      if (leg.item !== undefined || leg.lotCode !== undefined)
        problems.push({ code: 'lot-named-twice', message: 'give `lot`, or `item` and `lotCode`, not both', field });
      return lotIdOf(leg.lot).id;
    }
    if (leg.item === undefined || leg.lotCode === undefined) {
      problems.push({ code: 'lot-not-named', message: 'give `lot`, or `item` and `lotCode`', field });
      return '';
    }
    return lotIdOf({
      item: leg.item,
      lotCode: leg.lotCode,
      ...(leg.issuer !== undefined && { issuer: leg.issuer }),
    }).id;
  };
  const legOf = (leg: TransformedLotDto, field: string) => ({
    lot: lotOf(leg, field),
    amount: { value: leg.amount.value, unit: leg.amount.unit },
    ...(leg.place !== undefined && { place: placeIdOf(leg.place).id }),
  });
  const inputs = dto.inputs.map((leg: InputDto, index) => legOf(leg, `/inputs/${index}`));
  const outputs = dto.outputs.map((leg: OutputDto, index) => ({
    ...legOf(leg, `/outputs/${index}`),
    role: leg.role ?? ('product' as const),
    ...(leg.dates && { dates: datesOf(leg.dates) }),
  }));
  if (problems.length > 0) throw malformed('invalid-request', `${problems.length} lots are not named`, problems);
  const losses = (dto.losses ?? []).map(({ amount, reason }) => ({
    amount: { value: amount.value, unit: amount.unit },
    ...(reason !== undefined && { reason }),
  }));
  return {
    kind: dto.kind ?? kind,
    place: placeIdOf(dto.place).id,
    inputs,
    outputs,
    ...(losses.length > 0 && { losses }),
  };
};

const datesOf = (dates: NonNullable<OutputDto['dates']>) =>
  Object.fromEntries(NAMES.flatMap((name) => (dates[name] === undefined ? [] : [[name, dates[name]]])));
