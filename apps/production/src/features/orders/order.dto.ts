import { Type } from 'class-transformer';
import { IsIn, IsOptional, IsString, Matches, ValidateNested } from 'class-validator';
import { AmountDto, IsDay, IsIdentifier, IsText, PageDto } from '#platform';
import type { Order } from '../../domain/order.js';

export class PlanOrderDto {
  /** The number of the ERP; made up where it is not given. */
  @IsOptional()
  @IsString()
  @Matches(/^[\w.~-]{1,64}$/, { message: 'order must be a code of letters, digits and . _ ~ -' })
  order?: string;

  /** What is to be made. */
  @IsIdentifier()
  item!: string;

  @ValidateNested()
  @Type(() => AmountDto)
  amount!: AmountDto;

  /** Where it is to be made, where that is fixed. */
  @IsOptional()
  @IsIdentifier()
  place?: string;

  /** When it is needed. */
  @IsOptional()
  @IsDay()
  due?: string;
}

export class CancelOrderDto {
  @IsText()
  reason!: string;
}

export class ListOrdersDto extends PageDto {
  @IsOptional()
  @IsIn(['planned', 'released', 'cancelled'])
  status?: Order['status'];
}
