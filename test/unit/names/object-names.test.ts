import { expect, test } from 'vitest';
import { comparisonName, objectNames } from '../../../src/names/object-names.ts';

test.for([
  ['Orders', 'Orders'],
  ['my-app.orders', 'my_app_orders'],
  ['a.-b', 'a__b'],
  ['0digits', '0digits'],
  ['select', 'select'],
  ['with_underscore', 'with_underscore'],
] as const)('the objects of %s are named for %s', ([table, base]) => {
  const { changelog, latest, typed, snapshot } = objectNames(table);

  expect({ changelog, latest, typed, snapshot: snapshot('20261122t093000z1f3a') }).toEqual({
    changelog: `${base}_changelog`,
    latest: `${base}_latest`,
    typed: base,
    snapshot: `${base}_snapshot_20261122t093000z1f3a`,
  });
});

test("a comparison's table has a name of Tailrace's own", () => {
  expect(comparisonName('0a1b')).toBe('tailrace_compare_0a1b');
});
