import { TailraceError } from '../../errors.ts';
import { CLOCK } from '../../names/object-names.ts';
import { duckdb } from '../../views/duckdb.ts';
import type { TableDefinition } from '../../views/table-definition.ts';
import { writeAnnotation } from '../annotation.ts';
import { number, optionalNumber } from '../sql-row.ts';
import type { Catalog } from './catalog.ts';
import type { Session } from './session.ts';

/** When the rows of a transaction were stored: microseconds since the epoch. */
export type Stamp = bigint;

/**
 * The clock of a DuckDB file: one row, which holds the last stamp that was given.
 *
 * Stamps of one file always rise, whichever process gives them, and however its machine's clock jumps: rows that are
 * stored after a fold have a greater stamp than the fold.
 */
export const CLOCK_TABLE: TableDefinition = {
  name: CLOCK,
  columns: [{ name: 'last', type: 'TIMESTAMP', required: true, description: 'The last stamp that was given (UTC).' }],
  comment: writeAnnotation({ of: 'clock' }),
};

/**
 * Gives the next stamp, within the open transaction: all that is stored under it belongs there too.
 *
 * @param now Milliseconds since the epoch by the machine's clock. An earlier time than the last stamp's is passed over.
 * @throws {TailraceError} `destination-conflict` if the clock lost its row.
 */
export async function tick(session: Session, now: number): Promise<Stamp> {
  const rows = await session.rows(
    `UPDATE ${duckdb.table(CLOCK)} ` +
      `SET "last" = greatest(${duckdb.timestamp(now)}, "last" + INTERVAL 1 MICROSECOND) RETURNING epoch_us("last") AS us`,
  );
  if (rows.length === 0) throw noTime();
  // A second row, added by hand, does no harm.
  return BigInt(Math.max(...rows.map((row) => number(row, 'us'))));
}

/**
 * The statements that create the clock, or set one again that lost its row.
 *
 * It begins behind every row of the changelogs that are there, and behind every stamp that a snapshot's `from` or a
 * changelog's beginning was made of.
 */
export function startClock({ objects }: Catalog): readonly string[] {
  const newest = objects
    .filter(({ annotation }) => annotation?.of === 'changelog')
    .map(({ name }) => `(SELECT max("ingested_at") FROM ${duckdb.table(name)})`);
  const known = objects.flatMap(({ annotation }) => {
    if (annotation?.of === 'changelog') return annotation.changelog?.keptSince ?? [];
    if (annotation?.of === 'state') return annotation.published.from ?? [];
    return annotation?.of === 'snapshot' ? (annotation.facts?.from ?? []) : [];
  });
  // They are rounded down to the millisecond.
  const behind = duckdb.timestamp(Math.max(-1, ...known) + 1);
  const last = newest.length === 0 ? behind : `greatest(${[behind, ...newest].join(', ')})`;
  return [
    ...duckdb.createTable(CLOCK_TABLE),
    `INSERT INTO ${duckdb.table(CLOCK)} SELECT ${last} WHERE NOT EXISTS (FROM ${duckdb.table(CLOCK)})`,
  ];
}

/**
 * The last stamp of the rows that are there, as SQL: every row that comes has a later one. It is the clock's; only a clock that
 * was set by hand, or rows that were copied from another file, may be behind.
 *
 * @param changelog Name of the table with the rows.
 */
export async function lastStamp(session: Session, changelog: string): Promise<string> {
  const [row = {}] = await session.rows(
    `SELECT epoch_us(greatest((SELECT max("last") FROM ${duckdb.table(CLOCK)}), ` +
      `(SELECT max("ingested_at") FROM ${duckdb.table(changelog)}))) AS us`,
  );
  const us = optionalNumber(row, 'us');
  if (us === null) throw noTime();
  return `make_timestamp(${us})`;
}

/** A stamp in milliseconds since the epoch, rounded down. */
export function millisecondsOf(stamp: Stamp): number {
  return Number(stamp / 1000n);
}

/** Whether the clock, whose table is there, has its row. */
export async function hasTime(session: Session): Promise<boolean> {
  const [row = {}] = await session.rows(`SELECT count(*) AS rows FROM ${duckdb.table(CLOCK)}`);
  return number(row, 'rows') > 0;
}

function noTime(): TailraceError {
  return new TailraceError('destination-conflict', `The file's clock, ${CLOCK}, has no row: was it deleted by hand?`, {
    context: { object: CLOCK },
    remedy: 'Run `tailrace setup TABLE`, which sets the clock behind all rows.',
  });
}
