/** Formats that only the product's own validator knows; the descriptions say them in words. */
const OWN_FORMATS: readonly unknown[] = ['instant', 'calendar-day'];

/** @returns the schema as JSON, so that any validator of JSON Schema can take it. */
export const publishedSchema = (schema: unknown): Record<string, unknown> =>
  JSON.parse(JSON.stringify(schema), (name, value: unknown) =>
    name === 'format' && OWN_FORMATS.includes(value) ? undefined : value,
  ) as Record<string, unknown>;
