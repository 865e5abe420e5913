import { DuckDBInstance } from '@duckdb/node-api';
import { expect, test } from 'vitest';
import { viewColumns } from '../../../../src/destination/duckdb/export-rows.ts';
import { duckdb } from '../../../../src/views/duckdb.ts';

const AT = `TIMESTAMP '2026-01-02 03:04:05'`;

/** The typed columns of a state: two definitions of `due`, of which each view shows one. */
const COLUMNS = [
  { name: 'due_0000000a', type: 'DATETIME' },
  { name: 'due_0000000b', type: 'TIMESTAMP' },
  { name: 'sum_0000000c', type: 'BIGNUMERIC' },
  { name: 'days_0000000d', type: 'DATETIME', mode: 'REPEATED' },
  { name: 'lines_0000000e', type: 'JSON', elements: [{ name: 'paid_0000000f', type: 'DATETIME' }] },
];

const facts = (of: string, rest: object = {}) => duckdb.text(`Words.\n${JSON.stringify({ tailrace: of, ...rest })}`);

async function columnsOf(view: string) {
  const instance = await DuckDBInstance.create(':memory:', { autoinstall_known_extensions: 'false', threads: '1' });
  const connection = await instance.connect();
  try {
    await connection.run(`
CREATE VIEW orders_state AS SELECT ${AT} AS due_0000000a, ${AT} AS due_0000000b, '1' AS sum_0000000c, [${AT}] AS days_0000000d,
  {'paid_0000000f': ${AT}} AS lines_0000000e;
COMMENT ON VIEW orders_state IS ${facts('state', { columns: COLUMNS })};
CREATE VIEW orders AS SELECT due_0000000a AS due, sum_0000000c AS sum, days_0000000d AS days, due_0000000b AS changed_at FROM orders_state;
COMMENT ON VIEW orders IS ${facts('typed', { table_name: 'orders' })};
CREATE VIEW moments AS SELECT due_0000000b AS due FROM orders_state;
COMMENT ON VIEW moments IS ${facts('typed', { table_name: 'orders' })};
CREATE VIEW lines AS SELECT l.paid_0000000f AS paid FROM (SELECT lines_0000000e AS l FROM orders_state);
COMMENT ON VIEW lines IS ${facts('typed', { table_name: 'orders' })};
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
