import { chosenSettings } from '../changelog/storage.ts';
import { refuseNameClash } from '../names/name-clash.ts';
import { objectNames } from '../names/object-names.ts';
import type { SourceTable } from '../source/source-table.ts';
import { compareText } from '../value/sort.ts';
import { changelogTable, ledgerTable, type TableDefinition } from '../views/table-definition.ts';
import { type Annotation, writeAnnotation } from './annotation.ts';
import type { PreparationOptions } from './destination.ts';
import { type RememberedTable, rememberTable } from './known-table.ts';
import { requireThisFormat } from './other-format.ts';
import { refuseOtherSource } from './source-conflict.ts';

/** The tables that a destination creates for a source before anything is written, in either dialect. */
export type TablePlan = {
  readonly changelog: TableDefinition;
  readonly ledger: TableDefinition;
  /** Whether more is known of the table now than its changelog remembers. */
  readonly isMoreKnown: boolean;
};

/** What `TableSetup.prepare` is called for, and when. */
export type PlanOptions = PreparationOptions & {
  /** The time by the destination's clock, in milliseconds since the epoch: the birth of a changelog that is missing. */
  readonly now: number;
};

/**
 * Plans the tables of a source among those that the destination has.
 *
 * @param known The tables that changelogs remember.
 * @throws {TailraceError} `destination-conflict` if another source has the name, or objects of its names, or if the
 *   changelog has another form or other partitions; `usage-invalid` if the settings can't be.
 */
export function planTables(
  table: SourceTable,
  known: readonly RememberedTable[],
  { seen = null, now, ...wished }: PlanOptions,
): TablePlan {
  refuseNameClash(
    table.name,
    known.map(({ source }) => source.name),
  );
  const remembered = known.find(({ source }) => source.name === table.name);
  if (remembered !== undefined) refuseOtherSource(table, remembered.source);
  const stored = remembered && requireThisFormat(remembered).changelog;
  const settings = chosenSettings(table.name, stored, wished);
  const changelog = { ...settings, keptSince: stored?.keptSince ?? now };
  const comment = writeAnnotation({ of: 'changelog', ...rememberTable(remembered, table, seen), changelog });
  return {
    changelog: changelogTable(objectNames(table.name), settings.partition, comment),
    ledger: ledgerTable(writeAnnotation({ of: 'ledger' })),
    isMoreKnown: remembered !== undefined && comment !== writeAnnotation({ of: 'changelog', ...remembered }),
  };
}

/** The source tables that changelogs remember, in order of their names. */
export function knownTables(annotations: readonly (Annotation | undefined)[]): readonly RememberedTable[] {
  return annotations
    .flatMap((annotation) => {
      if (annotation?.of !== 'changelog') return [];
      const { source, seen, changelog } = annotation;
      return [{ source, seen, changelog }];
    })
    .sort((a, b) => compareText(a.source.name, b.source.name));
}
