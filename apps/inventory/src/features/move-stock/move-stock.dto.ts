import { ApiProperty } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsBoolean, IsOptional, ValidateNested } from 'class-validator';
import { AmountDto, IsIdentifier, IsInstant, IsOwnId, IsText } from '#platform';
import { NamedLotDto } from '../lot-line.dto.js';

/** An amount of a lot goes from one place of ours to another. */
export class MoveStockDto extends NamedLotDto {
  /** The caller's id of this move; sent again it is recorded once. Made up where absent. */
  @ApiProperty({ example: 'M-31' })
  @IsOptional()
  @IsOwnId()
  move?: string;

  @ApiProperty({ example: 'https://id.gs1.org/414/9506000100016' })
  @IsIdentifier()
  from!: string;

  @ApiProperty({ example: 'https://id.gs1.org/414/9506000100016/254/COLD-2' })
  @IsIdentifier()
  to!: string;

  @ValidateNested()
  @Type(() => AmountDto)
  amount!: AmountDto;

  /** Also what is held, in quarantine, rejected or recalled, e.g. into a quarantine store; false where absent. */
  @IsOptional()
  @IsBoolean()
  evenIfBlocked?: boolean;

  @IsOptional()
  @IsText()
  reason?: string;

  /** When it was moved; now where absent. */
  @IsOptional()
  @IsInstant()
  movedAt?: string;
}
