import { SetMetadata, applyDecorators } from '@nestjs/common';
import { ApiQuery, ApiServiceUnavailableResponse } from '@nestjs/swagger';

export const READS_FROM = Symbol('READS_FROM');

/**
 * The route answers from these read models: with `minPosition` in the query it waits (bounded) until each contains that
 * position, else 503 with `Retry-After` and the position reached. Handlers and DTOs never see `minPosition`.
 */
export const ReadsFrom = (...projections: string[]): MethodDecorator & ClassDecorator =>
  applyDecorators(
    SetMetadata(READS_FROM, projections),
    ApiQuery({
      name: 'minPosition',
      required: false,
      type: String,
      description: 'Answer only once this log position (`X-Log-Position` of a write) is contained.',
    }),
    ApiServiceUnavailableResponse({ description: 'The position was not reached in time; see `Retry-After`.' }),
  );
