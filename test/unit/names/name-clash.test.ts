import { describe, expect, test } from 'vitest';
import { refuseNameClash } from '../../../src/names/name-clash.ts';
import { kind } from '../../support/vitest/kind.ts';

describe('refuseNameClash', () => {
  test.for([
    ['orders', []],
    ['orders', ['orders']],
    ['orders', ['orders2', 'order', 'orders_archive', 'my_orders']],
    ['orders_log', ['orders']],
    ['orders_snapshots', ['orders']],
    ['orders_latest_changelog', ['orders']],
    ['tailrace', []],
    ['my_tailrace_x', []],
  ] as const)('lets %s in beside %j', ([name, known]) => {
    expect(() => refuseNameClash(name, known)).not.toThrow();
  });

  test.for([
    ['my.orders', 'my-orders', 'two names become one'],
    ['Orders', 'orders', 'names differ only in case'],
    ['orders_changelog', 'orders', 'it would be a changelog'],
    ['orders_latest', 'orders', 'it would be a latest view'],
    ['orders_snapshot_20261122t093000z1f3a', 'orders', 'it would be a snapshot'],
    ['orders_snapshot_daily', 'orders', 'it would look like a snapshot'],
    ['ORDERS.latest', 'orders', 'it would be a latest view, once mapped and compared without case'],
  ] as const)('refuses %s beside %s: %s', ([name, other]) => {
    for (const [newcomer, known] of [
      [name, other],
      [other, name],
    ] as const) {
      const attempt = () => refuseNameClash(newcomer, ['bystander', known]);

      expect(attempt).toThrow(expect.objectContaining(kind('destination-conflict')));
      expect(attempt).toThrow(name);
      expect(attempt).toThrow(other);
    }
  });

  test.for(['tailrace_', 'tailrace_snapshots', 'Tailrace-x', 'TAILRACE.compare'])(
    "refuses %s, a name of Tailrace's own",
    (name) => {
      expect(() => refuseNameClash(name, [])).toThrow(expect.objectContaining(kind('destination-conflict')));
    },
  );
});
