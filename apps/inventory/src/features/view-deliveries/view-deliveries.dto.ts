import { Transform } from 'class-transformer';
import { IsBoolean, IsIn, IsOptional } from 'class-validator';
import { IsDay, IsIdentifier, PageDto } from '#platform';
import type { DeliveryStatus } from '../../domain/delivery/progress.js';

const STATUSES: readonly DeliveryStatus[] = ['expected', 'partial', 'delivered', 'cancelled'];

export class ViewDeliveriesDto extends PageDto {
  @IsOptional()
  @IsIn(STATUSES)
  status?: DeliveryStatus;

  /** True: those of which something should have come by now. */
  @IsOptional()
  @Transform(({ value }: { value: unknown }) => (value === 'true' ? true : value === 'false' ? false : value))
  @IsBoolean()
  overdue?: boolean;

  @IsOptional()
  @IsIdentifier()
  supplier?: string;

  /** Where it is to arrive. */
  @IsOptional()
  @IsIdentifier()
  place?: string;

  @IsOptional()
  @IsIdentifier()
  item?: string;

  /** Due on this day or before. */
  @IsOptional()
  @IsDay()
  dueBy?: string;
}
