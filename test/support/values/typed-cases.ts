import type { SchemaType } from '../../../src/schema/column-type.ts';

/**
 * The value of a JSON value in each type that it fits; other types give NULL. JSON takes everything.
 *
 * Numbers are decimals in full, times ISO 8601 with microseconds, in UTC where they are moments; bytes are base64.
 */
export type TypedCase = {
  readonly json: string;
  readonly fits: Partial<Readonly<Record<Exclude<SchemaType, 'JSON'>, string>>>;
};

type Numbers = 'INT64' | 'FLOAT64' | 'NUMERIC' | 'BIGNUMERIC';

const EXACT = ['NUMERIC', 'BIGNUMERIC'] as const;
const WHOLE = ['INT64', 'FLOAT64', ...EXACT] as const;
const FRACTION = ['FLOAT64', ...EXACT] as const;

export const TYPED_CASES: readonly TypedCase[] = [
  // Whole numbers, and from 2^53 on their text.
  number('0', WHOLE),
  number('-1', WHOLE),
  number('9007199254740991', WHOLE),
  text('9007199254740992', same('9007199254740992', WHOLE)),
  text('-9223372036854775000', same('-9223372036854775000', WHOLE)),
  text('9223372036854776000', same('9223372036854776000', FRACTION)),
  text('18446744073709552000', same('18446744073709552000', FRACTION)),
  text('1000000000000000000000', same('1000000000000000000000', FRACTION)),
  text('-1500000000000000000000', same('-1500000000000000000000', FRACTION)),
  text('12345678901234566000000000000', same('12345678901234566000000000000', FRACTION)),
  text(`99${'0'.repeat(27)}`, same(`99${'0'.repeat(27)}`, FRACTION)),
  text(`1${'0'.repeat(29)}`, same(`1${'0'.repeat(29)}`, ['FLOAT64', 'BIGNUMERIC'])),
  text(`9${'0'.repeat(37)}`, same(`9${'0'.repeat(37)}`, ['FLOAT64', 'BIGNUMERIC'])),
  text(`1${'0'.repeat(38)}`, same(`1${'0'.repeat(38)}`, ['FLOAT64'])),
  text(`-999${'0'.repeat(123)}`, same(`-999${'0'.repeat(123)}`, ['FLOAT64'])),
  // Fractions, and the text of those for which an engine has another one.
  number('12.5', FRACTION),
  number('-0.1', FRACTION),
  number('0.30000000000000004', ['FLOAT64', 'BIGNUMERIC']),
  number('123456789012345.6', FRACTION),
  number('123456.123456789', FRACTION),
  number('123456.1234567891', ['FLOAT64', 'BIGNUMERIC']),
  number('0.0001', FRACTION),
  text('1234567890123456.5', same('1234567890123456.5', FRACTION)),
  text('0.00001', same('0.00001', FRACTION)),
  text('67.174118', same('67.174118', FRACTION)),
  text('-726.361739', same('-726.361739', FRACTION)),
  text('0.000000001', same('0.000000001', FRACTION)),
  text('-0.0000000011', same('-0.0000000011', ['FLOAT64', 'BIGNUMERIC'])),
  text(`0.${'0'.repeat(37)}1`, same(`0.${'0'.repeat(37)}1`, ['FLOAT64', 'BIGNUMERIC'])),
  text(`0.${'0'.repeat(37)}12`, same(`0.${'0'.repeat(37)}12`, ['FLOAT64'])),
  text(`0.${'0'.repeat(129)}1`, same(`0.${'0'.repeat(129)}1`, ['FLOAT64'])),
  // Numbers that no double carries, and numbers that were stored as text.
  text('9223372036854775807', { ...same('9223372036854775807', ['INT64', ...EXACT]), FLOAT64: '9223372036854776000' }),
  text('9223372036854775808', { ...same('9223372036854775808', EXACT), FLOAT64: '9223372036854776000' }),
  text('-9223372036854775808', {
    ...same('-9223372036854775808', ['INT64', ...EXACT]),
    FLOAT64: '-9223372036854776000',
  }),
  text('-9223372036854775809', { ...same('-9223372036854775809', EXACT), FLOAT64: '-9223372036854776000' }),
  text('9'.repeat(29), { ...same('9'.repeat(29), EXACT), FLOAT64: `1${'0'.repeat(29)}` }),
  text(`${'9'.repeat(29)}.${'9'.repeat(9)}`, {
    ...same(`${'9'.repeat(29)}.${'9'.repeat(9)}`, EXACT),
    FLOAT64: `1${'0'.repeat(29)}`,
  }),
  text(`${'9'.repeat(30)}`, { BIGNUMERIC: '9'.repeat(30), FLOAT64: `1${'0'.repeat(30)}` }),
  text('12345678901234567890123456789012345678', {
    BIGNUMERIC: '12345678901234567890123456789012345678',
    FLOAT64: '12345678901234568000000000000000000000',
  }),
  text(`${'9'.repeat(38)}.${'9'.repeat(38)}`, {
    BIGNUMERIC: `${'9'.repeat(38)}.${'9'.repeat(38)}`,
    FLOAT64: `1${'0'.repeat(38)}`,
  }),
  text('9'.repeat(39), { FLOAT64: `1${'0'.repeat(39)}` }),
  text(`${'9'.repeat(38)}${'0'.repeat(88)}`, { FLOAT64: `1${'0'.repeat(126)}` }),
  text('-1.2345678901234567890123456789012345678', {
    BIGNUMERIC: '-1.2345678901234567890123456789012345678',
    FLOAT64: '-1.2345678901234567',
  }),
  text('0.1000000000000000000001', { BIGNUMERIC: '0.1000000000000000000001', FLOAT64: '0.1' }),
  text(`0.${'0'.repeat(38)}1`, { FLOAT64: `0.${'0'.repeat(38)}1` }),
  text('12.5', same('12.5', FRACTION)),
  text('12.50', same('12.5', FRACTION)),
  text('12.0', same('12', FRACTION)),
  text('100', same('100', WHOLE)),
  text('20261122', same('20261122', WHOLE)),
  text('1.50000000000000000000000000000000000000000000', same('1.5', FRACTION)),
  text('-0', same('0', FRACTION)),
  text('-0.000', same('0', FRACTION)),
  text('9'.repeat(309), {}),
  ...[
    '007',
    '+5',
    '1e3',
    '1E+2',
    ' 12',
    '12 ',
    '12\n',
    '.5',
    '5.',
    '1,5',
    '1_000',
    '0x10',
    '١٢',
    'NaN',
    'Infinity',
    '-inf',
    '--1',
    '-',
    '9'.repeat(400),
    '12"',
    '\u0000',
    '12\u0000',
  ].map((spelled) => text(spelled, {})),
  // Booleans, and texts that other systems take for booleans.
  { json: 'true', fits: { STRING: 'true', BOOL: 'true' } },
  { json: 'false', fits: { STRING: 'false', BOOL: 'false' } },
  ...['true', 'TRUE', 'yes', 'y', 't', 'on', 'false', '1x'].map((word) => text(word, {})),
  // Days and times.
  text('2026-11-22', { DATE: '2026-11-22' }),
  text('2024-02-29', { DATE: '2024-02-29' }),
  text('0001-01-01', { DATE: '0001-01-01' }),
  text('9999-12-31', { DATE: '9999-12-31' }),
  ...[
    '2023-02-29',
    '2026-02-30',
    '2026-04-31',
    '0000-01-01',
    '2026-13-01',
    '2026-00-10',
    '2026-1-2',
    '26-11-22',
    '2026/11/22',
    '10000-01-01',
    '-2026-11-22',
    'today',
    'now',
    'infinity',
    'epoch',
    '2026-11-22 ',
    '2026-11-22T09:30Z',
    '2026-11-22T09:30:00z',
    '2026-11-22t09:30:00Z',
    '2026-11-22T24:00:00Z',
    '2026-11-22T23:59:60Z',
    '2026-11-22T09:60:00Z',
    '2026-11-22T09:30:00.1234567Z',
    '2026-11-22T09:30:00.Z',
    '2026-11-22T09:30:00+0200',
    '2026-11-22T09:30:00+02',
    '2026-11-22T09:30:00+14:30',
    '2026-11-22T09:30:00+15:00',
    '2026-11-22T09:30:00Europe/Berlin',
    '2026-02-30T00:00:00Z',
    '0000-06-01T00:00:00Z',
    '0001-01-01T00:00:00+00:01',
    '9999-12-31T23:59:59.999999-00:01',
  ].map((spelled) => text(spelled, {})),
  text('2026-11-22T00:00:00', { DATETIME: '2026-11-22T00:00:00.000000' }),
  text('2026-11-22 09:30:00.5', { DATETIME: '2026-11-22T09:30:00.500000' }),
  text('2026-11-22T09:30:00.123456789', { DATETIME: '2026-11-22T09:30:00.123456' }),
  text('2026-03-29T02:30:00.999999999', { DATETIME: '2026-03-29T02:30:00.999999' }),
  text('0001-01-01T00:00:00', { DATETIME: '0001-01-01T00:00:00.000000' }),
  text('9999-12-31T23:59:59.999999999', { DATETIME: '9999-12-31T23:59:59.999999' }),
  ...[
    '2026-02-30T00:00:00',
    '0000-12-31T23:59:59',
    '2026-11-22T09:30',
    '2026-11-22T24:00:00',
    '2026-11-22T09:30:00.1234567890',
    '2026-11-22T09:30:60',
  ].map((spelled) => text(spelled, {})),
  text('09:30:00', { TIME: '09:30:00.000000' }),
  text('23:59:59.5', { TIME: '23:59:59.500000' }),
  text('00:00:00.123456000', { TIME: '00:00:00.123456' }),
  ...['9:30:00', '09:30', '24:00:00', '09:30:60', '09:30:00.1234567', '09:30:00Z', 'T09:30:00', '09:30:00 PM'].map(
    (spelled) => text(spelled, {}),
  ),
  text('2026-11-22T09:30:00 UTC', { TIMESTAMP: '2026-11-22T09:30:00.000000Z' }),
  text('2026-11-22 09:30:00.123456 UTC', { TIMESTAMP: '2026-11-22T09:30:00.123456Z' }),
  ...['2026-11-22T09:30:00UTC', '2026-11-22T09:30:00  UTC', '2026-11-22T09:30:00 utc', '2026-11-22T09:30:00 GMT'].map(
    (spelled) => text(spelled, {}),
  ),
  text('2026-11-22T09:30:00Z', { TIMESTAMP: '2026-11-22T09:30:00.000000Z' }),
  text('2026-11-22 09:30:00Z', { TIMESTAMP: '2026-11-22T09:30:00.000000Z' }),
  text('2026-11-22T09:30:00.5Z', { TIMESTAMP: '2026-11-22T09:30:00.500000Z' }),
  text('2026-11-22T09:30:00.123456Z', { TIMESTAMP: '2026-11-22T09:30:00.123456Z' }),
  text('2026-11-22T09:30:00.123456000Z', { TIMESTAMP: '2026-11-22T09:30:00.123456Z' }),
  text('2026-11-22T09:30:00+02:00', { TIMESTAMP: '2026-11-22T07:30:00.000000Z' }),
  text('2026-11-22T00:30:00-03:30', { TIMESTAMP: '2026-11-22T04:00:00.000000Z' }),
  text('2026-11-22T00:00:00+14:00', { TIMESTAMP: '2026-11-21T10:00:00.000000Z' }),
  text('2024-02-29T00:00:00-14:00', { TIMESTAMP: '2024-02-29T14:00:00.000000Z' }),
  text('1969-12-31T23:59:59.999999Z', { TIMESTAMP: '1969-12-31T23:59:59.999999Z' }),
  text('1582-10-10T00:00:00Z', { TIMESTAMP: '1582-10-10T00:00:00.000000Z' }),
  text('0001-01-01T00:00:00Z', { TIMESTAMP: '0001-01-01T00:00:00.000000Z' }),
  text('0001-01-01T00:00:00-00:01', { TIMESTAMP: '0001-01-01T00:01:00.000000Z' }),
  text('9999-12-31T23:59:59.999999Z', { TIMESTAMP: '9999-12-31T23:59:59.999999Z' }),
  text('9999-12-31T23:59:59.999999+00:01', { TIMESTAMP: '9999-12-31T23:58:59.999999Z' }),
  // Bytes: base64 of one form alone. Shorter texts have padding, and its bits are 0.
  ...['YQ==', 'YWI=', 'YWJj', '+/+/', '/w==', '////', 'AAAA'].map((base64) => text(base64, { BYTES: base64 })),
  ...['Y', 'YQ', 'YQ=', 'YQ===', 'YR==', 'YWJ=', 'YW-_', 'Y Q=', '====', 'YQ==YQ==', 'YQ=='.padEnd(5, '\n')].map(
    (spelled) => text(spelled, {}),
  ),
  // Text of every kind.
  ...[
    '',
    ' ',
    'null',
    '[]',
    '{}',
    '"',
    '""',
    '\\',
    'c:\\Home',
    "it's",
    'a`b',
    'é',
    '😀',
    '\n\t\r',
    '\u007f\u0085\u2028',
    'x\ufeff',
    '\u0001',
    '%_',
    "'); DROP TABLE x; --",
  ].map((plain) => text(plain, {})),
  // Values that are no scalars.
  { json: 'null', fits: {} },
  { json: '[]', fits: {} },
  { json: '{}', fits: {} },
  { json: '[1]', fits: {} },
  { json: '["2026-11-22"]', fits: {} },
  { json: '{"N":"1","nested":{"list":[null,true,"x",1.5]}}', fits: {} },
];

/** A JSON number that reads in the decimal as it does in JSON. */
function number(decimal: string, types: readonly Numbers[]): TypedCase {
  return { json: decimal, fits: { STRING: decimal, ...same(decimal, types) } };
}

/** A JSON string, which always fits STRING, and BYTES where it happens to be base64. */
function text(value: string, fits: TypedCase['fits']): TypedCase {
  const isBase64 = Buffer.from(value, 'base64').toString('base64') === value;
  return { json: JSON.stringify(value), fits: { STRING: value, ...(isBase64 && { BYTES: value }), ...fits } };
}

function same(decimal: string, types: readonly Numbers[]): TypedCase['fits'] {
  return Object.fromEntries(types.map((type) => [type, decimal]));
}
