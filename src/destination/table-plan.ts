import { refuseNameClash } from '../names/name-clash.ts';
import { objectNames } from '../names/object-names.ts';
import type { SourceTable } from '../source/source-table.ts';
import { changelogTable, ledgerTable, type TableDefinition } from '../views/table-definition.ts';
import { writeAnnotation } from './annotation.ts';
import { refuseOtherSource } from './source-conflict.ts';

/** The tables that a destination makes for a source before anything is written, in either dialect. */
export type TablePlan = {
  readonly changelog: TableDefinition;
  readonly ledger: TableDefinition;
  /** Whether the destination remembers this source without its TableId, which is known now. */
  readonly isIdNew: boolean;
};

/**
 * Plans the tables of a source among those that the destination keeps.
 *
 * @param known The sources that changelogs remember.
 * @throws {TailraceError} `destination-conflict` if another source has the name, or objects of its names.
 */
export function planTables(table: SourceTable, known: readonly SourceTable[]): TablePlan {
  refuseNameClash(
    table.name,
    known.map(({ name }) => name),
  );
  const kept = known.find(({ name }) => name === table.name);
  if (kept !== undefined) refuseOtherSource(table, kept);
  return {
    changelog: changelogTable(objectNames(table.name), writeAnnotation({ of: 'changelog', source: table })),
    ledger: ledgerTable(writeAnnotation({ of: 'ledger' })),
    isIdNew: kept?.tableId === null && table.tableId !== null,
  };
}
