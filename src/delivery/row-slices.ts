import { type ChangelogRow, type RowContext, toRow } from '../changelog/row.ts';
import { isKind } from '../errors.ts';
import type { Change } from '../record/change.ts';
import type { Refused } from './set-aside.ts';

/** A record, and the change that it describes. */
export type Decoded = { readonly record: unknown; readonly change: Change };

/** Rows to append together, each with the record that it came from. */
export type RowSlice = {
  readonly rows: readonly ChangelogRow[];
  readonly records: readonly unknown[];
  /** Records among them whose values can't be carried exactly. */
  readonly refused: readonly Refused[];
};

/**
 * A usual batch is one slice. One whose text is many times its event's, as long numbers and control characters make it,
 * is several, so that it fits into the memory of a small function.
 */
const MAX_CHARACTERS = 8_000_000;

/** Encodes changes as rows, in slices of bounded size. Each slice is encoded only when the caller takes it. */
export function* rowSlices(changes: readonly Decoded[], context: RowContext): Generator<RowSlice, void, undefined> {
  let rows: ChangelogRow[] = [];
  let records: unknown[] = [];
  let refused: Refused[] = [];
  let characters = 0;
  for (const { record, change } of changes) {
    try {
      const row = toRow(change, context);
      rows.push(row);
      records.push(record);
      characters += row.key.length + (row.newImage?.length ?? 0) + (row.oldImage?.length ?? 0);
    } catch (error) {
      if (!isKind(error, 'record-invalid')) throw error;
      refused.push({ record, error });
    }
    if (characters < MAX_CHARACTERS) continue;
    yield { rows, records, refused };
    rows = [];
    records = [];
    refused = [];
    characters = 0;
  }
  if (rows.length > 0 || refused.length > 0) yield { rows, records, refused };
}
