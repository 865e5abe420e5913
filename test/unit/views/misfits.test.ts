import { describe, expect, test } from 'vitest';
import type { SchemaType } from '../../../src/schema/column-type.ts';
import type { Path } from '../../../src/schema/path.ts';
import { pathsOfShapes } from '../../../src/schema/shape-paths.ts';
import { duckdb } from '../../../src/views/duckdb.ts';
import { misfitCount } from '../../../src/views/misfits.ts';
import { shapeSelect } from '../../../src/views/shapes.ts';
import { askLatest, NAMES } from '../../support/duckdb/latest.ts';
import { HOSTILE_ATTRIBUTE_NAMES } from '../../support/values/hostile-names.ts';
import { TYPED_CASES } from '../../support/values/typed-cases.ts';
import { COLUMN_OF_EACH_TYPE, TYPES } from '../../support/values/typed-texts.ts';

const EACH = { name: NAMES.typed, columns: COLUMN_OF_EACH_TYPE };

const column = (path: Path, name = 'x') => ({ name, type: 'INT64', description: null, cluster: false, path }) as const;

describe('misfits, in DuckDB', () => {
  test('are what does not fit, and neither what is NULL nor what is absent', async () => {
    const items = [...TYPED_CASES.map(({ json }) => `{"v":${json}}`), '{}', '{"w":1}'];

    const [[counted, ...counts] = []] = await askLatest(items, misfitCount(duckdb, NAMES, EACH, 1));

    const values = TYPED_CASES.filter(({ json }) => json !== 'null');
    const misfits = (type: Exclude<SchemaType, 'JSON'>) => values.filter(({ fits }) => fits[type] === undefined).length;
    expect(counted).toBe(String(items.length));
    expect(counts.filter((_, index) => index % 3 === 0)).toEqual(TYPES.map(() => String(TYPED_CASES.length)));
    expect(counts.filter((_, index) => index % 3 === 1)).toEqual(
      TYPES.map((type) => String(type === 'JSON' ? 0 : misfits(type))),
    );
  });

  test('are listed with the type that JSON gives each value, whatever the column is named', async () => {
    const items = ['"text"', '{"a":1}', '[1]', 'true', 'false', '1.5', '-1.5', '0.0001', 'null', '7'];
    const columns = ['key', 'item', 'texts', 'present_0', 'column_1'].map((name) => column(['v'], name));

    const [row = []] = await askLatest(
      items.map((json) => `{"v":${json}}`),
      misfitCount(duckdb, NAMES, { name: 'x', columns }, 100),
    );

    const types = ['string', 'object', 'array', 'boolean', 'boolean', 'number', 'number', 'number'];
    const listed = JSON.stringify(types.map((type, key) => `${key} ${type}`));
    expect(row).toEqual(['10', ...columns.flatMap(() => ['10', '8', listed])]);
  });

  test('at a path whose name holds a line end are counted there', async () => {
    const [row = []] = await askLatest(
      ['{"a\\n  b":"x"}', '{"a\\n      b":"x"}'],
      misfitCount(duckdb, NAMES, { name: 'x', columns: [column(['a\n  b'])] }, 5),
    );

    expect(row).toEqual(['2', '1', '1', '["0 string"]']);
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
