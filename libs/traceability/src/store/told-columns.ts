import { baseUnitOf } from '#kernel';

const DIMENSIONS = ['mass', 'volume', 'count', 'length', 'area'];

/** SQL: the unit that amounts of a dimension are counted in. */
export const unitColumn = (dimension: string): string =>
  `CASE ${dimension} ${DIMENSIONS.map((d) => `WHEN '${d}' THEN '${baseUnitOf(d)}'`).join(' ')} ELSE regexp_replace(${dimension}, '^unit:', '') END`;

/** SQL: a time key (`Instant.key`) as timestamptz, cut to microseconds. */
export const momentColumn = (key: string): string =>
  `CASE WHEN ${key} ~ '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?$' THEN (left(${key}, 26) || 'Z')::timestamptz END`;

/** SQL: a date-time with offset as it was written (`Instant.text`) as timestamptz, cut to microseconds; NULL for ''. */
export const writtenMomentColumn = (text: string): string =>
  `regexp_replace(replace(nullif(${text}, ''), ',', '.'), '(\\.\\d{6})\\d+', '\\1')::timestamptz`;

/** SQL: a jsonb list of strings as text[]. */
export const textsColumn = (list: string): string => `ARRAY(SELECT jsonb_array_elements_text(${list}))`;
