import type { SourceTable } from '../source/source-table.ts';

/** The old rows of changelogs, which can be dropped for good. Times are milliseconds since the epoch. */
export interface RowRetention {
  /**
   * A time before which no row was ingested whose change is younger than `ageMs`, by the destination's clock. Nothing is
   * changed.
   */
  ingestedWithin(table: SourceTable, ageMs: number): Promise<number>;

  /** How many rows of the changelog were ingested before a time. */
  countRowsBefore(table: SourceTable, before: number): Promise<number>;

  /**
   * Drops the rows of the changelog that were ingested before a time, for good.
   *
   * First the changelog's annotation records that it has rows since then alone, so that no snapshot is published that needs
   * others; that time is never lowered. If it rejects or is killed behind that, rows from before may still be there, and a
   * second call drops them.
   *
   * @throws {TailraceError} `destination-conflict` if the state needs these rows, or no longer stands on a snapshot; no row is dropped then.
   */
  dropRows(table: SourceTable, before: number): Promise<void>;
}
