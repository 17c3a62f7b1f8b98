import { describe, expect, it } from '@jest/globals';
import { cursorKey, pageOf } from './page.js';

describe('pages', () => {
  const rows = ['a', 'b', 'c'].map((id) => ({ id }));

  it('say where the next begins exactly where there is one', () => {
    const page = pageOf(rows, 2, ({ id }) => [id]);
    expect(page.items).toEqual([{ id: 'a' }, { id: 'b' }]);
    expect(cursorKey(page.next, 1)).toEqual(['b']);
    expect(pageOf(rows, 3, ({ id }) => [id])).toEqual({ items: rows });
  });

  it('begin at the beginning without a cursor', () => expect(cursorKey(undefined, 2)).toEqual([null, null]));

  it.each(['none-of-ours', Buffer.from('["one"]').toString('base64url'), Buffer.from('{}').toString('base64url')])(
    'refuse the cursor %s',
    (cursor) => expect(() => cursorKey(cursor, 2)).toThrow(expect.objectContaining({ code: 'bad-cursor' })),
  );
});
