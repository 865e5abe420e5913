import { CHANGELOG_COLUMNS } from '../../changelog/columns.ts';
import type { ChangelogRow, StampedRow } from '../../changelog/row.ts';
import { isKind, TailraceError } from '../../errors.ts';
import { digestOf } from '../../value/digest.ts';
import type { Rejection } from '../destination.ts';
import { ApiFailure } from './api.ts';
import type { Dataset } from './dataset.ts';
import { loadRows } from './load.ts';
import { isInTime } from './server-clock.ts';
import { refuseOtherColumns } from './table.ts';

/**
 * From the start of one job to the start of the next. A table takes 1,500 load jobs a day, failed ones included; at this
 * rate, the quarter of an hour in which a command needs them takes 450.
 *
 * Source: <https://docs.cloud.google.com/bigquery/quotas#load_jobs>
 */
const JOB_EVERY_MS = 2_000;

/** The same rows are the same job within one window of this length. */
const WINDOW_MS = 10 * 60_000;

type Waiting = {
  readonly rows: readonly ChangelogRow[];
  readonly resolve: (rejections: readonly Rejection[]) => void;
  readonly reject: (error: unknown) => void;
};

/**
 * Appends rows to changelogs by load jobs, one at a time for each table: rows that come meanwhile go into the next.
 *
 * A job's id is made of the table's creation time, ten minutes of time and the rows: a job that is sent twice runs once,
 * and the same rows for a table that was created again are another job.
 */
export class ChangelogLoader {
  readonly #dataset: Dataset;
  readonly #queues = new Map<string, Waiting[]>();
  /** When a table's last job was started. */
  readonly #startedAt = new Map<string, number>();

  constructor(dataset: Dataset) {
    this.#dataset = dataset;
  }

  /**
   * Appends rows. When it resolves, each of them is durable and visible, or rejected.
   *
   * @param createdAt When the table was created, as BigQuery gives it: it distinguishes tables of one name.
   * @throws {TailraceError} of a `destination-…` kind.
   */
  append(tableId: string, createdAt: string, rows: readonly ChangelogRow[]): Promise<readonly Rejection[]> {
    return new Promise((resolve, reject) => {
      const queue = this.#queues.get(tableId);
      const waiting = { rows, resolve, reject };
      if (queue !== undefined) {
        queue.push(waiting);
        return;
      }
      this.#queues.set(tableId, [waiting]);
      void this.#work(tableId, createdAt);
    });
  }

  /** Loads the rows that wait for a table until none do. */
  async #work(tableId: string, createdAt: string): Promise<void> {
    const queue = this.#queues.get(tableId) ?? [];
    while (queue.length > 0) {
      await this.#takeTurn(tableId);
      const taken = queue.splice(0);
      try {
        const rejections = await this.#load(
          tableId,
          createdAt,
          taken.flatMap(({ rows }) => rows),
        );
        let start = 0;
        for (const { rows, resolve } of taken) {
          const end = start + rows.length;
          const own = rejections.filter(({ index }) => start <= index && index < end);
          const first = start;
          resolve(own.map((rejection) => ({ ...rejection, index: rejection.index - first })));
          start = end;
        }
      } catch (error) {
        for (const { reject } of taken) reject(error);
      }
    }
    this.#queues.delete(tableId);
  }

  async #takeTurn(tableId: string): Promise<void> {
    const { clock } = this.#dataset.caller;
    const startedAt = this.#startedAt.get(tableId);
    if (startedAt !== undefined)
      await clock.sleep(Math.max(0, Math.min(JOB_EVERY_MS, startedAt + JOB_EVERY_MS - clock.now())));
    this.#startedAt.set(tableId, clock.now());
  }

  /**
   * Loads rows under the time of then, and again under a later one where the job ended too late for that.
   *
   * A job that is found by its id, since the answer to it was lost, may have any stamp of its window: what counts is the
   * window's start. A job that is too late for that lies in an earlier window than the next one.
   */
  async #loadInTime(tableId: string, createdAt: string, rows: readonly ChangelogRow[]): Promise<void> {
    const { serverClock } = this.#dataset.caller;
    for (let endedAt = 0; ; await this.#takeTurn(tableId)) {
      const ms = Math.max(serverClock.checked(), endedAt);
      const window = Math.floor(ms / WINDOW_MS);
      const stamped = rows.map((row): StampedRow => ({ ...row, ingestedAt: ms }));
      const chunk = chunkOf(createdAt, window, rows);
      const { statistics } = await loadRows(this.#dataset, tableId, chunk, CHANGELOG_COLUMNS, stamped);
      endedAt = Number(statistics?.endTime ?? serverClock.now());
      if (isInTime(window * WINDOW_MS, endedAt)) return;
    }
  }

  /** Halves a job that fails because of a row, until the row is alone. */
  async #load(tableId: string, createdAt: string, rows: readonly ChangelogRow[]): Promise<readonly Rejection[]> {
    try {
      await this.#loadInTime(tableId, createdAt, rows);
      return [];
    } catch (error) {
      if (!isOfRow(error)) throw error;
      // If the table lacks a column, or requires another, every row would look bad.
      refuseOtherColumns(this.#dataset, await this.#dataset.getTable(tableId), tableId, CHANGELOG_COLUMNS);
      if (rows.length === 1) return [{ index: 0, kind: 'row-rejected', reason: `${tableId} refuses the row: invalid` }];
      const middle = Math.ceil(rows.length / 2);
      const rejections: Rejection[] = [];
      for (const [start, end] of [
        [0, middle],
        [middle, rows.length],
      ] as const) {
        await this.#takeTurn(tableId);
        const own = await this.#load(tableId, createdAt, rows.slice(start, end));
        rejections.push(...own.map((rejection) => ({ ...rejection, index: start + rejection.index })));
      }
      return rejections;
    }
  }
}

/** Names the rows of a job: the same rows for another table, or in another window of time, have another name. */
function chunkOf(createdAt: string, window: number, rows: readonly ChangelogRow[]): string {
  const names = rows.map(({ position, key, origin }) => [position, key, origin]);
  return digestOf(JSON.stringify([createdAt, window, names]));
}

/**
 * Whether a job failed because of a row. BigQuery's reason `invalid` means many things: its message tells this one, and
 * may quote the row.
 */
function isOfRow(error: unknown): boolean {
  if (!isKind(error, 'destination-invalid') || !(error instanceof TailraceError)) return false;
  const { cause } = error;
  return (
    cause instanceof ApiFailure &&
    cause.reason === 'invalid' &&
    /error while reading data|too many errors/i.test(cause.text)
  );
}
