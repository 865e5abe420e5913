import { TailraceError } from '../errors.ts';
import type { SourceTable } from '../source/source-table.ts';

/** What to do about a table that was deleted and made anew under its name. */
export const MADE_ANEW_REMEDY = 'Use another dataset or file, or drop what is kept of the earlier table.';

/**
 * Refuses a source under the name of another one: another account or region, or a table deleted and made anew.
 *
 * A TableId that isn't known yet (`null`) fits any.
 *
 * @param kept The source that the destination remembers under the name.
 * @throws {TailraceError} `destination-conflict` with what differs.
 */
export function refuseOtherSource(table: SourceTable, kept: SourceTable): void {
  if (table.arn !== kept.arn) {
    throw new TailraceError(
      'destination-conflict',
      `The destination keeps ${kept.arn} under the name ${kept.name}, not ${table.arn}`,
      { context: { table: table.name, table_arn: table.arn, kept_arn: kept.arn } },
    );
  }
  if (table.tableId !== null && kept.tableId !== null && table.tableId !== kept.tableId) {
    throw new TailraceError(
      'destination-conflict',
      `Table ${table.name} was deleted and made anew: its TableId is ${table.tableId}, the destination keeps ${kept.tableId}`,
      {
        context: { table: table.name, table_id: table.tableId, kept_table_id: kept.tableId },
        remedy: MADE_ANEW_REMEDY,
      },
    );
  }
}
