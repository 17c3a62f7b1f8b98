import { Type } from 'class-transformer';
import { IsInt, IsOptional, IsString, Max, MaxLength, Min } from 'class-validator';

/** Query parameters of every list. */
export class PageDto {
  /** `next` of the page before. */
  @IsOptional()
  @IsString()
  @MaxLength(8192)
  cursor?: string;

  /** Rows of a page; 100 where absent. */
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(1000)
  limit?: number;
}
