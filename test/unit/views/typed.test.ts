import { describe, expect, test } from 'vitest';
import type { Path } from '../../../src/schema/path.ts';
import { canonicalText } from '../../../src/value/canonical-text.ts';
import { canonicalDecimal } from '../../../src/value/decimal.ts';
import { jsonOfDecimal } from '../../../src/value/json-number.ts';
import { duckdb } from '../../../src/views/duckdb.ts';
import { askLatest, typedStatements } from '../../support/duckdb/latest.ts';
import { HOSTILE_ATTRIBUTE_NAMES } from '../../support/values/hostile-names.ts';
import { TYPED_CASES } from '../../support/values/typed-cases.ts';
import { asTexts, COLUMN_OF_EACH_TYPE, comparableText, TYPES } from '../../support/values/typed-texts.ts';

test('the cases hold numbers as Tailrace writes them', () => {
  const numbers = TYPED_CASES.map(({ json }) => json).filter((json) => /^[-0-9]/.test(json));

  expect(numbers.map((json) => jsonOfDecimal(canonicalDecimal(json) ?? ''))).toEqual(numbers);
});

describe('a typed view, in DuckDB', () => {
  test('gives every value to the types that it fits, exactly, and NULL to the others', async () => {
    const items = TYPED_CASES.map(({ json }) => `{"v":${json}}`);
    const [state, select] = typedStatements({ columns: COLUMN_OF_EACH_TYPE });

    const rows = await askLatest(items, state, `SELECT ${asTexts(duckdb).join(', ')} FROM (${select})`);

    const given = rows.map((row) => {
      const texts = TYPES.map((type, column) => [type, comparableText(type, row[column] ?? null)] as const);
      return Object.fromEntries(texts.filter(([, text]) => text !== null));
    });
    expect(TYPED_CASES.map(({ json }, index) => ({ json, fits: given[index] }))).toEqual(
      TYPED_CASES.map(({ json, fits }) => ({ json, fits: { ...fits, JSON: canonicalText(json) } })),
    );
  });

  test('tells a NULL attribute from an absent one where the type is JSON', async () => {
    const rows = await askLatest(
      ['{"v":null}', '{}'],
      ...typedStatements({
        columns: [
          { name: 'json', type: 'JSON', description: null, path: ['v'], cluster: false },
          { name: 'string', type: 'STRING', description: null, path: ['v'], cluster: false },
        ],
      }),
    );

    expect(rows).toEqual([
      ['null', null],
      [null, null],
    ]);
  });

  test.for(HOSTILE_ATTRIBUTE_NAMES)('selects the attribute %j, and no other', async (name) => {
    const item = JSON.stringify(
      Object.fromEntries(
        [...HOSTILE_ATTRIBUTE_NAMES.filter((other) => other !== name), 'a', 'b'].map((other) => [other, 'wrong']),
      ),
    );
    const withName = `{${JSON.stringify(name)}:"right"${item === '{}' ? '' : `,${item.slice(1)}`}`;

    expect(await at([name], withName)).toBe('right');
    expect(await at([name], item)).toBe(null);
    expect(await at(['outer', name], `{"outer":${withName}}`)).toBe('right');
    expect(await at([name], `["wrong","wrong"]`)).toBe(null);
  });

  test.for<[Path, string, string | null]>([
    [['a', 0], '{"a":["first","second"]}', 'first'],
    [['a', 1, 'b'], '{"a":["first",{"b":"inner"}]}', 'inner'],
    [['a', 2], '{"a":["first","second"]}', null],
    [['a', Number.MAX_SAFE_INTEGER], '{"a":["first"]}', null],
    [['a', 0], '{"a":{"0":"a name"}}', null],
    [['a', '0'], '{"a":["an element"]}', null],
    [['a', 'b', 'c'], '{"a":{"b":"text"}}', null],
    [['a', 0], '{"a":"text"}', null],
    [['a.b'], '{"a":{"b":"nested"}}', null],
  ])('reads %j of %s', async ([path, item, expected]) => {
    expect(await at(path, item)).toBe(expected);
  });
});

/** The text at a path of an item. */
async function at(path: Path, item: string): Promise<string | null | undefined> {
  const columns = [{ name: 'value', type: 'STRING', description: null, cluster: false, path }] as const;
  const [row] = await askLatest([item], ...typedStatements({ columns }));
  return row?.[0];
}
