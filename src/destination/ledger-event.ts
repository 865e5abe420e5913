import { TailraceError } from '../errors.ts';
import { LEDGER } from '../names/object-names.ts';
import type { LedgerEvent, LedgerEventName } from '../snapshot/ledger.ts';
import { number, optionalNumber, optionalText, type SqlRow, text, time } from './sql-row.ts';

/**
 * Reads one row of the ledger.
 *
 * @throws {TailraceError} `destination-conflict` if Tailrace can't have written it.
 */
export function ledgerEvent(row: SqlRow): LedgerEvent {
  try {
    return eventOf(row);
  } catch (cause) {
    throw new TailraceError('destination-conflict', `${LEDGER} has a row that Tailrace did not write`, {
      context: { object: LEDGER },
      remedy: `Someone changed ${LEDGER} by hand: correct the row, or delete it. Snapshots that no row names are never published again.`,
      cause,
    });
  }
}

function eventOf(row: SqlRow): LedgerEvent {
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
