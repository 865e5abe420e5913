import type { Column } from '../column.ts';
import { LOAD_COLUMNS } from '../snapshot/columns.ts';
import type { KeyDigest, SnapshotRow } from '../snapshot/row.ts';
import { COMPARISON_COLUMNS } from '../views/table-definition.ts';

/** How rows of a kind are written to a file: their fields, in the order of the columns. NULL is an empty field. */
export type RowForm<Row> = {
  readonly columns: readonly Column<Row>[];
  fieldsOf(row: Row): readonly (string | number | boolean)[];
  rowOf(fields: readonly string[]): Row;
};

export const SNAPSHOT_FORM: RowForm<SnapshotRow> = {
  columns: LOAD_COLUMNS,
  fieldsOf: ({ key, item, digest }) => [key, item, digest],
  rowOf: ([key = '', item = '', digest = '']) => ({ key, item, digest }),
};

export const KEY_DIGEST_FORM: RowForm<KeyDigest> = {
  columns: COMPARISON_COLUMNS,
  fieldsOf: ({ key, digest }) => [key, digest],
  rowOf: ([key = '', digest = '']) => ({ key, digest }),
};
