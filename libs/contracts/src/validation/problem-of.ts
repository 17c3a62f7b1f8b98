import type { ErrorObject } from 'ajv';
import type { Problem } from '#kernel';
import { found, typeWord } from './found.js';
import { nearest } from './near-miss.js';

type Schema = Record<string, unknown>;

const pointer = (name: string): string => name.replace(/~/g, '~0').replace(/\//g, '~1');

const TYPE_WORDS: Record<string, string> = {
  string: 'text',
  number: 'a number',
  integer: 'a whole number',
  boolean: 'true or false',
  object: 'an object',
  array: 'a list',
};

const described = (schema: unknown): string | undefined => {
  const s = (schema ?? {}) as Schema;
  if (typeof s.description === 'string') return s.description;
  if (Array.isArray(s.enum)) return `one of ${s.enum.join(', ')}`;
  const types = [s.type ?? []].flat() as string[];
  return types.length > 0 ? types.map((t) => TYPE_WORDS[t] ?? t).join(' or ') : undefined;
};

/** `quantityList/0/quantity` is called quantity, `epcList/3` is called epcList[3]. */
const nameOf = (path: string): string => {
  const parts = path.split('/').slice(1);
  const last = parts.at(-1);
  if (last === undefined) return 'the value';
  return /^\d+$/.test(last) && parts.length > 1 ? `${parts.at(-2)}[${last}]` : last;
};

const DATE_SHAPE = /^\d{4}-\d{2}-\d{2}([T ]|$)/;

/** Puts a schema error into words: the field, what was found, what is expected, and what was probably meant. */
export const problemOf = (error: ErrorObject, at: string): Problem => {
  const here = at + error.instancePath;
  const value: unknown = error.data;
  const schema = error.parentSchema as Schema | undefined;
  const expected = described(schema);
  const name = nameOf(here);
  const problem = (code: string, message: string, extra: Partial<Problem> = {}): Problem => ({
    code,
    message,
    field: here,
    found: found(value),
    ...(expected !== undefined && { expected }),
    ...extra,
  });
  switch (error.keyword) {
    case 'required': {
      const missing = String(error.params.missingProperty);
      const wanted = described((schema?.properties as Schema | undefined)?.[missing]);
      const { found: _, expected: __, ...rest } = problem('missing-field', `${missing} is missing`);
      return { ...rest, field: `${here}/${pointer(missing)}`, ...(wanted !== undefined && { expected: wanted }) };
    }
    case 'anyOf': {
      const names = (error.schema as { required?: string[] }[]).flatMap((s) => s.required ?? []);
      return problem('missing-field', `at least one of ${names.join(', ')} must be there`, {
        expected: `at least one of ${names.join(', ')}`,
      });
    }
    case 'type':
      return problem('wrong-type', `${name} must be ${expected ?? 'of another type'}, found ${typeWord(value)}`);
    case 'additionalProperties': {
      const unknown = String(error.params.additionalProperty);
      const meant = nearest(unknown, Object.keys((schema?.properties as Schema | undefined) ?? {}));
      return {
        code: 'unknown-field',
        message: `${unknown} is no field here${meant === undefined ? '' : `; did you mean ${meant}?`}`,
        field: `${here}/${pointer(unknown)}`,
        found: unknown,
        expected: meant ?? 'a field of the schema, or an extension with a prefix',
      };
    }
    case 'enum': {
      const allowed = (error.params.allowedValues as unknown[]).map(String);
      const meant = typeof value === 'string' ? nearest(value, allowed) : undefined;
      return problem(
        'not-in-vocabulary',
        `${name}: ${JSON.stringify(found(value))} is none of ${allowed.join(', ')}${meant === undefined ? '' : `; did you mean ${meant}?`}`,
        { expected: meant ?? `one of ${allowed.join(', ')}` },
      );
    }
    case 'minimum':
    case 'exclusiveMinimum':
    case 'maximum':
      return problem('out-of-range', `${name} ${error.message ?? 'is out of range'}, found ${String(value)}`, {
        expected: `a number ${String(error.params.comparison)} ${String(error.params.limit)}`,
      });
    case 'minItems':
    case 'minLength':
    case 'minProperties':
      return problem('empty', `${name} has too little in it (${error.message ?? ''})`);
    case 'maxItems':
    case 'maxLength':
      return problem('too-long', `${name} ${error.message ?? 'is too long'}`);
    case 'format':
      return DATE_SHAPE.test(String(value))
        ? problem(
            'impossible-date',
            `${name}: ${JSON.stringify(found(value))} is no possible date, or its offset is missing`,
          )
        : problem('ill-formed', `${name}: ${JSON.stringify(found(value))} is not ${expected ?? 'well formed'}`);
    case 'pattern': {
      if (/^-\d/.test(String(value)) && expected?.includes('zero or more'))
        return problem('out-of-range', `${name} must not be negative, found ${String(found(value))}`);
      const code = expected?.includes('URI') ? 'not-an-id' : 'ill-formed';
      return problem(code, `${name}: ${JSON.stringify(found(value))} is not ${expected ?? 'well formed'}`);
    }
    default:
      return problem('ill-formed', `${name} ${error.message ?? 'is not well formed'}`);
  }
};
