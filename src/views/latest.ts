import type { ObjectNames } from '../names/object-names.ts';
import type { Dialect } from './dialect.ts';

/** The SELECT of a table's latest view: the current state, one row for each item. It never changes. */
export function latestSelect(dialect: Dialect, names: ObjectNames): string {
  const q = dialect.identifier;
  const columns = ['key', 'item', 'digest', 'position', 'changed_at', 'snapshot_id'];
  return `SELECT ${columns.map(q).join(', ')}\nFROM ${dialect.table(names.state)}`;
}
