import { CHANGELOG_COLUMNS } from '../../../src/changelog/columns.ts';
import type { Clock } from '../../../src/clock.ts';
import { type ApiAnswer, ApiFailure, type ApiRequest } from '../../../src/destination/bigquery/api.ts';
import { Catalog } from '../../../src/destination/duckdb/catalog.ts';
import { DuckDbDestination } from '../../../src/destination/duckdb/duckdb-destination.ts';
import { TailraceError } from '../../../src/errors.ts';
import { objectNames } from '../../../src/names/object-names.ts';
import type { Random } from '../../../src/random.ts';
import type { LedgerEvent } from '../../../src/snapshot/ledger.ts';
import type { Story } from '../history/story.ts';
import type { Trouble } from '../history/troubles.ts';
import { type Change, changeIdOf } from './change.ts';
import { type Faults, LATE_MS } from './faults.ts';
import type { MemoryDatabase } from './memory-database.ts';
import type { Scheduler } from './scheduler.ts';
import { TABLE } from './table.ts';
import { loadOf, rowsOf, type StoredRow } from './warehouse-requests.ts';

/** A row that becomes visible. */
export type VisibleRow = StoredRow & {
  /** Whether it was stored so long after its stamp that it doesn't count as delivered. */
  readonly isLate: boolean;
};

/** A row that is stored longer after its stamp is sent again. */
const MAX_STAMP_AGE_MS = 60 * 60_000;

export type WarehouseOptions = {
  readonly scheduler: Scheduler;
  readonly random: Random;
  readonly story: Story;
  readonly faults: Faults;
  /** Aborts when all faults have ended. */
  readonly healed: AbortSignal;
  readonly database: MemoryDatabase;
  /** By whose clock rows are stamped. */
  readonly kind: 'bigquery' | 'duckdb';
  /** The clock of the machine that has the file. */
  readonly fileClock: Clock;
  readonly comparesStates: boolean;
  /** When the changelog was created, and until when it drops streamed rows. */
  readonly birth: { readonly at: number; readonly forgetsUntil: number };
  readonly changes: readonly Change[];
  /** Called with the rows of a request before they are stored. */
  readonly onInsert: (rows: readonly StoredRow[], who: string) => void;
  /** Called with rows that have become visible. */
  readonly onShow: (rows: readonly VisibleRow[]) => Promise<void>;
};

/** An answer to an insert that goes well. */
const DONE = {};

/** How long after its creation a table may drop streamed rows. */
const YOUNG_MS = 15 * 60_000;

/**
 * The store of the rows: BigQuery's streaming inserts and load jobs in front, with their faults, and DuckDB behind.
 *
 * Rows are durable once they are accepted, and visible later. A table that was just created drops streamed rows, and
 * answers success.
 */
export class Warehouse {
  /** Everything but inserts goes straight to it. */
  readonly store: DuckDbDestination;
  /** No view depends on it, so it needs no table. */
  readonly ledger: LedgerEvent[] = [];
  /** How many events the ledger had when old rows were last dropped. */
  eventsAtDrop = 0;
  /** How long a fold takes, in milliseconds. */
  foldMs = 200;
  readonly #options: WarehouseOptions;
  /** The rows of the changelog. */
  readonly #seen: StoredRow[] = [];
  /** How jobs ended, by their ids. */
  readonly #jobs = new Map<string, object>();
  #unseen: { readonly visibleAt: number; readonly row: VisibleRow }[] = [];

  constructor(options: WarehouseOptions) {
    const { random, database, fileClock: clock } = options;
    this.#options = options;
    this.store = new DuckDbDestination('memory', { clock, random }, database);
  }

  get kind(): WarehouseOptions['kind'] {
    return this.#options.kind;
  }

  get database(): MemoryDatabase {
    return this.#options.database;
  }

  get scheduler(): Scheduler {
    return this.#options.scheduler;
  }

  get fileClock(): Clock {
    return this.#options.fileClock;
  }

  /** Lets a command's request pass after the time that one takes. @throws {TailraceError} in an outage. */
  async letPass(who: string): Promise<void> {
    const { scheduler, faults, story } = this.#options;
    await scheduler.sleep(this.latency());
    if (faults.lasts('warehouse', 'refuse') || faults.lasts('warehouse', 'exceed-quota')) {
      story.trouble('command met an outage', 'warehouse', `refuses ${who}`);
      throw new TailraceError('destination-unavailable', 'Injected: refused');
    }
  }

  /** How long an answer takes. */
  latency(): number {
    const { random, faults } = this.#options;
    const usual = 20 + Math.floor(random.next() * 100);
    return faults.lasts('warehouse', 'delay') ? faults.lateBy('warehouse', 'delay') : usual;
  }

  /** Makes the rows visible that are due. Each read calls it first. */
  async showDue(): Promise<void> {
    const now = this.#options.scheduler.now();
    const due = this.#unseen.filter(({ visibleAt }) => visibleAt <= now);
    if (due.length === 0) return;
    this.#unseen = this.#unseen.filter(({ visibleAt }) => visibleAt > now);
    const rows = await this.#append(due.map(({ row }) => row));
    this.#seen.push(...rows);
    await this.#options.onShow(rows);
  }

  /** Appends rows, and gives them with their stamps: those that BigQuery's writers gave them, or of the file's clock. */
  async #append(rows: readonly VisibleRow[]): Promise<readonly VisibleRow[]> {
    const { changelog } = objectNames(TABLE.name);
    if (this.kind === 'bigquery') {
      await this.database.use((session) => session.append(changelog, CHANGELOG_COLUMNS, rows));
      return rows;
    }
    await this.store.append(TABLE, rows);
    return rows.map((row) => ({ ...row, ingestedAt: this.database.lastStamp }));
  }

  /** Whether it can compare the states over two snapshots. */
  get comparesStates(): boolean {
    return this.#options.comparesStates;
  }

  /** The rows that are visible so far. */
  get seen(): readonly StoredRow[] {
    return [...this.#seen];
  }

  /** When all rows that were accepted so far are visible. */
  get allVisibleAt(): number {
    return Math.max(0, ...this.#unseen.map(({ visibleAt }) => visibleAt));
  }

  /** When the changelog stores streamed rows for certain. */
  get grownUpAt(): number {
    return this.#options.birth.at + YOUNG_MS;
  }

  /** Answers how old the changelog is. */
  async look(): Promise<ApiAnswer> {
    const { scheduler, birth, story } = this.#options;
    await scheduler.sleep(this.latency());
    const now = scheduler.now();
    if (now < this.grownUpAt) story.trouble('young changelog', 'warehouse', 'has a changelog that is young');
    const json = { type: 'TABLE', creationTime: String(birth.at), schema: { fields: CHANGELOG_COLUMNS } };
    return this.#answer(json);
  }

  /** An answer, with the time by the warehouse's own clock, which shows whole seconds. */
  #answer(json: object): ApiAnswer {
    const answeredAt = Math.floor(this.#options.scheduler.now() / 1000) * 1000;
    return { status: 200, json, location: null, range: null, answeredAt };
  }

  /** Answers a request to BigQuery's API. The caller may be dead by then. */
  async answer(request: ApiRequest, who: string): Promise<ApiAnswer> {
    const { scheduler } = this.#options;
    const latency = this.latency();
    const answered = this.#after(latency, request, who).then((json) => this.#answer(json));
    // The work is done even if the answer comes too late.
    answered.catch(() => {});
    if (latency <= request.timeoutMs) return answered;
    await scheduler.sleep(request.timeoutMs);
    throw new ApiFailure({ status: null });
  }

  async #after(latency: number, request: ApiRequest, who: string): Promise<object> {
    await this.#options.scheduler.sleep(latency);
    const { method, path } = request;
    if (method === 'GET' && path.startsWith('jobs/')) return this.#jobs.get(path.slice('jobs/'.length)) ?? {};
    if (method === 'GET') return { ...(await this.#changelog()), location: 'EU' };
    if (path === 'jobs') return this.#load(request, who);
    if (!path.endsWith('/insertAll')) throw new Error(`${method} ${path} was not expected`);
    return this.#insert(rowsOf(request), who, latency);
  }

  /** The changelog's table. */
  async #changelog(): Promise<object> {
    const { changelog } = objectNames(TABLE.name);
    const { comment } = await this.database.use(async (session) => (await Catalog.read(session)).require(changelog));
    return { type: 'TABLE', schema: { fields: CHANGELOG_COLUMNS }, description: comment };
  }

  #insert(rows: readonly StoredRow[], who: string, latency: number): object {
    const { scheduler, faults, story, random, birth, onInsert } = this.#options;
    if (latency > 1_000) story.trouble('slow answer', 'warehouse', `takes ${latency} ms over an insert`);
    this.#refuse(who);
    if (faults.lasts('warehouse', 'not-found'))
      throw this.#failure('404 after create', who, { status: 404, reason: 'notFound' });

    if (scheduler.now() < birth.forgetsUntil) {
      story.tell('warehouse', `drops ${rows.length} rows of ${who}, and answers success`);
      return DONE;
    }
    const isBad = ({ key }: StoredRow) => faults.rejected.has(key);
    if (rows.some(isBad)) return this.#reject(rows, isBad, who);
    onInsert(rows, who);
    if (faults.take('warehouse', 'store-part')) {
      this.#store(
        rows.filter(() => random.next() < 0.5),
        who,
      );
      throw this.#failure('part of the rows', who, { status: 500, reason: 'backendError' });
    }
    this.#store(rows, who);
    if (!faults.take('warehouse', 'lose-response')) return DONE;
    throw this.#failure('answer lost', who, { status: null });
  }

  /** @throws while it is unavailable, or the quota is used up. */
  #refuse(who: string): void {
    const { faults } = this.#options;
    if (faults.lasts('warehouse', 'refuse'))
      throw this.#failure('outage', who, { status: 503, reason: 'backendError' });
    if (faults.lasts('warehouse', 'exceed-quota'))
      throw this.#failure('quota', who, { status: 403, reason: 'quotaExceeded' });
  }

  /** Rejects bad rows. Their neighbours are stored, unless the bad ones don't fit the schema: then they are `stopped`. */
  #reject(rows: readonly StoredRow[], isBad: (row: StoredRow) => boolean, who: string): object {
    const { story, random, onInsert } = this.#options;
    const good = rows.filter((row) => !isBad(row));
    const isStopped = random.next() < 0.5;
    story.trouble('row rejected', 'warehouse', `rejects ${rows.length - good.length} of ${rows.length} rows of ${who}`);
    if (good.length > 0 && isStopped) story.trouble('rows stopped', 'warehouse', 'and stores none of the others');
    else if (good.length > 0) {
      story.trouble('neighbours stored', 'warehouse', 'and stores the others');
      onInsert(good, who);
      this.#store(good, who);
    }
    return {
      insertErrors: rows.flatMap((row, index) => {
        const reason = isBad(row) ? 'invalid' : 'stopped';
        return reason === 'invalid' || isStopped
          ? [{ index, errors: [{ reason, location: '', message: 'Injected' }] }]
          : [];
      }),
    };
  }

  /** Runs a load job, once for each id: all of its rows are stored and visible at once, or none. */
  #load(request: ApiRequest, who: string): object {
    const { scheduler, faults, healed, story, onInsert } = this.#options;
    const { id, rows } = loadOf(request);
    if (this.#jobs.has(id)) throw new ApiFailure({ status: 409, reason: 'duplicate' });
    this.#refuse(who);
    if (faults.take('warehouse', 'refuse-job'))
      throw this.#failure('job refused', who, { status: 403, reason: 'accessDenied' });
    const isBad = rows.some(({ key }) => faults.rejected.has(key));
    const errorResult = { reason: 'invalid', message: 'Error while reading data: injected' };
    const job = {
      jobReference: { jobId: id },
      status: { state: 'DONE', ...(isBad ? { errorResult } : {}) },
      statistics: { endTime: String(scheduler.now()) },
    };
    this.#jobs.set(id, job);
    if (isBad) {
      story.trouble('row rejected', 'warehouse', `fails a job of ${rows.length} rows of ${who}`);
      return job;
    }
    onInsert(rows, who);
    story.trouble('rows loaded', 'warehouse', `loads rows of ${who}`);
    if (faults.take('warehouse', 'run-late')) {
      story.trouble('load job held up', 'warehouse', 'runs the job hours later');
      const running = { jobReference: { jobId: id }, status: { state: 'RUNNING' } };
      this.#jobs.set(id, running);
      void scheduler.sleep(LATE_MS, healed).then(() => {
        this.#store(rows, who, false);
        this.#jobs.set(id, { ...job, statistics: { endTime: String(scheduler.now()) } });
      });
      return running;
    }
    this.#store(rows, who, false);
    if (!faults.take('warehouse', 'lose-response')) return job;
    throw this.#failure('answer lost', who, { status: null });
  }

  #store(rows: readonly StoredRow[], who: string, isStreamed = true): void {
    const { scheduler, faults, story, changes } = this.#options;
    const now = scheduler.now();
    const lateBy = isStreamed ? faults.lateBy('warehouse', 'show-late') : 0;
    if (lateBy > 0 && rows.length > 0) story.trouble('rows seen later', 'warehouse', `shows rows ${lateBy} ms later`);
    const visibleAt = now + lateBy;
    story.tell('warehouse', `stores ${rows.map(({ eventId }) => eventId).join(' ')} for ${who}`);
    for (const row of rows) {
      const isLate = this.kind === 'bigquery' && now - row.ingestedAt > MAX_STAMP_AGE_MS;
      this.#unseen.push({ visibleAt, row: { ...row, isLate } });
      const change = changes[changeIdOf(row.eventId)];
      if (!change) throw new Error(`A row was stored that is of no change: ${row.eventId}`);
      if (isLate) change.isStoredLate = true;
      else change.visibleAt = Math.min(change.visibleAt ?? visibleAt, visibleAt);
    }
  }

  #failure(kind: Trouble, who: string, failure: ConstructorParameters<typeof ApiFailure>[0]): ApiFailure {
    this.#options.story.trouble(kind, 'warehouse', `fails an insert of ${who}: ${kind}`);
    return new ApiFailure(failure);
  }
}
