import { CHANGELOG_COLUMNS } from '../../changelog/columns.ts';
import type { Rejection } from '../destination.ts';
import { ApiFailure } from './api.ts';
import { isPassing } from './errors.ts';
import type { PackedRow } from './pack.ts';
import type { InsertAllResponse } from './resources.ts';

const COLUMNS: ReadonlySet<string> = new Set(CHANGELOG_COLUMNS.map(({ name }) => name));

type RowErrors = NonNullable<InsertAllResponse['insertErrors']>;

/**
 * Gives the rows that BigQuery refuses for what they hold; none if all are in.
 *
 * Rows answered `stopped` are good: a neighbour held them back. Nothing of a request with a bad row was stored.
 *
 * @param errors `insertErrors` of the answer; their indices count the request's rows.
 * @throws {ApiFailure} that names why all rows must be sent again: a reason that passes, or `noSuchField` with a column of
 *   ours, which BigQuery may not know yet.
 */
export function judge(errors: RowErrors, rows: readonly PackedRow[], tableId: string): readonly Rejection[] {
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
        reason: words(tableId, reason, location, isUnknownField),
      });
      break;
    }
  }
  // No row is to blame, and yet nothing was stored.
  if (errors.length > 0 && rejections.length === 0) throw new ApiFailure({ status: 200, reason: 'backendError' });
  return rejections;
}

/** BigQuery's own sentence may quote the value: its reason and the column say enough. */
function words(tableId: string, reason: string, location: string, isUnknownField: boolean): string {
  const place = location === '' ? '' : ` in ${JSON.stringify(location)}`;
  return `${tableId} refuses the row: ${isUnknownField ? 'no such field' : reason}${place}`;
}
