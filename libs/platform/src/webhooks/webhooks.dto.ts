import { IsIn, IsOptional, IsString, IsUUID, Length } from 'class-validator';
import { IsText } from '../dto/constraints.js';
import { PageDto } from '../paging/page.dto.js';

/** What every context asks of a new webhook; each adds what an endpoint can be told of. */
export class WebhookDto {
  /** Where messages are sent: https, without credentials. */
  @IsString()
  @Length(1, 2048)
  url!: string;

  /** Whose it is, for people. */
  @IsOptional()
  @IsText()
  description?: string;
}

const STATES = ['waiting', 'delivered', 'dead'] as const;

export class ListDeliveriesDto extends PageDto {
  @IsOptional()
  @IsIn(STATES)
  state?: (typeof STATES)[number];

  /** Id of a webhook. */
  @IsOptional()
  @IsUUID()
  webhook?: string;
}
