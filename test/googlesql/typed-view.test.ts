import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import type { Path } from '../../src/schema/path.ts';
import { canonicalJson } from '../../src/value/canonical-json.ts';
import { canonicalText } from '../../src/value/canonical-text.ts';
import type { Dialect } from '../../src/views/dialect.ts';
import { duckdb } from '../../src/views/duckdb.ts';
import { googlesql } from '../../src/views/googlesql.ts';
import { misfitCount, type TypedView, typedSelect } from '../../src/views/typed.ts';
import { askLatest, NAMES } from '../support/duckdb/latest.ts';
import { decimal, plainNumber } from '../support/values/arbitraries.ts';
import { HOSTILE_ATTRIBUTE_NAMES } from '../support/values/hostile-names.ts';
import { TYPED_CASES } from '../support/values/typed-cases.ts';
import { asTexts, COLUMN_OF_EACH_TYPE, comparableText, TYPES } from '../support/values/typed-texts.ts';
import { RUNS } from '../support/vitest/budget.ts';
import { GoogleSql } from './google-sql.ts';
import { DATASET } from './tables.ts';

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

  const latest = (items: readonly string[]) => ({
    path: `${DATASET.project}.${DATASET.dataset}.${NAMES.latest}`,
    columns: [{ name: 'item', type: 'JSON' as const }],
    rows: items.map((item) => [item]),
  });
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
    expect(await askGoogle(items, misfitCount(GOOGLE, NAMES, EACH))).toEqual(
      await askLatest(items, misfitCount(duckdb, NAMES, EACH)),
    );
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
      paths.map((path, index) => ({ name: `c${index}`, type: 'STRING', description: null, path }) as const);
    const view = { name: 'x', columns: columns(HOSTILE_ATTRIBUTE_NAMES.flatMap((name) => [[name], ['outer', name]])) };

    const [top, below, ...none] = await askGoogle(items, typedSelect(GOOGLE, NAMES, view));

    const indexes = HOSTILE_ATTRIBUTE_NAMES.map((_, index) => String(index));
    expect(top).toEqual(indexes.flatMap((index) => [index, null]));
    expect(below).toEqual(indexes.flatMap((index) => [null, index]));
    expect(none.flat().every((value) => value === null)).toBe(true);
  });

  test('distinguishes an index from a name', async () => {
    const items = ['{"a":["element"]}', '{"a":{"0":"name"}}'];
    const columns = [['a', 0] as const, ['a', '0'] as const].map(
      (path, index) => ({ name: `c${index}`, type: 'STRING', description: null, path }) as const,
    );

    expect(await askGoogle(items, typedSelect(GOOGLE, NAMES, { name: 'x', columns }))).toEqual([
      ['element', null],
      [null, 'name'],
    ]);
  });

  test('is a view that GoogleSQL takes', async () => {
    const select = typedSelect(GOOGLE, NAMES, EACH);

    for (const sql of GOOGLE.createView(NAMES.typed, select, 'comment')) await google.analyze(sql, [latest([])]);
  });
});

function eachAsTexts(dialect: Dialect): string {
  return `SELECT ${asTexts(dialect).join(', ')} FROM (${typedSelect(dialect, NAMES, EACH)}) AS ${dialect.identifier('each')}`;
}

function comparable(row: readonly (string | null)[]): readonly (string | null)[] {
  return TYPES.map((type, column) => comparableText(type, row[column] ?? null));
}

function fitting(row: readonly (string | null)[]): Readonly<Record<string, string | null>> {
  return Object.fromEntries(
    comparable(row).flatMap((text, column) => (text === null ? [] : [[String(TYPES[column]), text]])),
  );
}
