import { LEDGER } from '../../names/object-names.ts';
import { LEDGER_COLUMNS, type LedgerEvent } from '../../snapshot/ledger.ts';
import { duckdb } from '../../views/duckdb.ts';
import { number } from '../sql-row.ts';
import { GROUP_ROWS } from './open-instance.ts';
import type { Session } from './session.ts';

/** Groups that the ledger may lie in beside full ones. Each takes blocks of 256 KB for itself, however few its rows are. */
const MAX_GROUPS = 2;

const GROUPS = `\
SELECT COUNT(DISTINCT row_group_id) AS groups, (SELECT COUNT(*) FROM ${duckdb.table(LEDGER)}) AS rows
FROM pragma_storage_info(${duckdb.text(duckdb.table(LEDGER))})`;

/** The rows of one transaction lie together, and have greater ids than any that were there. */
const TOGETHER = `\
CREATE TEMP TABLE tailrace_ledger_end AS SELECT MAX(rowid) AS "end" FROM ${duckdb.table(LEDGER)};
INSERT INTO ${duckdb.table(LEDGER)} SELECT * FROM ${duckdb.table(LEDGER)} ORDER BY rowid;
DELETE FROM ${duckdb.table(LEDGER)} WHERE rowid <= (SELECT "end" FROM tailrace_ledger_end);
DROP TABLE tailrace_ledger_end`;

/**
 * Implements `SnapshotStore.record`, and writes the ledger's rows anew, together, once they lie in several groups.
 *
 * Events come one at a time, and the file is closed between them: each becomes a group of rows of its own. DuckDB merges
 * them only where it is asked to merge those of all tables, in several times the memory that a snapshot's rows take.
 */
export async function recordEvent(session: Session, event: LedgerEvent): Promise<void> {
  const [row = {}] = await session.rows(GROUPS);
  const partial = number(row, 'groups') - Math.floor(number(row, 'rows') / GROUP_ROWS);
  if (partial >= MAX_GROUPS) await session.transaction(() => session.run(TOGETHER));
  await session.append(LEDGER, LEDGER_COLUMNS, [event]);
}
