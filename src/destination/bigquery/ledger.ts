import { LEDGER } from '../../names/object-names.ts';
import { LEDGER_COLUMNS, type LedgerEvent, type LedgerEventName } from '../../snapshot/ledger.ts';
import { digestOf } from '../../value/digest.ts';
import type { Dialect } from '../../views/dialect.ts';
import { ledgerSelect } from '../../views/ledger.ts';
import type { Dataset } from './dataset.ts';
import { loadRows } from './load.ts';
import { select } from './query.ts';
import { number, optionalNumber, optionalText, type ResultRow, resultRows, text, time } from './result-row.ts';
import { rowJson } from './row-json.ts';

/** Appends an event: by a load job, which is free, visible at once, and under its name done once. */
export async function recordEvent(dataset: Dataset, event: LedgerEvent): Promise<void> {
  const chunk = digestOf(rowJson<LedgerEvent>(LEDGER_COLUMNS, event, 'raw'));
  await loadRows<LedgerEvent>(dataset, LEDGER, chunk, LEDGER_COLUMNS, [event]);
}

/** The events of a source table's snapshots, oldest first. */
export async function readLedger(
  dataset: Dataset,
  dialect: Dialect,
  tableArn: string,
): Promise<readonly LedgerEvent[]> {
  const sql = ledgerSelect(dialect, tableArn);
  return resultRows(await select(dataset, `read ${dataset.nameOf(LEDGER)}`, { sql })).map(ledgerEvent);
}

function ledgerEvent(row: ResultRow): LedgerEvent {
  return {
    at: time(row, 'at'),
    event: oneOf<LedgerEventName>(text(row, 'event'), ['started', 'finished', 'published', 'dropped']),
    tableName: text(row, 'table_name'),
    tableArn: text(row, 'table_arn'),
    tableId: optionalText(row, 'table_id'),
    snapshotId: text(row, 'snapshot_id'),
    kind: oneOf<LedgerEvent['kind']>(text(row, 'kind'), ['scan', 'export', 'compaction']),
    streamArn: text(row, 'stream_arn'),
    startedAt: time(row, 'started_at'),
    floor: time(row, 'floor'),
    generation: number(row, 'generation'),
    baseSnapshotId: optionalText(row, 'base_snapshot_id'),
    itemCount: optionalNumber(row, 'item_count'),
    actor: text(row, 'actor'),
  };
}

function oneOf<Word extends string>(value: string, words: readonly Word[]): Word {
  const word = words.find((candidate) => candidate === value);
  if (word === undefined) throw new TypeError(`${value} is none of ${words.join(', ')}`);
  return word;
}
