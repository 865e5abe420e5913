import { objectNames } from '../../names/object-names.ts';
import type { Published } from '../../snapshot/published.ts';
import type { SourceTable } from '../../source/source-table.ts';
import { duckdb } from '../../views/duckdb.ts';
import { stateDifference } from '../../views/state-difference.ts';
import type { StateDifference } from '../snapshot-store.ts';
import { stateDifferenceOf } from '../state-difference-row.ts';
import { frugalRows } from './frugal-rows.ts';
import type { Session } from './session.ts';

/** Does what `SnapshotStore.compareStates` says, in as little memory as the states allow. */
export async function compareStates(
  session: Session,
  table: SourceTable,
  before: Published,
  after: Published,
): Promise<StateDifference> {
  const [row = {}] = await frugalRows(session, stateDifference(duckdb, objectNames(table.name), before, after));
  return stateDifferenceOf(row);
}
