import { IsIn, IsOptional, IsString, Length } from 'class-validator';
import { IsIdentifier, PageDto } from '#platform';

/** What each means: docs/ledger.md. */
export const DISCREPANCY_KINDS = [
  'movement-not-recorded',
  'over-used',
  'more-out-than-in',
  'out-of-order',
  'dates-contradict',
  'used-after-expiry',
  'shipped-after-expiry',
  'used-while-held',
  'shipped-while-held',
  'not-received',
  'unit-mismatch',
  'quantity-assumed',
  'contents-unknown',
  'unpack-not-recorded',
  'lot-not-stated',
  'code-reused',
  'suspected-duplicate',
  'commitment-broken',
  'confirmed-differently',
] as const;

export class ViewDiscrepanciesDto extends PageDto {
  /** `open` where absent. */
  @IsOptional()
  @IsIn(['open', 'closed'])
  status?: 'open' | 'closed';

  @IsOptional()
  @IsIn(DISCREPANCY_KINDS)
  kind?: (typeof DISCREPANCY_KINDS)[number];

  /** Any id form, or a lot code (with `item` where ambiguous). */
  @IsOptional()
  @IsString()
  @Length(1, 2048)
  lot?: string;

  /** GTIN or any URI: discrepancies of its lots, and of itself where no lot was stated. */
  @IsOptional()
  @IsIdentifier()
  item?: string;
}
