import { describe, expect, test } from 'vitest';
import type { SchemaType } from '../../../src/schema/column-type.ts';
import type { Path } from '../../../src/schema/path.ts';
import { pathsOfShapes } from '../../../src/schema/shape-paths.ts';
import { duckdb } from '../../../src/views/duckdb.ts';
import { shapeSelect } from '../../../src/views/shapes.ts';
import { askLatest, countMisfits, NAMES } from '../../support/duckdb/latest.ts';
import { HOSTILE_ATTRIBUTE_NAMES } from '../../support/values/hostile-names.ts';
import { columnMisfits } from '../../support/values/misfits.ts';
import { TYPED_CASES } from '../../support/values/typed-cases.ts';
import { COLUMN_OF_EACH_TYPE, TYPES } from '../../support/values/typed-texts.ts';

const EACH = { name: NAMES.typed, columns: COLUMN_OF_EACH_TYPE };

const column = (path: Path, name = 'x') => ({ name, type: 'INT64', description: null, cluster: false, path }) as const;

describe('misfits, in DuckDB', () => {
  test('are what does not fit, and neither what is NULL nor what is absent', async () => {
    const items = [...TYPED_CASES.map(({ json }) => `{"v":${json}}`), '{}', '{"w":1}'];

    const counted = await countMisfits(items, EACH, 1);

    const values = TYPED_CASES.filter(({ json }) => json !== 'null');
    const misfits = (type: Exclude<SchemaType, 'JSON'>) => values.filter(({ fits }) => fits[type] === undefined).length;
    expect(counted.items).toBe(items.length);
    expect(counted.byColumn.map(({ present, nulls }) => [present, nulls])).toEqual(
      TYPES.map(() => [TYPED_CASES.length, TYPED_CASES.length - values.length]),
    );
    expect(counted.byColumn.map((found) => found.misfits)).toEqual(
      TYPES.map((type) => (type === 'JSON' ? 0 : misfits(type))),
    );
    for (const { byType, misfits } of counted.byColumn) {
      expect(Object.values(byType).reduce((sum, count) => sum + count)).toBe(misfits);
    }
  });

  test('are listed with the type that JSON gives each value, whatever the column is named', async () => {
    const items = ['"text"', '{"a":1}', '[1]', 'true', 'false', '1.5', '-1.5', '0.0001', 'null', '7'];
    const columns = ['key', 'item', 'texts', 'present_0', 'column_1'].map((name) => column(['v'], name));

    const counted = await countMisfits(
      items.map((json) => `{"v":${json}}`),
      { name: 'x', columns },
      100,
    );

    const types = ['string', 'object', 'array', 'boolean', 'boolean', 'number', 'number', 'number'];
    const listed = types.map((type, key) => ({ key: String(key), type }));
    const found = columnMisfits({ present: 10, nulls: 1, misfits: 8, listed });
    expect(counted).toEqual({ items: 10, byColumn: columns.map(() => found) });
    expect(found.byType).toEqual({ string: 1, number: 3, boolean: 2, object: 1, array: 1 });
  });

  test('at a path whose name holds a line end are counted there', async () => {
    const items = ['{"a\\n  b":"x"}', '{"a\\n      b":"x"}'];

    const counted = await countMisfits(items, { name: 'x', columns: [column(['a\n  b'])] }, 5);

    const listed = [{ key: '0', type: 'string' }];
    expect(counted).toEqual({ items: 2, byColumn: [columnMisfits({ present: 1, misfits: 1, listed })] });
  });
});

describe('shapes, in DuckDB', () => {
  test.for(HOSTILE_ATTRIBUTE_NAMES)('lead to the attribute %j, at the top and below, and to no value', async (name) => {
    const member = `${JSON.stringify(name)}:{"inner":"${'{'}secret\\"}:[]"}`;
    const item = `{"list":[{${member}}],${member}}`;

    const rows = await askLatest([item], shapeSelect(duckdb, NAMES, { share: 1, salt: '' }));

    expect(rows.flat().join()).not.toContain('secret');
    expect(pathsOfShapes(rows.map(([shape]) => ({ shape: shape ?? '', items: 1 }))).map(({ path }) => path)).toEqual([
      ['list'],
      ['list', 0],
      ['list', 0, name],
      ['list', 0, name, 'inner'],
      [name],
      [name, 'inner'],
    ]);
  });

  test('end early where an item has more names than are read', async () => {
    const item = JSON.stringify(Object.fromEntries(Array.from({ length: 5_000 }, (_, n) => [`name${n}`, n])));

    const [[shape = ''] = []] = await askLatest([item], shapeSelect(duckdb, NAMES, { share: 1, salt: '' }));

    const paths = pathsOfShapes([{ shape: shape ?? '', items: 1 }]);
    expect(paths.length).toBeGreaterThan(1_000);
    expect(paths.every(({ path }, n) => path.length === 1 && path[0] === `name${n}`)).toBe(true);
  });
});
