import { plainToInstance } from 'class-transformer';
import { validateSync } from 'class-validator';
import { LotlineError, type Problem } from '#kernel';
import { invalidRequest, type Reading, type UploadedRow } from '#platform';
import type { ItemDefinition } from '../../domain/item.js';
import { definitionOf } from './item-definition.js';
import { DefineItemDto } from './item.dto.js';

/** A row is an item, by `item`, or by `code` where that is its only name. */
export const itemRows: Reading<ItemDefinition> = {
  columns: [
    { name: 'item' },
    { name: 'code' },
    { name: 'name', required: true },
    { name: 'kind', required: true },
    { name: 'baseUnit', required: true },
    { name: 'tolerance' },
    { name: 'shelfLife' },
    { name: 'shelfLifeDays' },
  ],
  read: ({ values }) => {
    const dto = plainToInstance(DefineItemDto, bodyOf(values));
    const errors = validateSync(dto, { whitelist: true, forbidNonWhitelisted: true });
    if (errors.length > 0) return { problems: invalidRequest(errors).problems.map(inColumn) };
    const named = dto.item ?? dto.code;
    if (named === undefined) return { problems: [UNNAMED] };
    try {
      return { value: definitionOf(named, dto) };
    } catch (error) {
      if (error instanceof LotlineError) return { problems: error.problems.map(inColumn) };
      throw error;
    }
  },
  keyOf: ({ item }) => item,
};

const UNNAMED: Problem = {
  code: 'item-not-named',
  message: 'an item needs an id or a code',
  field: 'item',
  found: '',
  expected: 'a GTIN or another id in `item`, or a `code`',
};

/** The row as the body of a request that defines the item. */
const bodyOf = ({ shelfLife, shelfLifeDays, ...rest }: UploadedRow['values']): object => ({
  ...rest,
  ...((shelfLife !== undefined || shelfLifeDays !== undefined) && {
    shelfLife: {
      rule: shelfLife ?? 'fixed',
      ...(shelfLifeDays !== undefined && { days: /^\d+$/.test(shelfLifeDays) ? Number(shelfLifeDays) : shelfLifeDays }),
    },
  }),
});

const inColumn = (problem: Problem): Problem => ({
  ...problem,
  field: problem.field?.startsWith('/shelfLife/days') ? 'shelfLifeDays' : (problem.field?.split('/')[1] ?? ''),
});
