import { type ColumnCase, columnCase, MISFIT, quoted } from './column-cases.ts';

const text = (spelled: string, value: ColumnCase['values'][number][1]) => [quoted(spelled), value] as const;

/** Neither a number nor text, and what is not there. */
const OTHERS: ColumnCase['values'] = [
  ['null', null],
  ['true', MISFIT],
  ['[]', MISFIT],
  ['{}', MISFIT],
  ['[1]', MISFIT],
  ['""', MISFIT],
];

const NO_NUMBERS = ['007', '+5', '1e3', ' 12', '12 ', '.5', '5.', '1,5', 'NaN', '--1', '2026-11-22'].map((spelled) =>
  text(spelled, MISFIT),
);

/** Times of one zone whose clocks change: by an hour, by half of one, by a whole day. */
const LOCAL_BERLIN: ColumnCase['values'] = [
  text('2026-07-01T12:00:00', '2026-07-01T10:00:00.000000Z'),
  text('2026-01-01 12:00:00.5', '2026-01-01T11:00:00.500000Z'),
  text('2026-01-01T12:00:00.123456789', '2026-01-01T11:00:00.123456Z'),
  text('2026-03-29T01:59:59.999999', '2026-03-29T00:59:59.999999Z'),
  text('2026-03-29T02:00:00', MISFIT),
  text('2026-03-29T02:30:00', MISFIT),
  text('2026-03-29T02:59:59.999999', MISFIT),
  text('2026-03-29T03:00:00', '2026-03-29T01:00:00.000000Z'),
  text('2026-10-25T01:59:59', '2026-10-24T23:59:59.000000Z'),
  text('2026-10-25T02:00:00', '2026-10-25T00:00:00.000000Z'),
  text('2026-10-25T02:59:59.999999', '2026-10-25T00:59:59.999999Z'),
  text('2026-10-25T03:00:00', '2026-10-25T02:00:00.000000Z'),
  text('1890-01-01T00:00:00', '1889-12-31T23:06:32.000000Z'),
  text('1500-06-01T00:00:00', '1500-05-31T23:06:32.000000Z'),
  text('0001-01-01T00:00:00', MISFIT),
  text('0001-01-01T00:53:28', '0001-01-01T00:00:00.000000Z'),
  text('9999-12-31T23:59:59.999999', '9999-12-31T22:59:59.999999Z'),
  ...['2026-02-30T00:00:00', '2026-11-22T09:30:00Z', '2026-11-22T09:30:00+01:00', '2026-11-22', '12'].map((spelled) =>
    text(spelled, MISFIT),
  ),
  ['12', MISFIT],
  ...OTHERS,
];

/** What columns of times give, by their formats and zones. */
export const TIME_CASES: readonly ColumnCase[] = [
  columnCase('seconds', { type: 'TIMESTAMP', format: 'epoch_seconds' }, [
    ['0', '1970-01-01T00:00:00.000000Z'],
    ['1693997155', '2023-09-06T10:45:55.000000Z'],
    ['1693997155.5', '2023-09-06T10:45:55.500000Z'],
    ['-1.5', '1969-12-31T23:59:58.500000Z'],
    text('1693997155', '2023-09-06T10:45:55.000000Z'),
    text('1693997155.123456', '2023-09-06T10:45:55.123456Z'),
    text('1693997155.123456000', '2023-09-06T10:45:55.123456Z'),
    text('1693997155.1234567', MISFIT),
    text('-0.000001', '1969-12-31T23:59:59.999999Z'),
    text('-0', '1970-01-01T00:00:00.000000Z'),
    ['-62135596800', '0001-01-01T00:00:00.000000Z'],
    ['-62135596801', MISFIT],
    text('253402300799.999999', '9999-12-31T23:59:59.999999Z'),
    ['253402300800', MISFIT],
    text('9223372036854.775807', MISFIT),
    text('-9223372036854.775808', MISFIT),
    text('9223372036855', MISFIT),
    text('999999999999999999.999999', MISFIT),
    text('1000000000000000000', MISFIT),
    ...NO_NUMBERS,
    ...OTHERS,
  ]),
  columnCase('milliseconds', { type: 'TIMESTAMP', format: 'epoch_milliseconds' }, [
    ['1693997155123', '2023-09-06T10:45:55.123000Z'],
    text('1693997155123', '2023-09-06T10:45:55.123000Z'),
    text('1693997155123.456', '2023-09-06T10:45:55.123456Z'),
    text('1693997155123.4560', '2023-09-06T10:45:55.123456Z'),
    text('1693997155123.4567', MISFIT),
    ['-1', '1969-12-31T23:59:59.999000Z'],
    text('253402300799999.999', '9999-12-31T23:59:59.999999Z'),
    ['253402300800000', MISFIT],
    text('9223372036854775.807', MISFIT),
    text('999999999999999999', MISFIT),
    ...NO_NUMBERS,
    ...OTHERS,
  ]),
  columnCase('microseconds', { type: 'TIMESTAMP', format: 'epoch_microseconds' }, [
    ['1693997155123456', '2023-09-06T10:45:55.123456Z'],
    text('1693997155123456', '2023-09-06T10:45:55.123456Z'),
    text('1693997155123456.00', '2023-09-06T10:45:55.123456Z'),
    text('1.5', MISFIT),
    ['-1', '1969-12-31T23:59:59.999999Z'],
    text('253402300799999999', '9999-12-31T23:59:59.999999Z'),
    text('253402300800000000', MISFIT),
    text('-62135596800000001', MISFIT),
    text('1000000000000000000', MISFIT),
    ...NO_NUMBERS,
    ...OTHERS,
  ]),
  columnCase('seconds as a day of Berlin', { type: 'DATE', format: 'epoch_seconds', zone: 'Europe/Berlin' }, [
    ['1767308399', '2026-01-01'],
    ['1767308400', '2026-01-02'],
    ['1782943200', '2026-07-02'],
    ['253402300799', MISFIT],
    ['-62135596800', '0001-01-01'],
    ...OTHERS,
  ]),
  columnCase('seconds as a day of New York', { type: 'DATE', format: 'epoch_seconds', zone: 'America/New_York' }, [
    ['1767308400', '2026-01-01'],
    ['-62135596800', MISFIT],
    ['253402300799', '9999-12-31'],
  ]),
  columnCase('milliseconds as local time', { type: 'DATETIME', format: 'epoch_milliseconds', zone: 'Asia/Kolkata' }, [
    ['1693997155123', '2023-09-06T16:15:55.123000'],
    text('1693997155123.456', '2023-09-06T16:15:55.123456'),
    ['253402300799999', MISFIT],
    ...OTHERS,
  ]),
  columnCase('a moment with nanoseconds', { type: 'TIMESTAMP', format: 'iso8601_nanoseconds' }, [
    text('2026-11-22T09:30:00.123456789Z', '2026-11-22T09:30:00.123456Z'),
    text('2026-11-22T09:30:00.999999999 UTC', '2026-11-22T09:30:00.999999Z'),
    text('2026-11-22 00:30:00.1234567-03:30', '2026-11-22T04:00:00.123456Z'),
    text('2026-11-22T09:30:00Z', '2026-11-22T09:30:00.000000Z'),
    text('1969-12-31T23:59:59.999999999Z', '1969-12-31T23:59:59.999999Z'),
    text('2026-11-22T09:30:00.1234567891Z', MISFIT),
    text('2026-11-22T09:30:00.123456789', MISFIT),
    ...OTHERS,
  ]),
  columnCase('a moment as a day', { type: 'DATE', format: 'iso8601', zone: 'Europe/Berlin' }, [
    text('2026-11-22T22:59:59Z', '2026-11-22'),
    text('2026-11-22T23:00:00Z', '2026-11-23'),
    text('2026-11-22T23:00:00 UTC', '2026-11-23'),
    text('2026-11-22T00:30:00+14:00', '2026-11-21'),
    text('2026-11-22', MISFIT),
    text('9999-12-31T23:30:00Z', MISFIT),
    ...OTHERS,
  ]),
  columnCase(
    'a moment as local time',
    { type: 'DATETIME', format: 'iso8601_nanoseconds', zone: 'Australia/Lord_Howe' },
    [
      text('2026-04-04T14:45:00.123456789Z', '2026-04-05T01:45:00.123456'),
      text('2026-04-04T15:15:00Z', '2026-04-05T01:45:00.000000'),
      ...OTHERS,
    ],
  ),
  columnCase('a local time as a day', { type: 'DATE', format: 'iso8601_local' }, [
    text('2026-11-22T23:59:59.999999999', '2026-11-22'),
    text('2026-11-22', MISFIT),
    text('2026-11-22T00:00:00Z', MISFIT),
    ...OTHERS,
  ]),
  columnCase('a local time', { type: 'DATETIME', format: 'iso8601_local' }, [
    text('2026-03-29T02:30:00.123456789', '2026-03-29T02:30:00.123456'),
    text('2026-03-29T02:30:00Z', MISFIT),
    ...OTHERS,
  ]),
  columnCase(
    'a local time of Berlin',
    { type: 'TIMESTAMP', format: 'iso8601_local', zone: 'Europe/Berlin' },
    LOCAL_BERLIN,
  ),
  columnCase('a local time of Lord Howe', { type: 'TIMESTAMP', format: 'iso8601_local', zone: 'Australia/Lord_Howe' }, [
    text('2026-04-05T01:15:00', '2026-04-04T14:15:00.000000Z'),
    text('2026-04-05T01:30:00', '2026-04-04T14:30:00.000000Z'),
    text('2026-04-05T01:45:00', '2026-04-04T14:45:00.000000Z'),
    text('2026-04-05T02:00:00', '2026-04-04T15:30:00.000000Z'),
    text('2026-10-04T02:15:00', MISFIT),
    text('2026-10-04T02:30:00', '2026-10-03T15:30:00.000000Z'),
  ]),
  columnCase('a local time of Samoa', { type: 'TIMESTAMP', format: 'iso8601_local', zone: 'Pacific/Apia' }, [
    text('2011-12-29T23:59:59', '2011-12-30T09:59:59.000000Z'),
    text('2011-12-30T12:00:00', MISFIT),
    text('2011-12-31T00:00:00', '2011-12-30T10:00:00.000000Z'),
  ]),
  columnCase('a local time of UTC', { type: 'TIMESTAMP', format: 'iso8601_local', zone: 'UTC' }, [
    text('2026-03-29T02:30:00', '2026-03-29T02:30:00.000000Z'),
    text('0001-01-01T00:00:00', '0001-01-01T00:00:00.000000Z'),
  ]),
];
