import { refuseNameClash } from '../names/name-clash.ts';
import { objectNames } from '../names/object-names.ts';
import type { Sighting } from '../source/sighting.ts';
import type { SourceTable } from '../source/source-table.ts';
import { compareText } from '../value/sort.ts';
import { changelogTable, ledgerTable, type TableDefinition } from '../views/table-definition.ts';
import { type Annotation, writeAnnotation } from './annotation.ts';
import { type KnownTable, rememberTable } from './known-table.ts';
import { refuseOtherSource } from './source-conflict.ts';

/** The tables that a destination creates for a source before anything is written, in either dialect. */
export type TablePlan = {
  readonly changelog: TableDefinition;
  readonly ledger: TableDefinition;
  /** Whether more is known of the table now than its changelog remembers. */
  readonly isMoreKnown: boolean;
};

/**
 * Plans the tables of a source among those that the destination has.
 *
 * @param known The tables that changelogs remember.
 * @param seen What DynamoDB has just reported of the table; `null` if it wasn't asked.
 * @throws {TailraceError} `destination-conflict` if another source has the name, or objects of its names.
 */
export function planTables(table: SourceTable, known: readonly KnownTable[], seen: Sighting | null): TablePlan {
  refuseNameClash(
    table.name,
    known.map(({ source }) => source.name),
  );
  const remembered = known.find(({ source }) => source.name === table.name);
  if (remembered !== undefined) refuseOtherSource(table, remembered.source);
  const comment = writeAnnotation({ of: 'changelog', ...rememberTable(remembered, table, seen) });
  return {
    changelog: changelogTable(objectNames(table.name), comment),
    ledger: ledgerTable(writeAnnotation({ of: 'ledger' })),
    isMoreKnown: remembered !== undefined && comment !== writeAnnotation({ of: 'changelog', ...remembered }),
  };
}

/** The source tables that changelogs remember, in order of their names. */
export function knownTables(annotations: readonly (Annotation | undefined)[]): readonly KnownTable[] {
  return annotations
    .flatMap((annotation) =>
      annotation?.of === 'changelog' ? [{ source: annotation.source, seen: annotation.seen }] : [],
    )
    .sort((a, b) => compareText(a.source.name, b.source.name));
}
