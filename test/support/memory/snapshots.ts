import type { TableSetup } from '../../../src/destination/destination.ts';
import type { KnownChangelog } from '../../../src/destination/known-table.ts';
import { type RowFile, rowsOf } from '../../../src/destination/row-file.ts';
import type { SnapshotStore } from '../../../src/destination/snapshot-store.ts';
import { TailraceError } from '../../../src/errors.ts';
import type { LedgerEvent } from '../../../src/snapshot/ledger.ts';
import { type Published, unpublished } from '../../../src/snapshot/published.ts';
import type { SnapshotRow } from '../../../src/snapshot/row.ts';
import type { SourceTable } from '../../../src/source/source-table.ts';
import { differenceOf } from '../values/state-difference.ts';

type Step = 'prepare' | 'published' | 'create' | 'load' | 'count' | 'compare' | 'publish' | 'drop' | 'record';

/** Snapshots of one table in memory. Strict: a row for a snapshot that isn't there throws. */
export class MemorySnapshots implements SnapshotStore, TableSetup {
  readonly snapshots = new Map<string, SnapshotRow[]>();
  readonly events: LedgerEvent[] = [];
  /** Every step, in order, such as `record started`. */
  readonly steps: string[] = [];
  /** Whether it loads a chunk of the same name only once, as BigQuery does and DuckDB doesn't. */
  loadsChunksOnce = false;
  readonly #chunks = new Set<string>();
  view: Published = unpublished(1);
  /** Awaited before each step; an error that it throws fails the step with nothing done. */
  before: (step: Step, line: string) => Promise<void> | void = () => {};
  /** Awaited after each step; an error that it throws fails the step with all done. */
  after: (step: Step, line: string) => Promise<void> | void = () => {};

  async preview() {
    return { created: [] };
  }

  prepare(_table: SourceTable, generation: number) {
    return this.#step('prepare', `prepare ${generation}`, () => ({ created: [] }));
  }

  sources(): Promise<readonly SourceTable[]> {
    throw new Error('sources was not expected');
  }

  known(_tableName: string): Promise<KnownChangelog | undefined> {
    return Promise.resolve(undefined);
  }

  published(): Promise<Published | undefined> {
    return this.#step('published', 'published', () => this.view);
  }

  createSnapshot(_table: SourceTable, id: string) {
    return this.#step('create', 'create', () => {
      if (!this.snapshots.has(id)) this.snapshots.set(id, []);
    });
  }

  readonly maxLoadCharacters = 64 * 1024 * 1024;

  loadSnapshot(_table: SourceTable, id: string, chunk: string, rows: RowFile<SnapshotRow>) {
    return this.#step('load', `load ${chunk}`, () => {
      const snapshot = this.snapshots.get(id);
      if (!snapshot) throw new Error(`There is no snapshot ${id}`);
      const name = `${id} ${chunk}`;
      if (!this.loadsChunksOnce || !this.#chunks.has(name)) snapshot.push(...rowsOf(rows));
      this.#chunks.add(name);
    });
  }

  countSnapshot(_table: SourceTable, id: string) {
    return this.#step('count', 'count', () => {
      const rows = this.snapshots.get(id) ?? [];
      return { rows: rows.length, keys: new Set(rows.map(({ key }) => key)).size };
    });
  }

  snapshotBytes(): Promise<number | null> {
    throw new Error('snapshotBytes was not expected');
  }

  /** Compares the snapshots alone: there is no changelog here. */
  compareStates(_table: SourceTable, before: Published, after: Published) {
    return this.#step('compare', 'compare', () => {
      const [old, next] = [before, after].map(
        ({ snapshotId }) =>
          new Map((this.snapshots.get(snapshotId ?? '') ?? []).map(({ key, digest }) => [key, digest])),
      );
      return differenceOf(old ?? new Map(), next ?? new Map());
    });
  }

  publish(_table: SourceTable, next: Published, expected: Published) {
    return this.#step('publish', 'publish', () => {
      if (JSON.stringify(this.view) !== JSON.stringify(expected)) {
        throw new TailraceError('snapshot-superseded', 'Another was published');
      }
      this.view = next;
    });
  }

  dropSnapshot(_table: SourceTable, id: string) {
    return this.#step('drop', 'drop', () => {
      this.snapshots.delete(id);
    });
  }

  record(event: LedgerEvent) {
    return this.#step('record', `record ${event.event}`, () => {
      this.events.push(event);
    });
  }

  ledger(): Promise<readonly LedgerEvent[]> {
    return Promise.resolve(this.events);
  }

  async #step<T>(step: Step, line: string, work: () => T): Promise<T> {
    this.steps.push(line);
    await this.before(step, line);
    const result = work();
    await this.after(step, line);
    return result;
  }
}
