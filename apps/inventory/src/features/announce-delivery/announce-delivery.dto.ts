import { ApiProperty } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { ArrayMaxSize, ArrayMinSize, IsArray, IsInt, IsOptional, Max, Min, ValidateNested } from 'class-validator';
import { AmountDto, IsDay, IsIdentifier, IsOwnId, IsText } from '#platform';

export class DeliveryLineDto {
  @ApiProperty({ example: '09506000134352' })
  @IsIdentifier()
  item!: string;

  @ValidateNested()
  @Type(() => AmountDto)
  amount!: AmountDto;

  /** The supplier's own code of the lot, where it was announced. */
  @ApiProperty({ example: 'F-77' })
  @IsOptional()
  @IsText(256)
  supplierLot?: string;

  /** Days of life that are to be left on the day it comes, in place of those of the whole delivery. */
  @ApiProperty({ example: 14 })
  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(36_500)
  minRemainingDays?: number;
}

export class AnnounceDeliveryDto {
  /** The caller's id of the delivery, which receipts name; made up where absent. */
  @ApiProperty({ example: 'IN-88' })
  @IsOptional()
  @IsOwnId()
  delivery?: string;

  @ApiProperty({ example: 'https://id.gs1.org/417/9506000200020' })
  @IsIdentifier()
  supplier!: string;

  /** Purchase order or despatch advice. */
  @ApiProperty({ example: 'PO-4711' })
  @IsOptional()
  @IsText(256)
  document?: string;

  /** Where it is to arrive. */
  @ApiProperty({ example: 'https://id.gs1.org/414/9506000100016' })
  @IsOptional()
  @IsIdentifier()
  place?: string;

  /** The day it is due. */
  @ApiProperty({ example: '2026-04-20' })
  @IsDay()
  due!: string;

  /** Agreed with the supplier: days of life that are to be left on the day it comes. */
  @ApiProperty({ example: 14 })
  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(36_500)
  minRemainingDays?: number;

  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(1_000)
  @ValidateNested({ each: true })
  @Type(() => DeliveryLineDto)
  lines!: DeliveryLineDto[];
}
