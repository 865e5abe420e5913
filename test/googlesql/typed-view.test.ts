import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import type { Path } from '../../src/schema/path.ts';
import type { TypedView } from '../../src/schema/typed-view.ts';
import { canonicalJson } from '../../src/value/canonical-json.ts';
import { canonicalText } from '../../src/value/canonical-text.ts';
import type { Dialect } from '../../src/views/dialect.ts';
import { duckdb } from '../../src/views/duckdb.ts';
import { googlesql } from '../../src/views/googlesql.ts';
import { misfitCount } from '../../src/views/misfits.ts';
import { shapeSelect } from '../../src/views/shapes.ts';
import { askLatest, NAMES } from '../support/duckdb/latest.ts';
import { decimal, plainNumber } from '../support/values/arbitraries.ts';
import { HOSTILE_ATTRIBUTE_NAMES } from '../support/values/hostile-names.ts';
import { overItems } from '../support/values/over-items.ts';
import { TYPED_CASES } from '../support/values/typed-cases.ts';
import { asTexts, COLUMN_OF_EACH_TYPE, comparableText, TYPES } from '../support/values/typed-texts.ts';
import { RUNS } from '../support/vitest/budget.ts';
import { GoogleSql } from './google-sql.ts';
import { DATASET, latestTable } from './tables.ts';

const address = inject('zetaSql');
const GOOGLE = googlesql(DATASET);
const EACH: TypedView = { name: NAMES.typed, columns: COLUMN_OF_EACH_TYPE };
const ITEMS = TYPED_CASES.map(({ json }) => `{"v":${json}}`);

describe.skipIf(address === null)('a typed view, in GoogleSQL', () => {
  let google: GoogleSql;
  beforeAll(async () => {
    google = await GoogleSql.connect(address ?? '');
  });
  afterAll(() => google[Symbol.dispose]());

  const latest = (items: readonly string[]) => latestTable(NAMES.latest, items);
  const askGoogle = async (items: readonly string[], sql: string) =>
    (await google.evaluate(sql, [latest(items)])).map((row) =>
      row.map((value) => (value === null ? null : String(value))),
    );

  test('gives every value to the types that it fits, exactly, and NULL to the others', async () => {
    const rows = await askGoogle(ITEMS, eachAsTexts(GOOGLE));

    expect(TYPED_CASES.map(({ json }, index) => ({ json, fits: fitting(rows[index] ?? []) }))).toEqual(
      TYPED_CASES.map(({ json, fits }) => ({ json, fits: { ...fits, JSON: canonicalText(json) } })),
    );
  });

  test('gives what DuckDB gives, and counts the same misfits', async () => {
    const items = [...ITEMS, '{}', '{"w":1}'];

    expect((await askGoogle(items, eachAsTexts(GOOGLE))).map(comparable)).toEqual(
      (await askLatest(items, eachAsTexts(duckdb))).map(comparable),
    );
    for (const listed of [2, 1_000]) {
      const [google = []] = await askGoogle(items, misfitCount(GOOGLE, NAMES, EACH, listed));
      const [duck = []] = await askLatest(items, misfitCount(duckdb, NAMES, EACH, listed));
      expect(google.map(withoutNulls)).toEqual(duck);
    }
    expect(await askGoogle([], misfitCount(GOOGLE, NAMES, EACH, 5))).toEqual(
      await askLatest([], misfitCount(duckdb, NAMES, EACH, 5)),
    );
  });

  test('comes with the shapes that DuckDB gives, whatever the names and values', async () => {
    const hostile = HOSTILE_ATTRIBUTE_NAMES.map((name) => JSON.stringify(name));
    const item = `{${hostile.map((text) => `${text}:{${text}:[${text},{${text}:-1.5}]}`).join(',')}}`;
    const items = [...ITEMS, canonicalText(item), '{}', '{"v":{"w":[[{"x":[]}]]}}', '{"v":{"w":[[{"x":[1]}]]}}'];
    const [all, half] = [
      { share: 1, salt: '' },
      { share: 0.5, salt: 'x' },
    ];

    for (const sample of [all, half]) {
      expect(await askGoogle(items, shapeSelect(GOOGLE, NAMES, sample))).toEqual(
        await askLatest(items, shapeSelect(duckdb, NAMES, sample)),
      );
    }
  });

  test('gives what DuckDB gives of any number', async () => {
    const numbers = fc.array(decimal.map(plainNumber), { minLength: 1, maxLength: 50 });
    await fc.assert(
      fc.asyncProperty(numbers, async (given) => {
        const items = given.map((N) => canonicalJson({ v: { N } }, 'NewImage'));

        expect((await askGoogle(items, eachAsTexts(GOOGLE))).map(comparable)).toEqual(
          (await askLatest(items, eachAsTexts(duckdb))).map(comparable),
        );
      }),
      { numRuns: Math.ceil(RUNS.numRuns / 4) },
    );
  });

  test('selects each attribute by its exact name, at the top and below', async () => {
    const item = `{${HOSTILE_ATTRIBUTE_NAMES.map((name, index) => `${JSON.stringify(name)}:${index}`).join(',')}}`;
    const items = [item, `{"outer":${item}}`, '{"outer":["no","object"]}', '{"outer":"text"}'];
    const columns = (paths: readonly Path[]) =>
      paths.map(
        (path, index) => ({ name: `c${index}`, type: 'STRING', description: null, cluster: false, path }) as const,
      );
    const view = { name: 'x', columns: columns(HOSTILE_ATTRIBUTE_NAMES.flatMap((name) => [[name], ['outer', name]])) };

    const [top, below, ...none] = await askGoogle(items, overItems(GOOGLE, view));

    const indexes = HOSTILE_ATTRIBUTE_NAMES.map((_, index) => String(index));
    expect(top).toEqual(indexes.flatMap((index) => [index, null]));
    expect(below).toEqual(indexes.flatMap((index) => [null, index]));
    expect(none.flat().every((value) => value === null)).toBe(true);
  });

  test('distinguishes an index from a name', async () => {
    const items = ['{"a":["element"]}', '{"a":{"0":"name"}}'];
    const columns = [['a', 0] as const, ['a', '0'] as const].map(
      (path, index) => ({ name: `c${index}`, type: 'STRING', description: null, cluster: false, path }) as const,
    );

    expect(await askGoogle(items, overItems(GOOGLE, { columns }))).toEqual([
      ['element', null],
      [null, 'name'],
    ]);
  });

  test('is a view that GoogleSQL takes', async () => {
    const select = overItems(GOOGLE, EACH);

    for (const sql of GOOGLE.createView(NAMES.typed, select, 'comment')) await google.analyze(sql, [latest([])]);
  });
});

/** A list of misfits without what isn't one; other values as they are. */
function withoutNulls(value: string | null): string | null {
  if (!value?.startsWith('[')) return value;
  return JSON.stringify(JSON.parse(value).filter((line: unknown) => line !== null));
}

function eachAsTexts(dialect: Dialect): string {
  return `SELECT ${asTexts(dialect).join(', ')} FROM (${overItems(dialect, EACH)}) AS ${dialect.identifier('each')}`;
}

function comparable(row: readonly (string | null)[]): readonly (string | null)[] {
  return TYPES.map((type, column) => comparableText(type, row[column] ?? null));
}

function fitting(row: readonly (string | null)[]): Readonly<Record<string, string | null>> {
  return Object.fromEntries(
    comparable(row).flatMap((text, column) => (text === null ? [] : [[String(TYPES[column]), text]])),
  );
}
