import type { Column } from '../column.ts';
import { SNAPSHOT_COLUMNS } from '../snapshot/columns.ts';
import type { KeyDigest, SnapshotRow } from '../snapshot/row.ts';
import { COMPARISON_COLUMNS } from '../views/table-definition.ts';

/** How rows of a kind are written to a file: their fields, in the order of the columns. NULL is an empty field. */
export type RowForm<Row> = {
  readonly columns: readonly Column<Row>[];
  fieldsOf(row: Row): readonly (string | number | boolean)[];
  rowOf(fields: readonly string[]): Row;
};

export const SNAPSHOT_FORM: RowForm<SnapshotRow> = {
  columns: SNAPSHOT_COLUMNS,
  fieldsOf: ({ key, item, digest, position, changedAt, removed }) => [
    key,
    item ?? '',
    digest ?? '',
    position ?? '',
    changedAt ?? '',
    removed ?? '',
  ],
  rowOf: ([key = '', item, digest, position, changedAt, removed]) => ({
    key,
    item: item || null,
    digest: digest || null,
    position: position || null,
    changedAt: changedAt ? Number(changedAt) : null,
    removed: removed ? removed === 'true' : null,
  }),
};

export const KEY_DIGEST_FORM: RowForm<KeyDigest> = {
  columns: COMPARISON_COLUMNS,
  fieldsOf: ({ key, digest }) => [key, digest],
  rowOf: ([key = '', digest = '']) => ({ key, digest }),
};
