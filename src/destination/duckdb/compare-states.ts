import { objectNames } from '../../names/object-names.ts';
import type { Published } from '../../snapshot/published.ts';
import type { SourceTable } from '../../source/source-table.ts';
import { duckdb } from '../../views/duckdb.ts';
import { stateDifference } from '../../views/state-difference.ts';
import { stateDifferenceOf } from '../count-rows.ts';
import type { StateDifference } from '../snapshot-store.ts';
import type { Database } from './database-file.ts';
import { rowCountsOfState, sumOfParts } from './key-parts.ts';

/** Implements `SnapshotStore.compareStates`, part by part of the keys. */
export async function compareStates(
  file: Database,
  table: SourceTable,
  before: Published,
  after: Published,
): Promise<StateDifference> {
  const names = objectNames(table.name);
  return stateDifferenceOf(
    await sumOfParts(
      file,
      async () => [before, after].flatMap((published) => rowCountsOfState(table, published)),
      (among) => stateDifference(duckdb, names, before, after, among),
    ),
  );
}
