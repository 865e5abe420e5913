import { CHANGELOG_COLUMNS } from '../../changelog/columns.ts';
import type { Rejection } from '../destination.ts';
import { ApiFailure } from './api.ts';
import { isPassing } from './errors.ts';
import type { PackedRow } from './pack.ts';
import type { InsertAllResponse } from './resources.ts';

const COLUMNS: ReadonlySet<string> = new Set(CHANGELOG_COLUMNS.map(({ name }) => name));

type RowErrors = NonNullable<InsertAllResponse['insertErrors']>;

/**
 * Gives the rows that BigQuery rejects for their content; none if all rows are stored.
 *
 * Rows answered `stopped` are good: they were not stored because a neighbour doesn't fit the schema. Rows without
 * an error were stored.
 *
 * @param errors `insertErrors` of the answer; their indices count the request's rows.
 * @throws {ApiFailure} that names why all rows must be sent again: a reason that passes, or `noSuchField` with a column
 *   of ours, which BigQuery may not know yet.
 */
export function rejectedRows(errors: RowErrors, rows: readonly PackedRow[], tableId: string): readonly Rejection[] {
  const rejections: Rejection[] = [];
  for (const { index, errors: reasons = [] } of errors) {
    const row = rows[index ?? -1];
    for (const { reason = 'unknown', location = '', message = '' } of reasons) {
      if (reason === 'stopped') continue;
      const isUnknownField = /^no such field/i.test(message);
      if (isUnknownField && COLUMNS.has(location))
        throw new ApiFailure({ status: 200, reason: 'noSuchField', location });
      if (row === undefined || isPassing(new ApiFailure({ status: 200, reason }))) continue;
      rejections.push({
        index: row.index,
        kind: 'row-rejected',
        reason: `${tableId} refuses the row: ${wordsOf(reason, location, isUnknownField)}`,
      });
      break;
    }
  }
  // No row is bad, and yet not all are stored.
  if (errors.length > 0 && rejections.length === 0) throw new ApiFailure({ status: 200, reason: 'backendError' });
  return rejections;
}

/** BigQuery's own message may quote the value: its reason and the column are enough. */
function wordsOf(reason: string, location: string, isUnknownField: boolean): string {
  const where = location === '' ? '' : ` in ${JSON.stringify(location)}`;
  return `${isUnknownField ? 'no such field' : reason}${where}`;
}
