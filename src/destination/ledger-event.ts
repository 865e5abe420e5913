import { TailraceError } from '../errors.ts';
import { LEDGER } from '../names/object-names.ts';
import { LEDGER_COLUMNS, type LedgerEvent, type LedgerEventName, type SnapshotFacts } from '../snapshot/ledger.ts';
import { number, optionalNumber, optionalText, optionalTime, type SqlRow, text, time } from './sql-row.ts';

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
    ...snapshotFacts(row),
    at: time(row, 'at'),
    event: oneOf<LedgerEventName>(text(row, 'event'), ['started', 'finished', 'published', 'dropped']),
    actor: text(row, 'actor'),
  };
}

/** Reads the facts of a snapshot, by the names of the ledger's columns. Throws `TypeError` if one is missing. */
export function snapshotFacts(row: SqlRow): SnapshotFacts {
  return {
    tableName: text(row, 'table_name'),
    tableArn: text(row, 'table_arn'),
    tableId: optionalText(row, 'table_id'),
    snapshotId: text(row, 'snapshot_id'),
    kind: oneOf<SnapshotFacts['kind']>(text(row, 'kind'), ['scan', 'export', 'compaction']),
    streamArn: optionalText(row, 'stream_arn'),
    startedAt: time(row, 'started_at'),
    floor: optionalTime(row, 'floor'),
    from: time(row, 'from'),
    reading: optionalText(row, 'reading'),
    folded: optionalText(row, 'folded'),
    generation: number(row, 'generation'),
    baseSnapshotId: optionalText(row, 'base_snapshot_id'),
    itemCount: optionalNumber(row, 'item_count'),
  };
}

/** The facts of a snapshot as {@link snapshotFacts} reads them, times in ISO 8601. */
export function factsRow(facts: SnapshotFacts): SqlRow {
  const columns = LEDGER_COLUMNS.filter(({ field }) => !['at', 'event', 'actor'].includes(field));
  return Object.fromEntries(
    columns.map(({ name, field, type }) => {
      const value = facts[field as keyof SnapshotFacts];
      return [name, type === 'TIMESTAMP' && typeof value === 'number' ? new Date(value).toISOString() : value];
    }),
  );
}

function oneOf<Word extends string>(value: string, words: readonly Word[]): Word {
  const word = words.find((candidate) => candidate === value);
  if (word === undefined) throw new TypeError(`${value} is none of ${words.join(', ')}`);
  return word;
}
