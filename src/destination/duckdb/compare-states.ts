import { objectNames } from '../../names/object-names.ts';
import type { Published } from '../../snapshot/published.ts';
import type { SourceTable } from '../../source/source-table.ts';
import { duckdb } from '../../views/duckdb.ts';
import { stateDifference } from '../../views/state-difference.ts';
import type { StateDifference } from '../destination.ts';
import { stateDifferenceOf } from '../state-difference-row.ts';
import { classOf } from './duckdb-error.ts';
import type { Session } from './session.ts';
import { withinMemory } from './within-memory.ts';

/** The first is enough for a million items or two, the second for ten times as many. */
const FIRST_LIMIT = '64MB';
const SECOND_LIMIT = '512MB';

/** Does what `SnapshotStore.compareStates` says, in as little memory as the states allow. */
export async function compareStates(
  session: Session,
  table: SourceTable,
  before: Published,
  after: Published,
): Promise<StateDifference> {
  const sql = stateDifference(duckdb, objectNames(table.name), before, after);
  const within = (limit: string) => withinMemory(session, limit, () => session.rows(sql));
  // Each thread needs memory of its own, and more of them make this no faster.
  await session.run('SET threads = 1');
  try {
    const [row = {}] = await within(FIRST_LIMIT)
      .catch((error: unknown) => (isOutOfMemory(error) ? within(SECOND_LIMIT) : Promise.reject(error)))
      .catch((error: unknown) => (isOutOfMemory(error) ? session.rows(sql) : Promise.reject(error)));
    return stateDifferenceOf(row);
  } finally {
    await session.run('RESET threads');
  }
}

function isOutOfMemory(error: unknown): boolean {
  return classOf(error) === 'Out of Memory Error';
}
