import { ApiProperty } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsBoolean, IsOptional, ValidateNested } from 'class-validator';
import { AmountDto, IsIdentifier, IsInstant, IsOwnId, IsText, DatesDto } from '#platform';
import { NamedLotDto } from '../lot-line.dto.js';

/** Without a lot code of its own the lot is named by the supplier's: item, supplier and supplierLot. */
export class ReceiveStockDto extends NamedLotDto {
  /** The caller's id of this receipt; sent again it is recorded once. Made up where absent. */
  @IsOptional()
  @IsOwnId()
  receipt?: string;

  @ValidateNested()
  @Type(() => AmountDto)
  amount!: AmountDto;

  @IsIdentifier()
  place!: string;

  @IsOptional()
  @IsIdentifier()
  supplier?: string;

  @IsOptional()
  @IsText(256)
  supplierLot?: string;

  /** Delivery note or purchase order. */
  @IsOptional()
  @IsText(256)
  document?: string;

  /** The expected delivery it belongs to; it is received all the same where none was announced under this id. */
  @ApiProperty({ example: 'IN-88' })
  @IsOptional()
  @IsOwnId()
  delivery?: string;

  @IsOptional()
  @ValidateNested()
  @Type(() => DatesDto)
  dates?: DatesDto;

  /** Nobody takes it until it is released. */
  @IsOptional()
  @IsBoolean()
  quarantine?: boolean;

  /** When it came; now where absent. */
  @IsOptional()
  @IsInstant()
  receivedAt?: string;
}
