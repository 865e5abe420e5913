import { LEDGER } from '../names/object-names.ts';
import { LEDGER_COLUMNS } from '../snapshot/ledger.ts';
import type { Dialect } from './dialect.ts';

/** The events of the snapshots of all tables of one name, oldest first: all columns of the ledger, in their order. */
export function ledgerSelect(dialect: Dialect, tableName: string): string {
  const q = dialect.identifier;
  return [
    `SELECT ${LEDGER_COLUMNS.map(({ name }) => q(name)).join(', ')}`,
    `FROM ${dialect.table(LEDGER)}`,
    `WHERE ${q('table_name')} = ${dialect.text(tableName)}`,
    `ORDER BY ${q('at')}, ${q('snapshot_id')}, ${eventOrder(dialect)}`,
  ].join('\n');
}

/** What happens within one millisecond still has its order. */
function eventOrder(dialect: Dialect): string {
  const event = dialect.identifier('event');
  return `CASE ${event} WHEN 'started' THEN 1 WHEN 'finished' THEN 2 WHEN 'published' THEN 3 ELSE 4 END`;
}
