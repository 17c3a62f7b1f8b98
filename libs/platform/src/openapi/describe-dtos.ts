import { createRequire } from 'node:module';
import { ApiProperty, type ApiPropertyOptions } from '@nestjs/swagger';
import { getMetadataStorage } from 'class-validator';

interface Rule {
  propertyName: string;
  /** Name of the decorator, e.g. `isString`; undefined for a nested object. */
  name?: string;
  type: string;
  constraints?: unknown[];
  each: boolean;
}
type DtoClass = abstract new () => object;

// Where class-transformer keeps what @Type says; it has no public way to ask.
const { defaultMetadataStorage: types } = createRequire(import.meta.url)('class-transformer/cjs/storage.js') as {
  defaultMetadataStorage: {
    findTypeMetadata(target: DtoClass, property: string): { typeFunction?: () => unknown } | undefined;
  };
};

const EXISTING = 'swagger/apiModelProperties';

/** What one validation rule says in terms of JSON Schema. */
const schemaOf = ({ name, constraints = [] }: Rule): Record<string, unknown> => {
  const [first, second] = constraints;
  switch (name) {
    case 'isString':
      return { type: 'string' };
    case 'isInt':
      return { type: 'integer' };
    case 'isNumber':
      return { type: 'number' };
    case 'isBoolean':
      return { type: 'boolean' };
    case 'isNotEmpty':
      return { minLength: 1 };
    case 'isLength':
      return { minLength: first, ...(second !== undefined && { maxLength: second }) };
    case 'minLength':
      return { minLength: first };
    case 'maxLength':
      return { maxLength: first };
    case 'matches':
      return { type: 'string', ...(first instanceof RegExp && { pattern: first.source }) };
    case 'isIn':
      return { enum: first };
    case 'isEnum':
      return { enum: Object.values(first ?? {}) };
    case 'min':
      return { minimum: first };
    case 'max':
      return { maximum: first };
    case 'isUuid':
      return { type: 'string', format: 'uuid' };
    case 'isIso8601':
    case 'isDateString':
    case 'isRFC3339':
      return { type: 'string', format: 'date-time' };
    case 'isUrl':
      return { type: 'string', format: 'uri' };
    case 'isObject':
      return { type: 'object', additionalProperties: true };
    default:
      return {};
  }
};

const merged = (parts: readonly Record<string, unknown>[]): Record<string, unknown> =>
  Object.fromEntries(parts.flatMap((part) => Object.entries(part)));

const describe = (target: DtoClass, property: string, rules: readonly Rule[]): ApiPropertyOptions => {
  const prototype = target.prototype as object;
  const named = types.findTypeMetadata(target, property)?.typeFunction?.();
  const designed = Reflect.getMetadata('design:type', prototype, property) as unknown;
  const isArray = designed === Array || rules.some((rule) => rule.name === 'isArray');
  const nested = rules.some((rule) => rule.type === 'nestedValidation');
  const ofItem = rules.filter((rule) => rule.each || !isArray).map(schemaOf);
  const ofList = rules.flatMap((rule): Record<string, unknown>[] => {
    if (rule.name === 'arrayMinSize') return [{ minItems: rule.constraints?.[0] }];
    if (rule.name === 'arrayMaxSize') return [{ maxItems: rule.constraints?.[0] }];
    return rule.name === 'arrayNotEmpty' ? [{ minItems: 1 }] : [];
  });
  const item = merged(ofItem);
  const nestedClass = nested ? (named ?? (isArray ? undefined : designed)) : undefined;
  const type = nestedClass ?? item.type ?? (isArray || typeof designed !== 'function' ? 'object' : designed);
  return {
    ...item,
    ...merged(ofList),
    type,
    required: !rules.some((rule) => rule.name === 'isOptional'),
    ...(isArray && { isArray: true }),
  } as ApiPropertyOptions;
};

/**
 * Gives every DTO its OpenAPI description from its validation rules, so that the two cannot differ. What an explicit
 * `@ApiProperty` says goes before it.
 */
export const describeDtos = (): void => {
  const storage = getMetadataStorage() as unknown as { validationMetadatas: Map<DtoClass, Rule[]> };
  for (const [target, rules] of storage.validationMetadatas) {
    if (typeof target !== 'function') continue;
    const prototype = target.prototype as object;
    for (const property of new Set(rules.map((rule) => rule.propertyName))) {
      const existing = (Reflect.getMetadata(EXISTING, prototype, property) ?? {}) as Record<string, unknown>;
      const explicit = Object.fromEntries(
        // The decorator fills `type` and `required` by itself; its guess is worse than the rules.
        Object.entries(existing).filter(
          ([name, value]) => value !== undefined && name !== 'required' && name !== 'type',
        ),
      );
      const derived = describe(
        target,
        property,
        rules.filter((rule) => rule.propertyName === property),
      );
      ApiProperty({ ...derived, ...explicit })(prototype, property);
    }
  }
};
