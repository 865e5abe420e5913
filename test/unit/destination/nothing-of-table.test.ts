import { expect, test } from 'vitest';
import { nothingOfTable } from '../../../src/destination/nothing-of-table.ts';

const SOURCES = ['Orders', 'Customers'].map((name) => ({ name, arn: '', tableId: null }));

test.each(['orders', 'Ordres', 'Order'])('for %s the table that was most likely meant is named', (table) => {
  expect(nothingOfTable(table, SOURCES, 'duckdb:shop.duckdb')).toMatchObject({
    kind: 'destination-missing',
    message: `Nothing of table ${table} is in duckdb:shop.duckdb`,
    remedy: `Did you mean Orders? Run \`tailrace setup ${table}\` otherwise.`,
  });
});

test('for a name like no other only the next step is named', () => {
  expect(nothingOfTable('Invoices', SOURCES, 'duckdb:shop.duckdb').remedy).toBe('Run `tailrace setup TABLE`.');
});
