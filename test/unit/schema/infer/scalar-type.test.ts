import { describe, expect, test } from 'vitest';
import { columnOf, proposalOfAttributes } from '../../../support/values/proposals.ts';

/** The column for numbers as DynamoDB spells them. */
function numberColumn(numbers: readonly string[], name = 'amount') {
  return proposalOfAttributes(numbers.map((number) => ({ [name]: { N: number } }))).columns[0];
}

describe('numbers', () => {
  test.each([
    ['INT64', ['1', '-5', '9223372036854775807', '-9223372036854775808']],
    ['NUMERIC', ['1', '9223372036854775808']],
    ['NUMERIC', ['1', '0.5']],
    ['NUMERIC', ['99999999999999999999999999999.999999999'.slice(0, 38)]],
    ['BIGNUMERIC', ['1', '0.0000000001']],
    ['BIGNUMERIC', ['9'.repeat(38)]],
    ['STRING', ['1', '1E+40']],
    ['STRING', ['1', '1E-39']],
  ])('are %s by what all of them fit', (type, numbers) => {
    expect(numberColumn(numbers)?.type).toBe(type);
  });

  test('of too many digits are STRING, and it is said why', () => {
    expect(numberColumn(['1E+100'])?.description).toBe(
      'In the only item. Numbers of more digits than any exact type holds: FLOAT64 would round them.',
    );
  });

  test.each([
    ['0.1234567891', 'More than 9 decimals: BIGNUMERIC, which is text in DuckDB and Tableau; FLOAT64 would round it.'],
    ['9'.repeat(38), 'More than 29 digits: BIGNUMERIC, which is text in DuckDB and Tableau; FLOAT64 would round it.'],
  ])('that are BIGNUMERIC say why, and what that costs: %s', (number, sentence) => {
    expect(numberColumn(['1', number])?.description).toBe(`In all 2 items. ${sentence}`);
  });

  test('are times only where the name says so, too', () => {
    const at = (name: string) => numberColumn(['1767323045', '1700000000'], name);

    for (const name of [
      'createdAt',
      'ttl',
      'expires',
      'timestamp',
      'updated_at',
      'birthDate',
      'erstelltAm',
      'fecha',
      'bezahltAm',
      'gesperrtAm',
      'geaendert',
      'geändert',
      'checkIn',
      'check_out',
      'checkin',
      'arrival',
    ]) {
      expect(at(name), name).toMatchObject({ type: 'TIMESTAMP', format: 'epoch_seconds' });
    }
    for (const name of [
      'amount',
      'id',
      'views',
      'phone',
      'timeout',
      'expiryCount',
      'lastOrderNumber',
      'check',
      'amAnfangZahl',
    ]) {
      expect(at(name), name).toMatchObject({ type: 'INT64' });
    }
  });

  test.each([
    ['epoch_seconds', ['1767323045.5', '1700000000']],
    ['epoch_milliseconds', ['1767323045123', '1700000000000.5']],
    ['epoch_microseconds', ['1767323045123456']],
  ])('are times in %s by their range, and it is a guess', (format, numbers) => {
    const column = numberColumn(numbers, 'createdAt');

    expect(column).toMatchObject({ type: 'TIMESTAMP', format });
    expect(column?.description).toMatch(/A guess by name and range: \w+ since 1970\./);
  });

  test.each([
    ['one is no time', ['1767323045', '17']],
    ['one is before 2000', ['1767323045', '900000000']],
    ['the units differ', ['1767323045', '1767323045123']],
    ['one is negative', ['1767323045', '-1767323045']],
    ['all are zero', ['0', '0']],
  ])('are no times where %s', (_, numbers) => {
    expect(numberColumn(numbers, 'createdAt')?.type).toBe('INT64');
  });

  test('that are zero where there is no time are told', () => {
    expect(numberColumn(['0', '1767323045'], 'ttl')).toMatchObject({
      type: 'TIMESTAMP',
      description: 'In all 2 items. A guess by name and range: seconds since 1970. 0 in 1, which is 1970-01-01.',
    });
  });
});

describe('texts', () => {
  test.each([
    [['2026-11-22'], { type: 'DATE' }],
    [['09:30:00'], { type: 'TIME' }],
    [['2026-11-22T09:30:00Z', '2026-11-22 09:30:00 UTC'], { type: 'TIMESTAMP' }],
    [['2026-11-22T09:30:00.123456789Z', '2026-11-22T09:30:00Z'], { type: 'TIMESTAMP', format: 'iso8601_nanoseconds' }],
    [['2026-11-22T09:30:00'], { type: 'DATETIME' }],
    [['2026-11-22T09:30:00.123456789'], { type: 'DATETIME', format: 'iso8601_local' }],
    [['2026-11-22T09:30:00Z', '2026-11-22T09:30:00'], { type: 'STRING' }],
    [['2026-11-22', '2026-11-22T09:30:00Z'], { type: 'STRING' }],
    [['2026-11-22', 'soon'], { type: 'STRING' }],
    [['20095', '8001'], { type: 'STRING' }],
    [['0301234567'], { type: 'STRING' }],
    [['12.50'], { type: 'STRING' }],
  ])('%s have the type that all of them fit', (values, expected) => {
    const { name, description, ...column } = columnOf(values);

    expect(column).toEqual(expected);
  });

  const many = (value: string, other: string) => [...Array.from({ length: 39 }, () => value), other];

  test.each([
    ['2026-11-22', 'soon', '39 of 40 are dates.'],
    ['09:30:00', 'noon', '39 of 40 are times of day.'],
    ['2026-11-22T09:30:00', 'x', '39 of 40 are times of no zone.'],
    ['2026-11-22T09:30:00Z', 'x', '39 of 40 are times.'],
    ['{"a":1}', 'x', '39 of 40 look like JSON.'],
    ['{"a":1}', '{x}', 'Looks like JSON, but not all of it is.'],
  ])('nearly all of one type stay STRING, and it is said: %s and %s', (value, other, sentence) => {
    expect(columnOf(many(value, other))).toEqual({
      name: 'a',
      type: 'STRING',
      description: `In all 40 items. ${sentence}`,
    });
    expect(columnOf([value, other, other]).description).not.toContain('of 3');
  });

  test('without a zone say so', () => {
    expect(columnOf(['2026-11-22T09:30:00']).description).toBe('In the only item. Local time of no zone.');
  });

  test('that are times but for empty ones say so', () => {
    expect(columnOf(['2026-11-22', '', '2026-11-23'])).toMatchObject({
      type: 'STRING',
      description: 'In all 3 items. Empty in 1, and else DATE.',
    });
  });

  test('of digits are times in seconds where the name says so, also beside numbers', () => {
    expect(columnOf(['1767323045', '1700000000'], 'expires')).toMatchObject({ format: 'epoch_seconds' });
    expect(columnOf(['1767323045', 1_700_000_000], 'expires')).toMatchObject({ format: 'epoch_seconds' });
    expect(columnOf(['1767323045', 'never'], 'expires')).toMatchObject({ type: 'STRING' });
  });

  test('that are base64 stay STRING, and it is said', () => {
    expect(columnOf([Buffer.from('a value of bytes')])).toMatchObject({
      type: 'STRING',
      description: 'In the only item. Looks like base64; BYTES would hold its bytes.',
    });
  });
});

test('booleans are BOOL', () => {
  expect(columnOf([true, false])).toEqual({ name: 'a', type: 'BOOL', description: 'In all 2 items.' });
});

test('scalars of several types are STRING, and the mixture is told with its counts', () => {
  expect(columnOf(['x', 1, 2, true])).toMatchObject({
    type: 'STRING',
    description: 'In all 4 items. Mixed types: text 1, number 2, boolean 1.',
  });
});

test('a scalar beside an object or a list is JSON', () => {
  expect(columnOf(['x', { b: 1 }])).toMatchObject({ type: 'JSON' });
  expect(columnOf([1, [2]])).toMatchObject({
    type: 'JSON',
    description: 'In all 2 items. Mixed types: number 1, list 1.',
  });
});

test('NULL alone is JSON, and beside values it is counted', () => {
  expect(columnOf([null, null])).toMatchObject({ type: 'JSON', description: 'In all 2 items. Always NULL.' });
  expect(columnOf([null, 5])).toMatchObject({ type: 'INT64', description: 'In all 2 items. NULL in 1.' });
});
