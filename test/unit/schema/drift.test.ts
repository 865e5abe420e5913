import { describe, expect, test } from 'vitest';
import { undeclaredPaths } from '../../../src/schema/drift.ts';
import type { Path } from '../../../src/schema/path.ts';
import type { SchemaColumn } from '../../../src/schema/schema.ts';
import { pathsOfShapes } from '../../../src/schema/shape-paths.ts';

const SHAPE = '{"address":{"city":"zip":}"id":"lines":[{"gift":"sku":}]"payload":"tags":[]"total":}';

const column = (path: Path, type: SchemaColumn['type'] = 'STRING', mode?: 'REPEATED'): SchemaColumn => ({
  name: 'x',
  type,
  mode,
  description: null,
  path,
  cluster: false,
});

const undeclared = (columns: readonly SchemaColumn[], unnest: Path | null = null, ignored: readonly Path[] = []) =>
  undeclaredPaths(pathsOfShapes([{ shape: SHAPE, items: 3 }]), [{ name: 'T', columns, unnest }], ignored).map(
    ({ path }) => path,
  );

describe('what a schema does not declare', () => {
  test('is everything, the outermost of each, where it declares nothing', () => {
    expect(undeclared([])).toEqual([['address'], ['id'], ['lines'], ['payload'], ['tags'], ['total']]);
  });

  test('is what is missing of a map, of which a column shows a part', () => {
    expect(undeclared([column(['address', 'city'])])).toContainEqual(['address', 'zip']);
    expect(undeclared([column(['address', 'city'])])).not.toContainEqual(['address']);
  });

  test.for<[string, readonly SchemaColumn[], Path | null]>([
    ['a column of JSON', [column(['lines'], 'JSON')], null],
    ['a list column', [column(['lines'], 'STRING', 'REPEATED')], null],
    [
      'a view of all that its elements have',
      [column(['lines', { each: true }, 'sku']), column(['lines', { each: true }, 'gift'])],
      ['lines'],
    ],
  ])('is nothing below a list that %s takes', ([, columns, unnest]) => {
    expect(undeclared(columns, unnest).filter(([first]) => first === 'lines')).toEqual([]);
  });

  test('is what elements have beside the columns of their view', () => {
    expect(undeclared([column(['lines', { each: true }, 'sku'])], ['lines'])).toContainEqual(['lines', 0, 'gift']);
  });

  test('is nothing of a text whose JSON a column looks into', () => {
    expect(undeclared([column(['payload', { json: true }, 'user'])])).not.toContainEqual(['payload']);
  });

  test('is nothing by which a view chooses its items', () => {
    const view = { name: 'T', columns: [], where: [{ path: ['total'], exists: true }] };
    const known = pathsOfShapes([{ shape: SHAPE, items: 3 }]);

    expect(undeclaredPaths(known, [view], []).map(({ path }) => path)).not.toContainEqual(['total']);
  });

  test('is nothing that the schema ignores, nor what is below it', () => {
    expect(undeclared([], null, [['address'], ['id']])).toEqual([['lines'], ['payload'], ['tags'], ['total']]);
  });
});
