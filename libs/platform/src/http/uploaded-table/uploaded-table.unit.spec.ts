import { describe, expect, it } from '@jest/globals';
import writeExcelFile from 'write-excel-file/node';
import { strToU8, unzipSync, zipSync } from 'fflate';
import { readTable } from './accept-tables.js';
import { importRows } from './import-rows.js';
import { readRows } from './read-rows.js';

const csv = (text: string, charset = 'utf-8'): Promise<Awaited<ReturnType<typeof readTable>>> =>
  readTable(Buffer.from(text), `text/csv; charset=${charset}`);
const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

describe('a table as CSV', () => {
  it.each([',', ';', '\t'])(
    'is read with %j between cells, quotes, line breaks in cells and a byte order mark',
    async (d) => {
      const text = `\ufeffitem${d}name\r\n1${d}"a ""b""${d}\nc"\r\n\r\n 2 ${d}d\r\n`;
      expect(await csv(text)).toEqual({
        headings: ['item', 'name'],
        rows: [
          { row: 2, cells: ['1', `a "b"${d}\nc`] },
          { row: 4, cells: ['2', 'd'] },
        ],
        problems: [],
      });
    },
  );

  it('is read in the encoding it says', async () => {
    const body = Buffer.from('name\nK\u00e4se', 'latin1');
    expect((await readTable(body, 'text/csv; charset=windows-1252')).rows).toEqual([{ row: 2, cells: ['Käse'] }]);
    const utf16 = Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from('name\nKäse', 'utf16le')]);
    expect((await readTable(utf16, 'text/csv')).rows).toEqual([{ row: 2, cells: ['Käse'] }]);
  });

  it('is refused in another encoding than it says, and in one that there is not', async () => {
    const body = Buffer.from('name\nK\u00e4se', 'latin1');
    await expect(readTable(body, 'text/csv')).rejects.toMatchObject({ kind: 'malformed', code: 'wrong-encoding' });
    await expect(readTable(body, 'text/csv; charset=klingon')).rejects.toMatchObject({ code: 'wrong-encoding' });
  });

  it.each([
    ['name\n"a', 'not-csv'],
    ['name\n', 'no-rows'],
    ['', 'no-rows'],
    [`name\n${'a\n'.repeat(100_001)}`, 'too-many-rows'],
  ])('that is none is refused (%#)', async (text, code) => {
    await expect(csv(text)).rejects.toMatchObject({ kind: 'malformed', code });
  });

  it('says where a formula stands; a signed number is none', async () => {
    const { problems } = await csv('name,amount\n=1+1,-5\n+cmd,+3.2\n@x,-y');
    expect(problems.map(({ code, row, column, found }) => [code, row, column, found])).toEqual([
      ['formula', 2, 'name', '=1+1'],
      ['formula', 3, 'name', '+cmd'],
      ['formula', 4, 'name', '@x'],
      ['formula', 4, 'amount', '-y'],
    ]);
  });
});

describe('a table as XLSX', () => {
  const workbook = (): Promise<Buffer> =>
    writeExcelFile([
      [{ value: 'item' }, { value: 'amount' }, { value: 'on' }],
      [{ value: '0950' }, { value: 0.1 }, { value: new Date('2026-03-31T00:00:00Z'), format: 'yyyy-mm-dd' }],
      [],
      [{ value: 'x' }, { value: 1e-7 }, null],
    ]).toBuffer();

  const rewritten = async (change: (xml: string) => string): Promise<Buffer> => {
    const files = unzipSync(await workbook());
    const [name = ''] = Object.keys(files).filter((each) => each.startsWith('xl/worksheets/') && each.endsWith('.xml'));
    const xml = Buffer.from(files[name] ?? []).toString();
    const changed = change(xml);
    expect(changed).not.toBe(xml);
    return Buffer.from(zipSync({ ...files, [name]: strToU8(changed) }));
  };

  it('is read with days as days and numbers without an exponent', async () => {
    expect(await readTable(await workbook(), XLSX)).toEqual({
      headings: ['item', 'amount', 'on'],
      rows: [
        { row: 2, cells: ['0950', '0.1', '2026-03-31'] },
        { row: 4, cells: ['x', '0.0000001', ''] },
      ],
      problems: [],
    });
  });

  it('says where a formula stands', async () => {
    const body = await rewritten((xml) => xml.replace(/(<c[^>]* r="B4"[^>]*>)/, '$1<f>1-0.9</f>'));
    const { problems } = await readTable(body, XLSX);
    expect(problems).toMatchObject([{ code: 'formula', row: 4, column: 'amount' }]);
  });

  it('says of a formula the cell that has it, not an empty one before', async () => {
    const body = await rewritten((xml) =>
      xml.replace(/(<c[^>]* r="A4"[^>]*>)/, '<c r="ZZ3" s="1"/>$1<f>1</f>').replace('ZZ3', 'C3'),
    );
    expect((await readTable(body, XLSX)).problems).toMatchObject([{ code: 'formula', row: 4, column: 'item' }]);
  });

  it.each([
    ['<row r="400000000"/></sheetData>', 'too-many-rows'],
    ['<row r="5"><c r="A400000000"><v>1</v></c></row></sheetData>', 'too-many-rows'],
    ['<row r="5"><c r="ZZZ5"><v>1</v></c></row></sheetData>', 'too-many-columns'],
  ])('that says it is larger than it is takes no memory: %s', async (end, code) => {
    const body = await rewritten((xml) => xml.replace('</sheetData>', end));
    await expect(readTable(body, XLSX)).rejects.toMatchObject({ kind: 'malformed', code });
  });

  it('that is none, or has more than one sheet, is refused', async () => {
    await expect(readTable(Buffer.from('name\na'), XLSX)).rejects.toMatchObject({ code: 'not-xlsx' });
    const empty = Buffer.from(zipSync({ 'a.txt': strToU8('a') }));
    await expect(readTable(empty, XLSX)).rejects.toMatchObject({ code: 'not-xlsx' });
    const two = await writeExcelFile([
      { data: [[{ value: 'a' }], [{ value: 'b' }]], sheet: 'one' },
      { data: [[{ value: 'a' }], [{ value: 'b' }]], sheet: 'two' },
    ]).toBuffer();
    await expect(readTable(two, XLSX)).rejects.toMatchObject({ code: 'more-than-one-sheet' });
  });
});

describe('the rows of a table', () => {
  const columns = [{ name: 'lotCode', required: true as const }, { name: 'unit' }];

  it.each(['lotCode', 'Lot code', 'LOT_CODE', 'lot-code'])(
    'have the heading %j for the same column',
    async (heading) => {
      const { rows, headingOf } = readRows(await csv(`${heading},unit\nL1,KGM\nL2,`), columns);
      expect(rows).toEqual([
        { row: 2, values: { lotCode: 'L1', unit: 'KGM' } },
        { row: 3, values: { lotCode: 'L2' } },
      ]);
      expect(headingOf('lotCode')).toBe(heading);
    },
  );

  it('are not read where a heading is unknown, there twice or missing; all of it is said', async () => {
    const { rows, problems } = readRows(await csv('unit,Unit,lotcod,\nKGM,KGM,L1,'), columns);
    expect(rows).toEqual([]);
    expect(problems.map(({ code, row, column, expected }) => [code, row, column, expected])).toEqual([
      ['column-twice', 1, 'Unit', undefined],
      ['unknown-column', 1, 'lotcod', 'lotCode'],
      ['missing-column', 1, 'lotCode', 'a column with the heading lotCode'],
    ]);
  });

  it('are named by row and column where a cell is missing or beside the table', async () => {
    const { rows, problems } = readRows(await csv('Lot code,unit\n,KGM\nL1,KGM,x\nL2,KGM'), columns);
    expect(rows.map(({ row }) => row)).toEqual([4]);
    expect(problems.map(({ code, row, column }) => [code, row, column])).toEqual([
      ['missing', 2, 'Lot code'],
      ['cell-without-column', 3, undefined],
    ]);
  });
});

describe('an import', () => {
  const reading = {
    columns: [{ name: 'code', required: true as const }, { name: 'count' }],
    read: ({ values: { code = '', count } }: { values: Readonly<Record<string, string>> }) =>
      count === 'bad'
        ? { problems: [{ code: 'no-count', message: 'no count', field: 'count', found: count }] }
        : { value: code },
    keyOf: (code: string) => code,
  };
  const TABLE = 'Code,Count\na,1\nb,bad\na,2\nc\u0000,3\nd,=1';

  it('names every bad row and column, and takes nothing', async () => {
    await expect(importRows(await csv(TABLE), {}, reading)).rejects.toMatchObject({
      kind: 'refused',
      code: 'bad-rows',
      problems: [
        { code: 'no-count', row: 3, column: 'Count', found: 'bad' },
        { code: 'listed-twice', row: 4, found: 'row 2' },
        { row: 5, column: 'Code' },
        { code: 'formula', row: 6, column: 'Count' },
      ],
    });
  });

  it('takes the good ones where it is told to, and says in a dry run what would be taken', async () => {
    const skipped = await importRows(await csv(TABLE), { badRows: 'skip' }, reading);
    expect(skipped.good).toEqual([{ row: 2, value: 'a' }]);
    expect(skipped.report).toMatchObject({ dryRun: false, rows: 5, good: 1, bad: 4, cut: false });
    const dry = await importRows(await csv(TABLE), { dryRun: true }, reading);
    expect(dry.report).toEqual({ ...skipped.report, dryRun: true });
  });

  it('shows the first thousand problems and says that there are more', async () => {
    const many = await csv(`code,count\n${Array.from({ length: 1_200 }, (_, n) => `${n},bad\n`).join('')}`);
    const { report } = await importRows(many, { dryRun: true }, reading);
    expect([report.bad, report.problems.length, report.cut]).toEqual([1_200, 1_000, true]);
  });
});
