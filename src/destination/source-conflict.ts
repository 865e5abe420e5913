import { TailraceError } from '../errors.ts';
import type { SourceTable } from '../source/source-table.ts';

/** What ends it where the destination keeps an earlier table of the same name. */
export const OTHER_TABLE_REMEDY =
  'To go on with the table that is there now, run `tailrace remove TABLE` (without a terminal, ' +
  '`tailrace remove TABLE --yes`), which drops what is kept of the earlier one, then `tailrace setup TABLE --enable-stream`. ' +
  'To keep both, use another dataset or file.';

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
      {
        context: { table: table.name, table_arn: table.arn, kept_arn: kept.arn },
        remedy: `Check --region, --profile and --endpoint-url. ${OTHER_TABLE_REMEDY}`,
      },
    );
  }
  if (table.tableId !== null && kept.tableId !== null && table.tableId !== kept.tableId) {
    throw new TailraceError(
      'destination-conflict',
      `Table ${table.name} was deleted and created again: its TableId is ${table.tableId}, the destination keeps ${kept.tableId}`,
      {
        context: { table: table.name, table_id: table.tableId, kept_table_id: kept.tableId },
        remedy: OTHER_TABLE_REMEDY,
      },
    );
  }
}
