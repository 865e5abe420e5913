import { DuckDbDestination } from '../../../src/destination/duckdb/duckdb-destination.ts';
import type { Session } from '../../../src/destination/duckdb/session.ts';
import type { FoldOptions, MadeSnapshot } from '../../../src/destination/snapshot-store.ts';
import type { SqlRow } from '../../../src/destination/sql-row.ts';
import { optionalText, text } from '../../../src/destination/sql-row.ts';
import { TailraceError } from '../../../src/errors.ts';
import { objectNames } from '../../../src/names/object-names.ts';
import { publishedOver, type SnapshotFacts } from '../../../src/snapshot/ledger.ts';
import type { Published } from '../../../src/snapshot/published.ts';
import { duckdb } from '../../../src/views/duckdb.ts';
import { wholePosition } from '../../../src/views/stored-position.ts';
import type { Process } from './process.ts';
import type { Fold } from './reference.ts';
import type { SnapshotEntry, StateModel } from './state-model.ts';
import { TABLE } from './table.ts';
import type { Warehouse } from './warehouse.ts';

/** Parts in which a file's fold is done here, whatever the number of rows. */
const PARTS = 3;

/** As many rows as a statement takes at a time. */
const ROWS_PER_PART = 250_000;

/** Asks for the number of rows that a fold reads: its tables seem large, so that it is done in parts. */
const ROW_COUNT = /^SELECT \(SELECT COUNT/;

/** Later than all stamps, in microseconds since the epoch. */
const FAR_AHEAD_US = Date.UTC(2200, 0) * 1_000;

type FoldWork = {
  readonly facts: SnapshotFacts;
  readonly base: Published;
  readonly options: FoldOptions | undefined;
};

/** Folds as the warehouse does them: BigQuery by a job that outlives its process, a file part by part of the keys, as it was at one moment. */
export class Folds {
  readonly #warehouse: Warehouse;
  readonly #states: StateModel;
  /** Jobs that were started, by the snapshot that each makes. */
  readonly #jobs = new Map<string, Promise<MadeSnapshot>>();

  constructor(warehouse: Warehouse, states: StateModel) {
    this.#warehouse = warehouse;
    this.#states = states;
  }

  /** Implements `SnapshotStore.foldSnapshot` for one process. */
  fold(process: Process, work: FoldWork): Promise<MadeSnapshot> {
    return this.#warehouse.kind === 'bigquery' ? this.#byJob(process, work) : this.#inParts(process, work);
  }

  async #byJob(process: Process, work: FoldWork): Promise<MadeSnapshot> {
    const id = work.facts.snapshotId;
    const signal = work.options?.signal;
    const job = await process.reach(async () => {
      await this.#warehouse.letPass(process.name);
      const started = this.#jobs.get(id) ?? this.#run(process, work);
      this.#jobs.set(id, started);
      started.catch(() => {});
      // Not awaited here.
      return { started };
    });
    const stopped = new Promise<never>((_, reject) => {
      const stop = () => reject(new TailraceError('interrupted', 'Waiting for the job was interrupted'));
      if (signal?.aborted) stop();
      else signal?.addEventListener('abort', stop, { once: true });
    });
    stopped.catch(() => {});
    return process.reach(() => Promise.race([job.started, stopped]));
  }

  /** One statement, which reads everything at one moment. */
  async #run(process: Process, { facts, base }: FoldWork): Promise<MadeSnapshot> {
    const { database, foldMs, scheduler, fileClock: clock } = this.#warehouse;
    await scheduler.sleep(foldMs);
    await this.#warehouse.showDue();
    const before = this.#states.rowCount;
    // Its rows have stamps of their writers, who have no clock in common.
    const use = <T>(turn: (session: Session) => Promise<T>): Promise<T> =>
      database.use((session) => turn(answering(session, /max\("last"\)/, { us: FAR_AHEAD_US })));
    const store = new DuckDbDestination('memory', { clock, random: process.random }, { use, release: async () => {} });
    const made = await store.foldSnapshot(TABLE, facts, base);
    await this.#record(made, base, { before, by: this.#states.rowCount });
    return made;
  }

  /** The file is given back between the parts: the process may die there, and others append. */
  async #inParts(process: Process, { facts, base, options }: FoldWork): Promise<MadeSnapshot> {
    const { database, foldMs, scheduler, fileClock: clock } = this.#warehouse;
    let seen: number | undefined;
    const use = <T>(turn: (session: Session) => Promise<T>): Promise<T> =>
      process.reach(async () => {
        await this.#warehouse.letPass(process.name);
        await scheduler.sleep(Math.ceil(foldMs / PARTS));
        await this.#warehouse.showDue();
        seen ??= this.#states.rowCount;
        return database.use((session) => turn(answering(session, ROW_COUNT, { rows: ROWS_PER_PART * PARTS })));
      });
    const store = new DuckDbDestination('memory', { clock, random: process.random }, { use, release: async () => {} });
    const made = await store.foldSnapshot(TABLE, facts, base, options);
    await this.#record(made, base, { before: seen ?? 0, by: seen ?? 0 });
    return made;
  }

  async #record(made: MadeSnapshot, base: Published, visible: Pick<Fold, 'before' | 'by'>): Promise<void> {
    const id = made.snapshotId;
    if (this.#states.factsOf(id)) return;
    const rows = await this.#warehouse.database.use((session) =>
      session.rows(
        `SELECT key, digest, ${wholePosition(duckdb, 'position', publishedOver(made).streamLabel)} AS position, removed ` +
          `FROM ${duckdb.table(objectNames(TABLE.name).snapshot(id))}`,
      ),
    );
    this.#states.makeOfState(made, base, rows.map(entryOf), visible);
  }
}

function entryOf(row: SqlRow): [string, SnapshotEntry] {
  const digest = row['removed'] === true ? null : text(row, 'digest');
  return [text(row, 'key'), { digest, position: optionalText(row, 'position') }];
}

/** A session that has an answer of its own to some questions. */
function answering(session: Session, question: RegExp, answer: SqlRow): Session {
  return new Proxy(session, {
    get(_, name) {
      if (name === 'rows') {
        return async (...asked: Parameters<Session['rows']>) => {
          const rows = await session.rows(...asked);
          return question.test(asked[0]) ? [answer] : rows;
        };
      }
      const member: unknown = Reflect.get(session, name, session);
      return typeof member === 'function' ? member.bind(session) : member;
    },
  });
}
