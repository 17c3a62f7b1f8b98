import { ValidationPipe, type ValidationError } from '@nestjs/common';
import { malformed, type LotlineError, type Problem } from '#kernel';

/** Command and query DTOs by class-validator: unknown members are refused, and every wrong field is named. */
export const validationPipe = (): ValidationPipe =>
  new ValidationPipe({
    transform: true,
    whitelist: true,
    forbidNonWhitelisted: true,
    exceptionFactory: (errors) => invalidRequest(errors),
  });

export const invalidRequest = (errors: readonly ValidationError[]): LotlineError => {
  const problems = errors.flatMap((error) => problemsOf(error, ''));
  return malformed(
    'invalid-request',
    problems.length === 1 ? 'one field is not valid' : `${problems.length} fields are not valid`,
    problems,
  );
};

const problemsOf = (error: ValidationError, parent: string): Problem[] => {
  const field = `${parent}/${error.property.replaceAll('~', '~0').replaceAll('/', '~1')}`;
  return [
    ...Object.entries(error.constraints ?? {}).map(([rule, message]) => ({
      code: kebab(rule),
      message,
      field,
      found: shown(error.value),
    })),
    ...(error.children ?? []).flatMap((child) => problemsOf(child, field)),
  ];
};

const kebab = (text: string): string => text.replace(/[A-Z]/g, (c) => `-${c.toLowerCase()}`).replace(/^-/, '');

/** What was found, short enough for an answer. */
const shown = (value: unknown): unknown => {
  if (value === undefined) return null;
  if (typeof value === 'string' && value.length > 200) return `${value.slice(0, 200)}…`;
  if (value !== null && typeof value === 'object') return Array.isArray(value) ? 'a list' : 'an object';
  return value;
};
