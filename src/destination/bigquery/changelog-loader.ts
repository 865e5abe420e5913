import { CHANGELOG_COLUMNS } from '../../changelog/columns.ts';
import type { ChangelogRow } from '../../changelog/row.ts';
import { isKind, TailraceError } from '../../errors.ts';
import { digestOf } from '../../value/digest.ts';
import type { Rejection } from '../destination.ts';
import { ApiFailure } from './api.ts';
import type { Dataset } from './dataset.ts';
import { loadRows } from './load.ts';
import { refuseOtherColumns } from './table.ts';

/**
 * From the beginning of one job to that of the next. A table takes 1,500 load jobs a day, failed ones included, and few
 * changes in a few seconds: so a quarter of an hour of a command takes 450 of them at most.
 *
 * Source: <https://docs.cloud.google.com/bigquery/quotas#load_jobs>
 */
const JOB_EVERY_MS = 2_000;

type Waiting = {
  readonly rows: readonly ChangelogRow[];
  readonly resolve: (rejections: readonly Rejection[]) => void;
  readonly reject: (error: unknown) => void;
};

/**
 * Appends rows to changelogs by load jobs, one at a time for each table: what comes meanwhile goes together in the next.
 *
 * A job's id comes from the table's birth and from what is loaded: sent twice it is done once, and a job that loaded the
 * same into an earlier table of that name is another one.
 */
export class ChangelogLoader {
  readonly #dataset: Dataset;
  readonly #queues = new Map<string, Waiting[]>();
  /** When a table's last job was begun. */
  readonly #begunAt = new Map<string, number>();

  constructor(dataset: Dataset) {
    this.#dataset = dataset;
  }

  /**
   * Appends rows. When it resolves, each of them is durable and visible, or rejected.
   *
   * @param birth Which table of that name it is.
   * @throws {TailraceError} of a `destination-…` kind.
   */
  append(tableId: string, birth: string, rows: readonly ChangelogRow[]): Promise<readonly Rejection[]> {
    return new Promise((resolve, reject) => {
      const queue = this.#queues.get(tableId);
      const waiting = { rows, resolve, reject };
      if (queue !== undefined) {
        queue.push(waiting);
        return;
      }
      this.#queues.set(tableId, [waiting]);
      void this.#work(tableId, birth);
    });
  }

  /** Loads what waits for a table until nothing does. */
  async #work(tableId: string, birth: string): Promise<void> {
    const queue = this.#queues.get(tableId) ?? [];
    while (queue.length > 0) {
      await this.#takeTurn(tableId);
      const taken = queue.splice(0);
      try {
        const rejections = await this.#load(
          tableId,
          birth,
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
    const begunAt = this.#begunAt.get(tableId);
    if (begunAt !== undefined)
      await clock.sleep(Math.max(0, Math.min(JOB_EVERY_MS, begunAt + JOB_EVERY_MS - clock.now())));
    this.#begunAt.set(tableId, clock.now());
  }

  /** A job that fails for a row of its own is halved until the row stands alone. */
  async #load(tableId: string, birth: string, rows: readonly ChangelogRow[]): Promise<readonly Rejection[]> {
    try {
      await loadRows(this.#dataset, tableId, chunkOf(birth, rows), CHANGELOG_COLUMNS, rows);
      return [];
    } catch (error) {
      if (!isOfRow(error)) throw error;
      // Without a column, or with one that must be filled, every row would look bad.
      refuseOtherColumns(this.#dataset, await this.#dataset.getTable(tableId), tableId, CHANGELOG_COLUMNS);
      if (rows.length === 1) return [{ index: 0, kind: 'row-rejected', reason: `${tableId} refuses the row: invalid` }];
      const middle = Math.ceil(rows.length / 2);
      const rejections: Rejection[] = [];
      for (const [start, end] of [
        [0, middle],
        [middle, rows.length],
      ] as const) {
        await this.#takeTurn(tableId);
        const own = await this.#load(tableId, birth, rows.slice(start, end));
        rejections.push(...own.map((rejection) => ({ ...rejection, index: start + rejection.index })));
      }
      return rejections;
    }
  }
}

/** Names rows by what they are and by who brought them when: the same rows in another table, or brought again, are others. */
function chunkOf(birth: string, rows: readonly ChangelogRow[]): string {
  const names = rows.map(({ position, key, origin, ingestedAt }) => [position, key, origin, ingestedAt]);
  return digestOf(JSON.stringify([birth, names]));
}

/**
 * Whether a job failed for what a row holds. BigQuery's reason `invalid` means many things: its words tell this one, and
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
