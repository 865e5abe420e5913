import { DuckDBInstance } from '@duckdb/node-api';
import { expect, test } from 'vitest';
import { runStatement } from '../../../../src/destination/duckdb/statement.ts';

async function value(expression: string) {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  try {
    await connection.run(`SET TimeZone = 'Asia/Kathmandu'`);
    return (await runStatement(connection, `SELECT ${expression} AS v`)).rows[0]?.[0];
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

test.for([
  ['a small integer', '7::TINYINT', 7],
  ['a HUGEINT that a double carries', '(SELECT sum(x) FROM range(3) t(x))', 3],
  ['a HUGEINT that none carries', '170141183460469231731687303715884105727', '170141183460469231731687303715884105727'],
  ['an integer of which no double has all digits, but prints them', '42547355050985230', '42547355050985230'],
  ['its neighbour', '42547355050985231', '42547355050985231'],
  ['a UBIGINT beyond 2^53', '18446744073709551615::UBIGINT', '18446744073709551615'],
  ['the greatest integer that is a number', '-9007199254740991', -9007199254740991],
  ['the least that is text', '9007199254740992', '9007199254740992'],
  ['a DOUBLE beyond 2^53', '1e17::DOUBLE', 1e17],
  ['a DECIMAL that is its shortest text', '1.5::DECIMAL(4,1)', '1.5'],
  ['a DECIMAL with zeros at its end', '1.50::DECIMAL(4,2)', '1.50'],
  [
    'a DECIMAL of 38 digits',
    `'0.1234567890123456789012345678901234567'::DECIMAL(38,37)`,
    '0.1234567890123456789012345678901234567',
  ],
  ['a DOUBLE', '0.1::DOUBLE', 0.1],
  ['NaN', `'nan'::DOUBLE`, 'NaN'],
  ['an infinity', `'-inf'::FLOAT`, '-Infinity'],
  ['a TIMESTAMP', `TIMESTAMP '2026-11-22 10:00:00'`, '2026-11-22T10:00:00Z'],
  ['a TIMESTAMP with microseconds', `TIMESTAMP '2026-11-22 10:00:00.123456'`, '2026-11-22T10:00:00.123456Z'],
  ['a TIMESTAMP with nanoseconds', `'2026-11-22 10:00:00.123456789'::TIMESTAMP_NS`, '2026-11-22T10:00:00.123456789Z'],
  ['a TIMESTAMPTZ', `TIMESTAMPTZ '2026-11-22 10:00:00+05:45'`, '2026-11-22T04:15:00Z'],
  ['an infinite TIMESTAMP', `'infinity'::TIMESTAMP`, 'infinity'],
  ['a DATE', `DATE '2026-11-22'`, '2026-11-22'],
  ['a TIME', `TIME '10:00:01'`, '10:00:01'],
  ['an INTERVAL', 'INTERVAL 3 DAY', '3 days'],
  ['a BLOB', `'\\x00\\xFF'::BLOB`, 'AP8='],
  ['a UUID', `'00000000-0000-0000-0000-000000000001'::UUID`, '00000000-0000-0000-0000-000000000001'],
  ['an ENUM', `'b'::ENUM('a', 'b')`, 'b'],
  ['a LIST with NULL', '[1, NULL, 3]', [1, null, 3]],
  ['an ARRAY', '[1, 2]::INTEGER[2]', [1, 2]],
  ['a STRUCT of LISTs', `{'a': [9007199254740993], 'b': {'c': NULL}}`, { a: ['9007199254740993'], b: { c: null } }],
  ['a MAP', `MAP {'k': 1.50}`, [{ key: 'k', value: '1.50' }]],
  ['a UNION', `union_value(n := 2)`, { tag: 'n', value: 2 }],
  ['JSON', `'{"a": [1, null, {"b": "x"}]}'::JSON`, { a: [1, null, { b: 'x' }] }],
  ['JSON that is text', `'"007"'::JSON`, '007'],
  ['JSON null', `'null'::JSON`, null],
  ['JSON in a LIST', `['{"a": 1}'::JSON]`, [{ a: 1 }]],
  ['a JSON number that no double carries', `'[12345678901234567890]'::JSON`, ['12345678901234567890']],
  ['a JSON number beyond all doubles', `'[1e400]'::JSON`, ['1e400']],
  [
    'a JSON integer beyond 2^53, however it is written',
    `'[42547355050985230, {"n": 100000000000000000000}, 1e+25]'::JSON`,
    ['42547355050985230', { n: '100000000000000000000' }, '1e+25'],
  ],
  ['a JSON number that a double carries, long as it is', `'[9007199254740991, 1e-7]'::JSON`, [9007199254740991, 1e-7]],
  ['text that looks like JSON', `'{"a":1}'`, '{"a":1}'],
] as const)('a query gives %s exactly', async ([, expression, expected]) => {
  expect(await value(expression)).toEqual(expected);
});

test('a query gives __proto__ in JSON as a plain name', async () => {
  expect(JSON.stringify(await value(`'{"__proto__":{"x":1}}'::JSON`))).toBe('{"__proto__":{"x":1}}');
});

/** As pasted from a file that begins with a byte order mark; long and short text lie elsewhere in DuckDB's memory. */
const MARKED = ['\ufeff', '\ufeffx', '\ufeff\ufeffx', `\ufeff${'long'.repeat(10)}`, 'x\ufeff'];

test.for([
  ['a VARCHAR', (text: string) => `'${text}'`, (text: string) => text],
  ['an ENUM', (text: string) => `'${text}'::ENUM('${text}')`, (text: string) => text],
  ['a LIST', (text: string) => `['${text}', NULL]`, (text: string) => [text, null]],
  ['a LIST of LISTs', (text: string) => `[['a'], ['${text}']]`, (text: string) => [['a'], [text]]],
  ['an ARRAY', (text: string) => `['a', '${text}']::VARCHAR[2]`, (text: string) => ['a', text]],
  ['a STRUCT', (text: string) => `{'1': 'a', '0': '${text}'}`, (text: string) => ({ 0: text, 1: 'a' })],
  ['a MAP', (text: string) => `MAP {'${text}': '${text}'}`, (text: string) => [{ key: text, value: text }]],
  ['a UNION', (text: string) => `union_value(s := '${text}')`, (text: string) => ({ tag: 's', value: text })],
  ['JSON', (text: string) => `'["${text}"]'::JSON`, (text: string) => [text]],
  [
    'a name in JSON',
    (text: string) => `'{"${text}":{"${text}":1}}'::JSON`,
    (text: string) => ({ [text]: { [text]: 1 } }),
  ],
] as const)('a query gives a U+FEFF that begins a text of %s', async ([, expression, expected]) => {
  for (const text of MARKED) expect(await value(expression(text))).toEqual(expected(text));
});
