import { LEDGER } from '../../names/object-names.ts';
import { LEDGER_COLUMNS, type LedgerEvent } from '../../snapshot/ledger.ts';
import { digestOf } from '../../value/digest.ts';
import type { Dialect } from '../../views/dialect.ts';
import { ledgerSelect } from '../../views/ledger.ts';
import { ledgerEvent } from '../ledger-event.ts';
import { sqlRows } from '../sql-row.ts';
import type { Dataset } from './dataset.ts';
import { loadRows } from './load.ts';
import { select } from './query.ts';
import { rowJson } from './row-json.ts';

/** Appends an event by a load job, which is free, is visible at once, and runs once for an event. */
export async function recordEvent(dataset: Dataset, event: LedgerEvent): Promise<void> {
  const chunk = digestOf(rowJson<LedgerEvent>(LEDGER_COLUMNS, event, 'raw'));
  await loadRows<LedgerEvent>(dataset, LEDGER, chunk, LEDGER_COLUMNS, [event]);
}

/** The events of the snapshots under a table's name, oldest first. */
export async function readLedger(
  dataset: Dataset,
  dialect: Dialect,
  tableName: string,
): Promise<readonly LedgerEvent[]> {
  const sql = ledgerSelect(dialect, tableName);
  return sqlRows(await select(dataset, `read ${dataset.nameOf(LEDGER)}`, { sql })).map(ledgerEvent);
}
