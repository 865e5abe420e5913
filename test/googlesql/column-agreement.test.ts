import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { misfits } from '../../src/destination/count-rows.ts';
import type { SchemaColumn } from '../../src/schema/schema.ts';
import type { Dialect } from '../../src/views/dialect.ts';
import { duckdb } from '../../src/views/duckdb.ts';
import { googlesql } from '../../src/views/googlesql.ts';
import { misfitCount } from '../../src/views/misfits.ts';
import { askLatest, countMisfits, NAMES } from '../support/duckdb/latest.ts';
import { itemsOf, quoted } from '../support/values/column-cases.ts';
import { overItems } from '../support/values/over-items.ts';
import { PART_CASES } from '../support/values/part-cases.ts';
import { TIME_CASES } from '../support/values/time-cases.ts';
import { comparableText, textOf } from '../support/values/typed-texts.ts';
import { RUNS } from '../support/vitest/budget.ts';
import { GoogleSql } from './google-sql.ts';
import { DATASET, latestTable } from './tables.ts';

const address = inject('zetaSql');
const GOOGLE = googlesql(DATASET);

const ALL = [...TIME_CASES, ...PART_CASES];
const COLUMNS = ALL.map(({ column }, index): SchemaColumn => ({ ...column, name: `x${index}` }));
/** Without the document in which a name stands twice: DuckDB keeps both, and GoogleSQL the first. */
const ITEMS = [...new Set(ALL.flatMap(itemsOf))].filter((item) => !item.includes('second'));

/** Their clocks change in spring and autumn, by half an hour, by a quarter beside the hour, and once by a day. */
const ZONES = [
  'Europe/Berlin',
  'America/New_York',
  'Australia/Lord_Howe',
  'Pacific/Chatham',
  'America/St_Johns',
  'Pacific/Apia',
  'Africa/Monrovia',
  'Asia/Kathmandu',
  'UTC',
];

/** Microseconds since the epoch: mostly of our time, where clocks change; else of any year. */
const moment = fc.oneof(
  { weight: 3, arbitrary: fc.bigInt(-2_000_000_000_000_000n, 4_000_000_000_000_000n) },
  { weight: 1, arbitrary: fc.bigInt(-62_135_596_800_000_000n, 253_402_300_799_999_999n) },
);

const fraction = fc.stringMatching(/^(?:|[.][0-9]{1,9})$/);

/** A time in its texts: epochs, and ISO 8601 with and without a zone. */
const timeText = fc
  .tuple(moment, fraction, fc.constantFrom('Z', ' UTC', '+05:45', '-03:30', ''))
  .map(([micros, digits, end]) => {
    const iso = new Date(Number(micros / 1000n)).toISOString();
    const local = `${iso.slice(0, 19)}${digits}${end}`;
    return [
      quoted(local),
      quoted(local.replace('T', ' ')),
      String(micros / 1_000_000n),
      quoted(String(micros)),
      quoted(`${micros / 1000n}${digits}`),
    ];
  });

describe.skipIf(address === null)('a column, in GoogleSQL and in DuckDB', () => {
  let google: GoogleSql;
  beforeAll(async () => {
    google = await GoogleSql.connect(address ?? '');
  });
  afterAll(() => google[Symbol.dispose]());

  async function compare(columns: readonly SchemaColumn[], items: readonly string[]): Promise<void> {
    const view = { name: NAMES.typed, columns };
    const tables = [latestTable(NAMES.latest, items)];
    const sql = (dialect: Dialect) =>
      `SELECT ${columns.map((column) => textOf(dialect, column)).join(', ')} FROM (${overItems(dialect, view)}) AS ${dialect.identifier('view')}`;
    const comparable = (rows: readonly (readonly unknown[])[]) =>
      rows.map((row, key) => ({
        item: items[key],
        values: columns.map(({ type, mode }, index) =>
          comparableText(type, typeof row[index] === 'string' ? row[index] : null, mode),
        ),
      }));

    const [given, expected] = [
      comparable(await google.evaluate(sql(GOOGLE), tables)),
      comparable(await askLatest(items, sql(duckdb))),
    ];
    expect(given).toEqual(expected);
    const counted = misfits(await google.record(misfitCount(GOOGLE, NAMES, view, 1_000), tables), view);
    expect(counted).toEqual(await countMisfits(items, view, 1_000));
  }

  test('gives the same of every value of every case, and counts the same misfits', async () => {
    for (let at = 0; at < COLUMNS.length; at += 11) await compare(COLUMNS.slice(at, at + 11), ITEMS);
  });

  test('gives the same of any time in any zone', async () => {
    const times = fc.array(timeText, { minLength: 10, maxLength: 40, size: 'max' });
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...ZONES), times, async (zone, texts) => {
        const plain = { description: null, path: ['v'], cluster: false };
        const epochs = ['epoch_seconds', 'epoch_milliseconds', 'epoch_microseconds'] as const;
        const moments = [...epochs, 'iso8601', 'iso8601_nanoseconds'] as const;
        const columns: readonly SchemaColumn[] = [
          ...moments.flatMap((format): SchemaColumn[] => [
            { name: format, type: 'TIMESTAMP', format, ...plain },
            { name: `${format}_day`, type: 'DATE', format, zone, ...plain },
            { name: `${format}_local`, type: 'DATETIME', format, zone, ...plain },
          ]),
          { name: 'moment', type: 'TIMESTAMP', format: 'iso8601_local', zone, ...plain },
          { name: 'local', type: 'DATETIME', ...plain },
          { name: 'day', type: 'DATE', format: 'iso8601_local', ...plain },
        ];
        await compare(
          columns,
          texts.flat().map((json) => `{"v":${json}}`),
        );
      }),
      { numRuns: Math.ceil(RUNS.numRuns / 4) },
    );
  });

  test('gives the same of JSON in a text, however it is damaged', async () => {
    const json = fc.json({ depthSize: 'small', stringUnit: 'binary' });
    const damaged = fc
      .tuple(
        json,
        fc.nat(60),
        fc.nat(2),
        fc.constantFrom('', ',', '0', '.5', 'e', '"', '\\', ' ', 'NaN', ']', '}', '-', ':'),
      )
      .map(([text, at, dropped, put]) => text.slice(0, at) + put + text.slice(at + dropped));
    const texts = fc.array(fc.oneof(json, damaged), { minLength: 10, maxLength: 40, size: 'max' });
    const below = (...path: SchemaColumn['path']): SchemaColumn[] =>
      (['JSON', 'STRING'] as const).map((type) => ({
        name: `${type}_${path.length}`,
        type,
        path: ['v', { json: true }, ...path],
        description: null,
        cluster: false,
      }));
    await fc.assert(
      fc.asyncProperty(texts, async (given) => {
        const items = given.filter((text) => text.isWellFormed()).map((text) => `{"v":${quoted(text)}}`);
        await compare([...below(), ...below(0), ...below(0, 'a')], items);
      }),
      { numRuns: Math.ceil(RUNS.numRuns / 4) },
    );
  });
});
