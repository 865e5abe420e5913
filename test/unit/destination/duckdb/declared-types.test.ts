import { DuckDBInstance } from '@duckdb/node-api';
import { expect, test } from 'vitest';
import { writeAnnotation } from '../../../../src/destination/annotation.ts';
import { viewColumns } from '../../../../src/destination/duckdb/export-rows.ts';
import type { TypedColumn } from '../../../../src/schema/typed-column.ts';
import { unpublished } from '../../../../src/snapshot/published.ts';
import { duckdb } from '../../../../src/views/duckdb.ts';

const AT = `TIMESTAMP '2026-01-02 03:04:05'`;

const typed = (name: string, type: TypedColumn['type'], more: Partial<TypedColumn> = {}): TypedColumn => ({
  name,
  type,
  path: ['a'],
  cluster: false,
  ...more,
});

/** The typed columns of a state: two definitions of `due`, of which each view shows one. */
const COLUMNS = [
  typed('due_0000000a', 'DATETIME'),
  typed('due_0000000b', 'TIMESTAMP'),
  typed('sum_0000000c', 'BIGNUMERIC'),
  typed('days_0000000d', 'DATETIME', { mode: 'REPEATED' }),
  typed('lines_0000000e', 'JSON', { elements: [typed('paid_0000000f', 'DATETIME')] }),
];

const STATE = duckdb.text(writeAnnotation({ of: 'state', published: unpublished(1), columns: COLUMNS }));
const TYPED = duckdb.text(writeAnnotation({ of: 'typed', tableName: 'orders' }));

async function columnsOf(view: string) {
  const instance = await DuckDBInstance.create(':memory:', { autoinstall_known_extensions: 'false', threads: '1' });
  const connection = await instance.connect();
  try {
    await connection.run(`
CREATE VIEW orders_state AS SELECT ${AT} AS due_0000000a, ${AT} AS due_0000000b, '1' AS sum_0000000c, [${AT}] AS days_0000000d,
  {'paid_0000000f': ${AT}} AS lines_0000000e;
COMMENT ON VIEW orders_state IS ${STATE};
CREATE VIEW orders AS SELECT due_0000000a AS due, sum_0000000c AS sum, days_0000000d AS days, due_0000000b AS changed_at FROM orders_state;
COMMENT ON VIEW orders IS ${TYPED};
CREATE VIEW moments AS SELECT due_0000000b AS due FROM orders_state;
COMMENT ON VIEW moments IS ${TYPED};
CREATE VIEW lines AS SELECT l.paid_0000000f AS paid FROM (SELECT lines_0000000e AS l FROM orders_state);
COMMENT ON VIEW lines IS ${TYPED};
CREATE VIEW mine AS SELECT due_0000000a AS due FROM orders_state;
COMMENT ON VIEW mine IS 'Not {an annotation';`);
    return Object.fromEntries((await viewColumns(connection, view)).map(({ name, type }) => [name, type]));
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

test.for([
  [
    'ORDERS',
    {
      due: { scalar: 'DATETIME' },
      sum: { scalar: 'BIGNUMERIC' },
      days: { element: { scalar: 'DATETIME' } },
      changed_at: { scalar: 'TIMESTAMP' },
    },
  ],
  ['moments', { due: { scalar: 'TIMESTAMP' } }],
  ['lines', { paid: { scalar: 'DATETIME' } }],
  ['mine', { due: { scalar: 'TIMESTAMP' } }],
] as const)('the columns of the view %s have the types that its schema declares', async ([view, types]) => {
  expect(await columnsOf(view)).toEqual(types);
});
