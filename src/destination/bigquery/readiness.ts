import { NOT_READY_MINUTES } from '../remade-changelog.ts';
import type { Dataset, TableVersion } from './dataset.ts';

/** Why a table isn't ready for streaming: BigQuery may report rows as stored and drop them. */
export type NotReady = {
  /** What happened to the table so recently. */
  readonly since: 'created' | 'created again' | 'changed';
  readonly ageMs: number;
  /** How long until it takes streamed rows. */
  readonly remainingMs: number;
  /** When the table was created, as BigQuery gives it: it distinguishes tables of one name. */
  readonly createdAt: string;
};

/**
 * How long streamed rows may be dropped after a table was created, created again or given other columns. Threads of
 * Google's clients have seconds after the first creation, and minutes after another.
 *
 * Sources: <https://docs.cloud.google.com/bigquery/docs/streaming-data-into-bigquery#troubleshooting>,
 * <https://github.com/googleapis/google-cloud-php/issues/871> (created),
 * <https://github.com/googleapis/google-cloud-python/issues/3822> (created again),
 * <https://github.com/googleapis/google-cloud-python/issues/7433> (other columns)
 */
const NOT_READY_MS = NOT_READY_MINUTES * 60_000;

/** How often a table's version is read: a change is noticed at the next read. */
const CHECK_EVERY_MS = 3 * 60_000;

/** What the last check of a table found. Times are the machine's own, and only their differences count. */
type Check = {
  readonly version: TableVersion;
  readonly checkedAt: number;
  /** When the table takes streamed rows; in the past if it does already. */
  readonly readyAt: number;
  readonly since: NotReady['since'];
};

/**
 * Whether tables are old enough for streaming.
 *
 * Their age is by BigQuery's own clock, which is in each answer: the machine's may be wrong, and only measures the time
 * since then. A server that gives no creation time, as BigQuery always does, is trusted.
 */
export class StreamingReadiness {
  readonly #dataset: Dataset;
  readonly #checks = new Map<string, Promise<Check>>();

  constructor(dataset: Dataset) {
    this.#dataset = dataset;
  }

  /**
   * Gives why a table isn't ready; `undefined` if rows may be streamed into it.
   *
   * @param until When to stop retrying, in milliseconds since the epoch.
   * @throws {TailraceError} `destination-missing` if it doesn't exist.
   */
  async notReady(tableId: string, until?: number): Promise<NotReady | undefined> {
    const { readyAt, since, version } = await this.#current(tableId, until);
    const remainingMs = readyAt - this.#dataset.caller.clock.now();
    if (remainingMs <= 0) return undefined;
    return { since, ageMs: NOT_READY_MS - remainingMs, remainingMs, createdAt: version.createdAt ?? '' };
  }

  /** As {@link notReady}, after a check at once: for a table that seems to have changed. */
  async checkAgain(tableId: string, until?: number): Promise<NotReady | undefined> {
    this.#replace(tableId, await this.#checks.get(tableId), until);
    return this.notReady(tableId, until);
  }

  /** As {@link notReady}, for a table that was given other columns just now. */
  async columnsChanged(tableId: string, until?: number): Promise<NotReady | undefined> {
    const check = await this.#current(tableId, until);
    const readyAt = this.#dataset.caller.clock.now() + NOT_READY_MS;
    this.#checks.set(tableId, Promise.resolve({ ...check, readyAt, since: 'changed' }));
    return this.notReady(tableId, until);
  }

  /** The last check of a table, or a new one where that is due. */
  async #current(tableId: string, until: number | undefined): Promise<Check> {
    const check = await this.#checks.get(tableId);
    const now = this.#dataset.caller.clock.now();
    // The machine's clock may be set back; and that a table has become ready is confirmed by BigQuery's clock.
    const isDue =
      check === undefined ||
      Math.abs(now - check.checkedAt) >= CHECK_EVERY_MS ||
      (check.checkedAt < check.readyAt && check.readyAt <= now);
    return isDue ? this.#replace(tableId, check, until) : check;
  }

  #replace(tableId: string, before: Check | undefined, until: number | undefined): Promise<Check> {
    const checking = this.#check(tableId, before, until);
    this.#checks.set(tableId, checking);
    // A check that failed is repeated, and compared with the one before it.
    checking.catch(() => {
      if (this.#checks.get(tableId) !== checking) return;
      if (before === undefined) this.#checks.delete(tableId);
      else this.#checks.set(tableId, Promise.resolve({ ...before, checkedAt: Number.NEGATIVE_INFINITY }));
    });
    return checking;
  }

  async #check(tableId: string, before: Check | undefined, until: number | undefined): Promise<Check> {
    const version = await this.#dataset.tableVersion(tableId, until);
    const checkedAt = this.#dataset.caller.clock.now();
    const isSame = before === undefined || before.version.createdAt === version.createdAt;
    if (isSame && before !== undefined && before.version.columns !== version.columns) {
      return { version, checkedAt, readyAt: checkedAt + NOT_READY_MS, since: 'changed' };
    }
    if (isSame && before?.since === 'changed' && before.readyAt > checkedAt) return { ...before, version, checkedAt };
    const { createdAt, answeredAt } = version;
    const ageMs = createdAt === null ? NOT_READY_MS : (answeredAt ?? checkedAt) - Number(createdAt);
    return {
      version,
      checkedAt,
      readyAt: checkedAt + NOT_READY_MS - ageMs,
      since: isSame ? (before?.since === 'created again' ? 'created again' : 'created') : 'created again',
    };
  }
}
