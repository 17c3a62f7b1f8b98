/** One line of an event's table. */
export interface FieldRow {
  /** `goods[].lot.item` */
  path: string;
  required: boolean;
  /** In words. */
  type: string;
}

interface Schema {
  type?: string | string[];
  enum?: unknown[];
  const?: unknown;
  description?: string;
  format?: string;
  pattern?: string;
  items?: Schema;
  properties?: Record<string, Schema>;
  required?: string[];
  patternProperties?: Record<string, Schema>;
  anyOf?: Schema[];
}

const WORDS: Record<string, string> = {
  string: 'text',
  number: 'number',
  integer: 'whole number',
  boolean: 'true or false',
  object: 'object',
  array: 'list',
  null: 'null',
};

const inWords = (schema: Schema): string => {
  if (schema.description !== undefined) return schema.description;
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(', ');
  if (schema.anyOf?.some((branch) => branch.type ?? branch.const)) return schema.anyOf.map(inWords).join(' or ');
  if (schema.items) return `list, each ${inWords(schema.items)}`;
  const types = [schema.type ?? []].flat().map((type) => WORDS[type] ?? type);
  const shape = schema.format ?? (schema.pattern === undefined ? undefined : `\`${schema.pattern}\``);
  return (types.length > 0 ? types.join(' or ') : 'anything') + (shape === undefined ? '' : ` (${shape})`);
};

/** The members of an object schema, those of nested objects and lists included, in the order they are defined. */
export const fieldRows = (schema: Schema, parent = ''): FieldRow[] =>
  Object.entries(schema.properties ?? {}).flatMap(([name, member]) => {
    const path = parent + name;
    return [
      { path, required: schema.required?.includes(name) ?? false, type: inWords(member) },
      ...fieldRows(member, `${path}.`),
      ...(member.items ? fieldRows(member.items, `${path}[].`) : []),
    ];
  });
