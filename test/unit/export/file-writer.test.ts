import { readFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import type { ExportedColumn, ExportedType, ScalarType } from '../../../src/views/exported-type.ts';
import { EXPORTED_TYPES } from '../../../src/views/exported-type.ts';
import { CSV, FLAT_PARQUET, fileWriter, NDJSON, PARQUET, withEngine } from '../../support/export/written-file.ts';
import { kind } from '../../support/vitest/kind.ts';

/** A type, a value in DuckDB's SQL, its cell of CSV, its JSON, and its type and text when DuckDB reads it from Parquet. */
const VALUES: readonly (readonly [type: ScalarType, sql: string, csv: string, json: string, parquet: string])[] = [
  ['STRING', `'007'`, '"007"', '"007"', 'VARCHAR 007'],
  ['STRING', `''`, '""', '""', 'VARCHAR '],
  [
    'STRING',
    `' a "b",' || chr(13) || chr(10) || 'é😀 '`,
    '" a ""b"",\r\né😀 "',
    '" a \\"b\\",\\r\\né😀 "',
    'VARCHAR  a "b",\r\né😀 ',
  ],
  [
    'STRING',
    `chr(65279) || chr(1) || chr(8232)`,
    '"\ufeff\u0001\u2028"',
    '"\ufeff\\u0001\u2028"',
    'VARCHAR \ufeff\u0001\u2028',
  ],
  ['INT64', '-9007199254740991::BIGINT', '-9007199254740991', '-9007199254740991', 'BIGINT -9007199254740991'],
  ['INT64', '9007199254740993::BIGINT', '9007199254740993', '"9007199254740993"', 'BIGINT 9007199254740993'],
  [
    'INT64',
    '(-9223372036854775808)::BIGINT',
    '-9223372036854775808',
    '"-9223372036854775808"',
    'BIGINT -9223372036854775808',
  ],
  ['FLOAT64', '0.1::DOUBLE', '0.1', '0.1', 'DOUBLE 0.1'],
  ['FLOAT64', '5e-324::DOUBLE', '5e-324', '5e-324', 'DOUBLE 5e-324'],
  ['FLOAT64', `'-Infinity'::DOUBLE`, '-Infinity', '"-Infinity"', 'DOUBLE -inf'],
  ['FLOAT64', `'Infinity'::DOUBLE`, 'Infinity', '"Infinity"', 'DOUBLE inf'],
  ['FLOAT64', `'NaN'::DOUBLE`, 'NaN', '"NaN"', 'DOUBLE nan'],
  ['NUMERIC', '1.10::DECIMAL(38,9)', '1.1', '1.1', 'DECIMAL(38,9) 1.100000000'],
  ['NUMERIC', '-100::DECIMAL(38,9)', '-100', '-100', 'DECIMAL(38,9) -100.000000000'],
  ['NUMERIC', '0::DECIMAL(38,9)', '0', '0', 'DECIMAL(38,9) 0.000000000'],
  [
    'NUMERIC',
    '123456.123456789::DECIMAL(38,9)',
    '123456.123456789',
    '123456.123456789',
    'DECIMAL(38,9) 123456.123456789',
  ],
  [
    'NUMERIC',
    `'-1234567.123456789'::DECIMAL(38,9)`,
    '-1234567.123456789',
    '"-1234567.123456789"',
    'DECIMAL(38,9) -1234567.123456789',
  ],
  [
    'NUMERIC',
    `'99999999999999999999999999999.999999999'::DECIMAL(38,9)`,
    '99999999999999999999999999999.999999999',
    '"99999999999999999999999999999.999999999"',
    'DECIMAL(38,9) 99999999999999999999999999999.999999999',
  ],
  ['NUMERIC', '1500::DECIMAL(4,0)', '1500', '1500', 'DECIMAL(4,0) 1500'],
  [
    'BIGNUMERIC',
    `'0.00000000000000000000000000000000000001'`,
    '0.00000000000000000000000000000000000001',
    '"0.00000000000000000000000000000000000001"',
    'VARCHAR 0.00000000000000000000000000000000000001',
  ],
  [
    'BIGNUMERIC',
    '170141183460469231731687303715884105727::HUGEINT',
    '170141183460469231731687303715884105727',
    '"170141183460469231731687303715884105727"',
    'VARCHAR 170141183460469231731687303715884105727',
  ],
  ['BOOL', 'true', 'true', 'true', 'BOOLEAN true'],
  [
    'TIMESTAMP',
    `TIMESTAMP '2026-11-22 09:30:00.125'`,
    '2026-11-22T09:30:00.125000Z',
    '"2026-11-22T09:30:00.125000Z"',
    'TIMESTAMP WITH TIME ZONE 2026-11-22 18:30:00.125+09',
  ],
  [
    'TIMESTAMP',
    `TIMESTAMP '0001-01-01 00:00:00'`,
    '0001-01-01T00:00:00.000000Z',
    '"0001-01-01T00:00:00.000000Z"',
    'TIMESTAMP WITH TIME ZONE 0001-01-01 09:18:59+09:18',
  ],
  [
    'DATETIME',
    `TIMESTAMP '9999-12-31 23:59:59.999999'`,
    '9999-12-31T23:59:59.999999',
    '"9999-12-31T23:59:59.999999"',
    'TIMESTAMP 9999-12-31 23:59:59.999999',
  ],
  ['DATE', `DATE '2024-02-29'`, '2024-02-29', '"2024-02-29"', 'DATE 2024-02-29'],
  ['TIME', `TIME '09:30:00'`, '09:30:00.000000', '"09:30:00.000000"', 'TIME 09:30:00'],
  ['TIME', `TIME '23:59:59.000001'`, '23:59:59.000001', '"23:59:59.000001"', 'TIME 23:59:59.000001'],
  ['BYTES', `from_base64('AAECAw==')`, 'AAECAw==', '"AAECAw=="', 'BLOB \\x00\\x01\\x02\\x03'],
  [
    'JSON',
    `'{"a":1.10,"b":"x\\ny"}'::JSON`,
    '"{""a"":1.10,""b"":""x\\ny""}"',
    '{"a":1.10,"b":"x\\ny"}',
    'VARCHAR {"a":1.10,"b":"x\\ny"}',
  ],
  ['JSON', `('[1,' || chr(10) || '2]')::JSON`, '"[1,\n2]"', '[1, 2]', 'VARCHAR [1,\n2]'],
];

const LIST: ExportedType = { element: { scalar: 'NUMERIC' } };
const NESTED: ExportedType = {
  element: {
    fields: [
      { name: 'at', type: { scalar: 'TIMESTAMP' } },
      { name: 'Tag "x"', type: { element: { scalar: 'STRING' } } },
    ],
  },
};

async function written(form: Parameters<typeof fileWriter>[0], select: string, ...types: readonly ExportedType[]) {
  const columns = types.map((type, index): ExportedColumn => ({ name: `c${index}`, type }));
  const { writer, path } = await fileWriter(form);
  const rows = await withEngine((_, connection) => writer.writeSelect(connection, select, columns));
  return { rows, path, text: readFileSync(path, 'utf8') };
}

describe('every value is written as the table of types says', () => {
  test('and every type is tried', () => {
    expect(new Set(VALUES.map(([type]) => type))).toEqual(new Set(Object.keys(EXPORTED_TYPES)));
  });

  test.for(VALUES)('%s %s in CSV', async ([scalar, sql, csv]) => {
    const { text } = await written(CSV, `SELECT ${sql} AS c0, NULL AS c1`, { scalar }, { scalar });

    expect(text.replace(/^.*\r\n/, '')).toBe(`${csv},\r\n`);
  });

  test.for(VALUES)('%s %s in NDJSON', async ([scalar, sql, , json]) => {
    const { text } = await written(NDJSON, `SELECT ${sql} AS c0, NULL AS c1`, { scalar }, { scalar });

    expect(text).toBe(`{"c0":${json},"c1":null}\n`);
  });

  test.for(VALUES)('%s %s in Parquet', async ([scalar, sql, , , parquet]) => {
    const { path } = await written(PARQUET, `SELECT ${sql} AS c0`, { scalar });

    const [row] = await withEngine((run) =>
      run(`SELECT typeof(c0), to_json(CAST(c0 AS VARCHAR)) FROM read_parquet('${path}')`),
    );
    const [type, text] = row ?? [];
    expect(`${type} ${JSON.parse(String(text))}`).toBe(parquet);
  });

  test('lists and structs keep the order and the exactness of what they hold', async () => {
    const select =
      `SELECT [1.10::DECIMAL(38,9), NULL, 12345678901234567890::DECIMAL(38,9)] AS c0, ` +
      `[{'at': TIMESTAMP '2026-01-02 03:04:05', 'Tag "x"': ['a"b', NULL]}, NULL] AS c1, []::DECIMAL(38,9)[] AS c2`;

    const [csv, ndjson, parquet] = [
      await written(CSV, select, LIST, NESTED, LIST),
      await written(NDJSON, select, LIST, NESTED, LIST),
      await written(PARQUET, select, LIST, NESTED, LIST),
    ];

    const nested = '[{"at":"2026-01-02T03:04:05.000000Z","Tag \\"x\\"":["a\\"b",null]},null]';
    expect(ndjson.text).toBe(`{"c0":[1.1,null,"12345678901234567890"],"c1":${nested},"c2":[]}\n`);
    expect(csv.text).toBe(
      `"c0","c1","c2"\r\n"[1.1,null,""12345678901234567890""]","${nested.replaceAll('"', '""')}","[]"\r\n`,
    );
    const [row] = await withEngine((run) =>
      run(`SELECT typeof(c0), typeof(c1), c0, len(c2) FROM read_parquet('${parquet.path}')`),
    );
    expect(row).toEqual([
      'DECIMAL(38,9)[]',
      `STRUCT("at" TIMESTAMP WITH TIME ZONE, "Tag ""x""" VARCHAR[])[]`,
      ['1.100000000', null, '12345678901234567890.000000000'],
      '0',
    ]);
  });
});

describe('Parquet without lists and structs', () => {
  test.for(VALUES)('has %s %s in a list as NDJSON has it', async ([scalar, sql, , json]) => {
    const { path } = await written(FLAT_PARQUET, `SELECT [${sql}, NULL] AS c0`, { element: { scalar } });

    const rows = await withEngine((run) => run(`SELECT typeof(c0), c0 FROM read_parquet('${path}')`));
    expect(rows).toEqual([['VARCHAR', `[${json},null]`]]);
  });

  test('has structs as text, what is neither as in any Parquet, and NULL as NULL', async () => {
    const select = `SELECT [{'at': TIMESTAMP '2026-01-02 03:04:05', 'Tag "x"': ['a"b', NULL]}, NULL] AS c0, 1.10::DECIMAL(38,9) AS c1
      UNION ALL SELECT NULL, NULL`;

    const { path } = await written(FLAT_PARQUET, select, NESTED, { scalar: 'NUMERIC' });

    const rows = await withEngine((run) => run(`SELECT c0, typeof(c1), c1 FROM read_parquet('${path}')`));
    expect(rows).toEqual([
      ['[{"at":"2026-01-02T03:04:05.000000Z","Tag \\"x\\"":["a\\"b",null]},null]', 'DECIMAL(38,9)', '1.100000000'],
      [null, 'DECIMAL(38,9)', null],
    ]);
  });
});

describe('CSV', () => {
  test('has another mark for NULL if one is wished, and text that equals it in quotes', async () => {
    const form = { ...CSV, nullText: '\\N' } as const;

    const { text } = await written(
      form,
      `SELECT NULL AS c0, '\\N' AS c1, '' AS c2, NULL AS c3`,
      { scalar: 'STRING' },
      { scalar: 'STRING' },
      { scalar: 'STRING' },
      { scalar: 'INT64' },
    );

    expect(text).toBe('"c0","c1","c2",c3\r\n\\N,"\\N","",\\N\r\n');
  });

  test.for([
    ['=1+1', `'=1+1`],
    ['+49 30 1', `'+49 30 1`],
    ['-2+3', `'-2+3`],
    ['@SUM(A1)', `'@SUM(A1)`],
    ['\t=1', `'\t=1`],
    ['\r=1', `'\r=1`],
    ['-12.5', '-12.5'],
    ['a=1', 'a=1'],
  ])('for spreadsheets, the text %j is %j', async ([value = '', cell = '']) => {
    const form = { ...CSV, spreadsheetSafe: true } as const;

    const { text } = await written(
      form,
      `SELECT '${value}' AS c0, -5::BIGINT AS c1, -5.5::DOUBLE AS c2`,
      { scalar: 'STRING' },
      { scalar: 'INT64' },
      { scalar: 'FLOAT64' },
    );

    expect(text).toBe(`"c0",c1,c2\r\n"${cell}",-5,-5.5\r\n`);
  });
});

describe('a file that can not be written', () => {
  const COLUMN = [{ name: 'c0', type: { scalar: 'STRING' } }] as const;

  test.for([CSV, NDJSON, PARQUET])('is named, with what to do: $name', async (form) => {
    const { writer } = await fileWriter(form, { path: '/dev/full' });
    const select = `SELECT 'planted' AS c0 FROM range(100000)`;

    const writing = withEngine((_, connection) => writer.writeSelect(connection, select, COLUMN));

    await expect(writing).rejects.toMatchObject({
      ...kind('export-failed'),
      message: 'orders.csv can not be written: its disk is full',
    });
  });

  test('says nothing of the row that fails', async () => {
    const { writer } = await fileWriter(CSV);
    const select = `SELECT v AS c0 FROM (VALUES ('planted')) AS t(v) WHERE CAST(v AS INTEGER) = 1`;

    const writing = withEngine((_, connection) => writer.writeSelect(connection, select, COLUMN));

    await expect(writing).rejects.toMatchObject(kind('query-invalid'));
    await expect(writing).rejects.not.toThrow('planted');
  });

  test('ends at once when it is interrupted', async () => {
    const stop = new AbortController();
    const { writer } = await fileWriter(CSV, { signal: stop.signal, onProgress: () => stop.abort() });
    const select = `SELECT CAST(a.range AS VARCHAR) AS c0 FROM range(1000000) AS a, range(1000000) AS b`;

    const writing = withEngine((_, connection) => writer.writeSelect(connection, select, COLUMN));

    await expect(writing).rejects.toMatchObject(kind('interrupted'));
  });
});

test('cells from an API become the same values', async () => {
  const types: readonly (readonly [ExportedType, unknown])[] = [
    [{ scalar: 'STRING' }, 'a'],
    [{ scalar: 'INT64' }, '9007199254740993'],
    [{ scalar: 'FLOAT64' }, 'NaN'],
    [{ scalar: 'NUMERIC' }, '12.5'],
    [{ scalar: 'BIGNUMERIC' }, '1e-38'],
    [{ scalar: 'BOOL' }, 'true'],
    [{ scalar: 'TIMESTAMP' }, '-62135596800000000'],
    [{ scalar: 'DATETIME' }, '2026-11-22T09:30:00.125'],
    [{ scalar: 'DATE' }, '2026-11-22'],
    [{ scalar: 'TIME' }, '09:30:00.5'],
    [{ scalar: 'BYTES' }, 'AAECAw=='],
    [{ scalar: 'JSON' }, '{"a":[1.10]}'],
    [{ element: { scalar: 'INT64' } }, ['1', '2']],
    [{ fields: [{ name: 'a', type: { scalar: 'TIME' } }] }, { a: '01:02:03' }],
  ];
  const columns = types.map(([type], index) => ({ name: `c${index}`, type }));
  const cells = types.map(([, cell]) => cell) as never;
  async function* pages() {
    yield [cells];
    yield [columns.map(() => null)];
  }
  const { writer, text, scratch } = await fileWriter(NDJSON);

  expect(await writer.writeCells(columns, pages(), 2)).toBe(2);

  expect((await text()).split('\n')[0]).toBe(
    '{"c0":"a","c1":"9007199254740993","c2":"NaN","c3":12.5,"c4":"1e-38","c5":true,"c6":"0001-01-01T00:00:00.000000Z",' +
      '"c7":"2026-11-22T09:30:00.125000","c8":"2026-11-22","c9":"09:30:00.500000","c10":"AAECAw==","c11":{"a":[1.10]},' +
      '"c12":[1,2],"c13":{"a":"01:02:03.000000"}}',
  );
  expect((await text()).split('\n')[1]).toBe(`{${columns.map(({ name }) => `"${name}":null`).join(',')}}`);
  expect(await readdir(scratch)).not.toContain('rows.duckdb.wal');
});
