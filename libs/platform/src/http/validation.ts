import { ValidationPipe, type Type, type ValidationError } from '@nestjs/common';
import { getMetadataStorage, IsDefined } from 'class-validator';
import { malformed, type LotlineError, type Problem } from '#kernel';

/**
 * Command and query DTOs by class-validator: unknown members are refused, and every wrong field is named.
 * @param expectedType the DTO, where a parameter's own type does not tell.
 */
export const validationPipe = (expectedType?: Type): ValidationPipe =>
  new ValidationPipe({
    ...(expectedType && { expectedType }),
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
  const constraints = Object.entries(error.constraints ?? {});
  if (error.value === undefined && constraints.length > 0)
    return [{ code: 'missing', message: `${error.property} is missing`, field, expected: expectation(constraints) }];
  return [
    ...constraints.map(([rule, message]) => ({
      code: kebab(rule),
      message,
      field,
      found: shown(error.value),
    })),
    ...(error.children ?? []).flatMap((child) => problemsOf(child, field)),
  ];
};

/** All that the rules say of it, but that it must be there. */
const expectation = (constraints: readonly (readonly [string, string])[]): string => {
  const messages = constraints.filter(([rule]) => rule !== 'isDefined').map(([, message]) => message);
  return messages.length === 0 ? 'a value' : [...new Set(messages)].join('; ');
};

const kebab = (text: string): string => text.replace(/[A-Z]/g, (c) => `-${c.toLowerCase()}`).replace(/^-/, '');

/** What was found, short enough for an answer. */
const shown = (value: unknown): unknown => {
  if (value === undefined) return null;
  if (typeof value === 'string' && value.length > 200) return `${value.slice(0, 200)}…`;
  if (value !== null && typeof value === 'object') return Array.isArray(value) ? 'a list' : 'an object';
  return value;
};

interface Rule {
  propertyName: string;
  name?: string;
  type: string;
}

/**
 * class-validator lets a nested object that is missing pass; here it is required like any other member unless it is
 * `@IsOptional()`. Once at start, when all DTO classes are loaded.
 */
export const requireNestedObjects = (): void => {
  const storage = getMetadataStorage() as unknown as { validationMetadatas: Map<unknown, Rule[]> };
  for (const [target, rules] of [...storage.validationMetadatas]) {
    if (typeof target !== 'function') continue;
    const named = (property: string, name: string): boolean =>
      rules.some((rule) => rule.propertyName === property && rule.name === name);
    for (const { propertyName, type } of [...rules])
      if (type === 'nestedValidation' && !named(propertyName, 'isOptional') && !named(propertyName, 'isDefined'))
        IsDefined()(target.prototype as object, propertyName);
  }
};
