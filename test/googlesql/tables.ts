import { type ObjectNames, objectNames } from '../../src/names/object-names.ts';
import type { TypedColumn } from '../../src/schema/typed-column.ts';
import { SNAPSHOT_COLUMNS } from '../../src/snapshot/columns.ts';
import { storedAs } from '../../src/views/table-definition.ts';
import type { SqlCell, SqlColumn, SqlTable } from './google-sql.ts';

/** The dataset of these tests. */
export const DATASET = { project: 'my-project', dataset: 'shop' };

/** The table as {@link SqlTable} names it. */
export function pathOf(name: string): string {
  return `${DATASET.project}.${DATASET.dataset}.${name}`;
}

/** One of Tailrace's tables, with rows. A column takes the field of its own name where it names none. */
export function tableOf<Row extends Readonly<Record<string, SqlCell>>>(
  name: string,
  columns: readonly (SqlColumn & { readonly field?: keyof Row & string })[],
  rows: readonly Row[],
): SqlTable {
  return {
    path: pathOf(name),
    columns,
    rows: rows.map((row) => columns.map(({ name: column, field = column }) => row[field] ?? null)),
  };
}

/** A latest view with items, whose keys number them. */
export function latestTable(name: string, items: readonly string[]): SqlTable {
  const columns = [
    { name: 'key', type: 'STRING' },
    { name: 'item', type: 'JSON' },
  ] as const;
  return { path: pathOf(name), columns, rows: items.map((item, index) => [String(index), item]) };
}

/** The columns of a snapshot with typed columns. */
export function snapshotColumns(typed: readonly TypedColumn[]): readonly SqlColumn[] {
  return [...SNAPSHOT_COLUMNS, ...typed.map(storedAs)];
}

/** The state and the latest view of a source table, as tables without rows. */
export function emptyViews(tableName: string, typed: readonly SqlColumn[]): readonly SqlTable[] {
  const { state, latest }: ObjectNames = objectNames(tableName);
  const shown: readonly SqlColumn[] = [
    ...SNAPSHOT_COLUMNS.filter(({ name }) => name !== 'removed'),
    { name: 'snapshot_id', type: 'STRING' },
  ];
  return [
    { path: pathOf(state), columns: [...shown, ...typed], rows: [] },
    { path: pathOf(latest), columns: shown, rows: [] },
  ];
}

/** The tables that statements create, each once, without rows. */
export function createdTables(statements: readonly string[]): readonly SqlTable[] {
  const created = statements.flatMap((sql): readonly SqlTable[] => {
    const [, path = '', columns] = /^CREATE TABLE IF NOT EXISTS `([^`]+)` \(\n([\s\S]*?)\n\)/.exec(sql) ?? [];
    if (columns === undefined) return [];
    return [{ path, columns: columns.split(',\n').map((line) => columnAt(line.trim())), rows: [] }];
  });
  return [...new Map(created.map((table) => [table.path, table])).values()];
}

/** A column, or a field of a record, from the beginning of a text: its name and its type. */
function columnAt(text: string): SqlColumn {
  const [, name = '', list = '', type = '', inside = ''] = /^`([^`]+)` (ARRAY<)?(?:(\w+)|)(?:<(.*))?/.exec(text) ?? [];
  const repeated = list === '' ? {} : { isRepeated: true };
  if (type !== 'STRUCT') return { name, type: type as SqlColumn['type'], ...repeated };
  // No field is a record, so each begins behind a comma and has no comma itself.
  const fields = inside.split(/, (?=`)/).map(columnAt);
  return { name, type: 'JSON', fields, ...repeated };
}
