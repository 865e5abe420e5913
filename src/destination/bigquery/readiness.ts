import { NOT_READY_MINUTES } from '../remade-changelog.ts';
import type { Dataset, TableVersion } from './dataset.ts';

/** A table that rows which are streamed into it may still vanish from, though BigQuery answered that they are in. */
export type NotReady = {
  /** What happened to the table so recently. */
  readonly since: 'created' | 'created again' | 'changed';
  readonly ageMs: number;
  /** How long until it takes streamed rows. */
  readonly remainingMs: number;
  /** Which table of that name it is: when it was created, as BigQuery gives it. */
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
const YOUNG_MS = NOT_READY_MINUTES * 60_000;

/** How often a table is looked at: what was made again in between is found at the next look. */
const LOOK_EVERY_MS = 3 * 60_000;

/** What the last look at a table found. Times are the machine's own, and only their differences count. */
type Known = {
  readonly look: TableVersion;
  readonly lookedAt: number;
  /** When it takes streamed rows; in the past if it does already. */
  readonly readyAt: number;
  readonly since: NotReady['since'];
};

/**
 * How old tables are by BigQuery's own clock, which stands in each answer: the machine's may be wrong, and only measures
 * the time since.
 *
 * A server that doesn't say when a table was created, as BigQuery always does, is taken at its word.
 */
export class StreamingReadiness {
  readonly #dataset: Dataset;
  readonly #known = new Map<string, Promise<Known>>();

  constructor(dataset: Dataset) {
    this.#dataset = dataset;
  }

  /**
   * Gives the youth of a table; `undefined` if rows may be streamed into it.
   *
   * @param until When to stop retrying, in milliseconds since the epoch.
   * @throws {TailraceError} `destination-missing` if it isn't there.
   */
  async notReady(tableId: string, until?: number): Promise<NotReady | undefined> {
    const known = await this.#current(tableId, until);
    const now = this.#dataset.caller.clock.now();
    const remainingMs = known.readyAt - now;
    if (remainingMs <= 0) return undefined;
    return { since: known.since, ageMs: YOUNG_MS - remainingMs, remainingMs, createdAt: known.look.createdAt ?? '' };
  }

  /** As {@link notReady}, and looks at once: something said that the table isn't what it was. */
  async checkAgain(tableId: string, until?: number): Promise<NotReady | undefined> {
    this.#replace(tableId, await this.#known.get(tableId), until);
    return this.notReady(tableId, until);
  }

  /** As {@link notReady}, of a table that was given other columns just now. */
  async columnsChanged(tableId: string, until?: number): Promise<NotReady | undefined> {
    const known = await this.#current(tableId, until);
    const readyAt = this.#dataset.caller.clock.now() + YOUNG_MS;
    this.#known.set(tableId, Promise.resolve({ ...known, readyAt, since: 'changed' }));
    return this.notReady(tableId, until);
  }

  /** What is known of a table, looked at again where that is due. */
  async #current(tableId: string, until: number | undefined): Promise<Known> {
    const known = await this.#known.get(tableId);
    const now = this.#dataset.caller.clock.now();
    // The machine's clock may be set back, and a youth that ends is confirmed by BigQuery's.
    const isDue =
      known === undefined ||
      Math.abs(now - known.lookedAt) >= LOOK_EVERY_MS ||
      (known.lookedAt < known.readyAt && known.readyAt <= now);
    return isDue ? this.#replace(tableId, known, until) : known;
  }

  #replace(tableId: string, before: Known | undefined, until: number | undefined): Promise<Known> {
    const looking = this.#look(tableId, before, until);
    this.#known.set(tableId, looking);
    // What failed is asked again, and compared with what was known before it.
    looking.catch(() => {
      if (this.#known.get(tableId) !== looking) return;
      if (before === undefined) this.#known.delete(tableId);
      else this.#known.set(tableId, Promise.resolve({ ...before, lookedAt: Number.NEGATIVE_INFINITY }));
    });
    return looking;
  }

  async #look(tableId: string, before: Known | undefined, until: number | undefined): Promise<Known> {
    const look = await this.#dataset.tableVersion(tableId, until);
    const lookedAt = this.#dataset.caller.clock.now();
    const isSame = before === undefined || before.look.createdAt === look.createdAt;
    if (isSame && before !== undefined && before.look.columns !== look.columns) {
      return { look, lookedAt, readyAt: lookedAt + YOUNG_MS, since: 'changed' };
    }
    if (isSame && before?.since === 'changed' && before.readyAt > lookedAt) return { ...before, look, lookedAt };
    const ageMs = look.createdAt === null ? YOUNG_MS : (look.answeredAt ?? lookedAt) - Number(look.createdAt);
    return {
      look,
      lookedAt,
      readyAt: lookedAt + YOUNG_MS - ageMs,
      since: isSame ? (before?.since === 'created again' ? 'created again' : 'created') : 'created again',
    };
  }
}
