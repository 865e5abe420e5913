import { TailraceError } from '../errors.ts';
import type { SourceTable } from '../source/source-table.ts';

/** What to do where the destination has an earlier table of the same name. */
export const OTHER_TABLE_REMEDY =
  'To continue with the new table, run `tailrace remove TABLE` (without a terminal, ' +
  '`tailrace remove TABLE --yes`), which drops what the destination has of the earlier one, then `tailrace setup TABLE --enable-stream`. ' +
  'To keep both, use another dataset or file.';

/**
 * Refuses a source under the name of another one: another account or region, or a table deleted and created again.
 *
 * A TableId that isn't known yet (`null`) fits any.
 *
 * @param known The source that the destination remembers under the name.
 * @throws {TailraceError} `destination-conflict` with what differs.
 */
export function refuseOtherSource(table: SourceTable, known: SourceTable): void {
  if (table.arn !== known.arn) {
    throw new TailraceError(
      'destination-conflict',
      `The destination has ${known.arn} under the name ${known.name}, not ${table.arn}`,
      {
        context: { table: table.name, table_arn: table.arn, known_arn: known.arn },
        remedy: `Check --region, --profile and --endpoint-url. ${OTHER_TABLE_REMEDY}`,
      },
    );
  }
  if (table.tableId !== null && known.tableId !== null && table.tableId !== known.tableId) {
    throw new TailraceError(
      'destination-conflict',
      `Table ${table.name} was deleted and created again: its TableId is ${table.tableId}, the destination has ${known.tableId}`,
      {
        context: { table: table.name, table_id: table.tableId, known_table_id: known.tableId },
        remedy: OTHER_TABLE_REMEDY,
      },
    );
  }
}
