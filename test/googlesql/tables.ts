import { CHANGELOG_COLUMNS } from '../../src/changelog/columns.ts';
import type { Column } from '../../src/column.ts';
import { comparisonName, LEDGER, objectNames } from '../../src/names/object-names.ts';
import { SNAPSHOT_COLUMNS } from '../../src/snapshot/columns.ts';
import { LEDGER_COLUMNS } from '../../src/snapshot/ledger.ts';
import { COMPARISON_COLUMNS, STREAMED_COLUMNS } from '../../src/views/table-definition.ts';
import type { SqlCell, SqlTable } from './google-sql.ts';

/** The dataset of these tests. */
export const DATASET = { project: 'my-project', dataset: 'shop' };

/** One of Tailrace's tables, with rows. */
export function tableOf<Row extends Readonly<Record<string, SqlCell>>>(
  name: string,
  columns: readonly Column<Row>[],
  rows: readonly Row[],
): SqlTable {
  return {
    path: `${DATASET.project}.${DATASET.dataset}.${name}`,
    columns,
    rows: rows.map((row) => columns.map(({ field }) => row[field] ?? null)),
  };
}

/** Empty tables of every name in the statements of a source table. */
export function emptyTables(
  tableName: string,
  snapshotIds: readonly string[],
  comparisonId: string,
): readonly SqlTable[] {
  const names = objectNames(tableName);
  return [
    tableOf(names.changelog, CHANGELOG_COLUMNS, []),
    ...snapshotIds.map((id) => tableOf(names.snapshot(id), SNAPSHOT_COLUMNS, [])),
    tableOf(LEDGER, LEDGER_COLUMNS, []),
    tableOf(comparisonName(comparisonId), COMPARISON_COLUMNS, []),
    tableOf(comparisonName('g1'), STREAMED_COLUMNS, []),
    {
      path: `${DATASET.project}.${DATASET.dataset}.${names.latest}`,
      columns: [
        { name: 'key', type: 'STRING' },
        { name: 'item', type: 'JSON' },
        { name: 'digest', type: 'STRING' },
        { name: 'position', type: 'STRING' },
        { name: 'changed_at', type: 'TIMESTAMP' },
        { name: 'snapshot_id', type: 'STRING' },
      ],
      rows: [],
    },
  ];
}
