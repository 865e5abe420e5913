import { LEDGER } from '../../names/object-names.ts';
import { LEDGER_COLUMNS, type LedgerEvent } from '../../snapshot/ledger.ts';
import { duckdb } from '../../views/duckdb.ts';
import { number } from '../sql-row.ts';
import { GROUP_ROWS } from './open-instance.ts';
import type { Session } from './session.ts';

/** Row groups of the ledger that may be partly filled. Each takes blocks of 256 KB, however few rows it has. */
const MAX_PARTIAL_GROUPS = 2;

const COUNT_GROUPS = `\
SELECT COUNT(DISTINCT row_group_id) AS groups, (SELECT COUNT(*) FROM ${duckdb.table(LEDGER)}) AS rows
FROM pragma_storage_info(${duckdb.text(duckdb.table(LEDGER))})`;

/** Rows that one transaction inserts share groups, and have greater ids than all rows before. */
const REWRITE = `\
CREATE TEMP TABLE tailrace_ledger_end AS SELECT MAX(rowid) AS "end" FROM ${duckdb.table(LEDGER)};
INSERT INTO ${duckdb.table(LEDGER)} SELECT * FROM ${duckdb.table(LEDGER)} ORDER BY rowid;
DELETE FROM ${duckdb.table(LEDGER)} WHERE rowid <= (SELECT "end" FROM tailrace_ledger_end);
DROP TABLE tailrace_ledger_end`;

/**
 * Implements `SnapshotStore.record`, and rewrites the ledger once its rows are spread over several partial groups.
 *
 * Events come one at a time, and the file is closed between them, so that each gets a row group of its own. DuckDB can
 * merge those only together with the groups of all tables, which takes several times the memory of a snapshot's rows.
 */
export async function recordEvent(session: Session, event: LedgerEvent): Promise<void> {
  const [row = {}] = await session.rows(COUNT_GROUPS);
  const partial = number(row, 'groups') - Math.floor(number(row, 'rows') / GROUP_ROWS);
  if (partial >= MAX_PARTIAL_GROUPS) await session.transaction(() => session.run(REWRITE));
  await session.append(LEDGER, LEDGER_COLUMNS, [event]);
}
