import type { TableSetup } from '../../../src/destination/destination.ts';
import type { KnownChangelog } from '../../../src/destination/known-table.ts';
import {
  refuseForbidden,
  refuseNeededRows,
  refusePublished,
  refuseUnmade,
} from '../../../src/destination/published-conflict.ts';
import { type RowFile, rowsOf } from '../../../src/destination/row-file.ts';
import type { RowRetention } from '../../../src/destination/row-retention.ts';
import type { CompactionEstimate, MadeSnapshot, SnapshotStore } from '../../../src/destination/snapshot-store.ts';
import { TailraceError } from '../../../src/errors.ts';
import { type LedgerEvent, publishedOver, type SnapshotFacts } from '../../../src/snapshot/ledger.ts';
import type { Publication } from '../../../src/snapshot/publication-rule.ts';
import { isSamePublished, type Published, unpublished } from '../../../src/snapshot/published.ts';
import type { SnapshotRow } from '../../../src/snapshot/row.ts';
import type { SourceTable } from '../../../src/source/source-table.ts';
import { differenceOf } from '../values/state-difference.ts';

/** `made`: a snapshot is whole, and what was loaded for it is there yet. */
type Step =
  | 'prepare'
  | 'published'
  | 'from'
  | 'create'
  | 'load'
  | 'count'
  | 'make'
  | 'made'
  | 'fold'
  | 'describe'
  | 'compare'
  | 'publish'
  | 'drop rows'
  | 'drop'
  | 'record';

const HOUR = 60 * 60_000;

/** Snapshots of one table in memory. Strict: a row for a load that isn't there throws. */
export class MemorySnapshots implements SnapshotStore, RowRetention, TableSetup {
  /** What was loaded and isn't a snapshot yet, by the snapshot's id. */
  readonly loads = new Map<string, SnapshotRow[]>();
  /** The rows of snapshots that are made. */
  readonly snapshots = new Map<string, SnapshotRow[]>();
  /** The facts in their annotations. */
  readonly made = new Map<string, MadeSnapshot>();
  readonly events: LedgerEvent[] = [];
  /** Every step, in order, such as `record started`. */
  readonly steps: string[] = [];
  /** Whether it loads a chunk of the same name only once, as BigQuery does and DuckDB doesn't. */
  loadsChunksOnce = false;
  readonly #chunks = new Set<string>();
  view: Published = unpublished(1);
  /** The changelog has all rows that were ingested since then. */
  keptSince = 0;
  /** When the changelog's rows were ingested. */
  ingested: readonly number[] = [];
  /** The time by its clock. */
  now = 0;
  /** Awaited before each step; an error that it throws fails the step with nothing done. */
  before: (step: Step, line: string) => Promise<void> | void = () => {};
  /** Awaited after each step; an error that it throws fails the step with all done. */
  after: (step: Step, line: string) => Promise<void> | void = () => {};

  /** Ids of all that takes up space: snapshots, and what was loaded for them. */
  get stored(): readonly string[] {
    return [...new Set([...this.loads.keys(), ...this.snapshots.keys()])];
  }

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

  readingFrom(_table: SourceTable, floor: number): Promise<number> {
    return this.#step('from', 'from', () => Math.max(floor - 2 * HOUR, this.keptSince));
  }

  foldFrom(): Promise<number> {
    return this.#step('from', 'from', () => (this.view.floor ?? 0) + HOUR);
  }

  createLoad(_table: SourceTable, id: string): Promise<void> {
    return this.#step('create', 'create', () => {
      if (!this.loads.has(id)) this.loads.set(id, []);
    });
  }

  readonly maxLoadCharacters = 64 * 1024 * 1024;

  loadSnapshot(_table: SourceTable, id: string, chunk: string, rows: RowFile<SnapshotRow>) {
    return this.#step('load', `load ${chunk}`, () => {
      const load = this.#load(id);
      const name = `${id} ${chunk}`;
      if (!this.loadsChunksOnce || !this.#chunks.has(name)) load.push(...rowsOf(rows));
      this.#chunks.add(name);
    });
  }

  countLoad(_table: SourceTable, id: string): Promise<{ readonly rows: number; readonly keys: number }> {
    return this.#step('count', 'count', () => {
      const rows = this.#load(id);
      return { rows: rows.length, keys: new Set(rows.map(({ key }) => key)).size };
    });
  }

  async makeSnapshot(_table: SourceTable, facts: SnapshotFacts, isRepeated: boolean): Promise<MadeSnapshot> {
    const id = facts.snapshotId;
    const made = await this.#step(
      'make',
      'make',
      () => this.made.get(id) ?? this.#make(facts, this.#load(id), isRepeated),
    );
    return this.#step('made', 'drop load', () => {
      this.loads.delete(id);
      return made;
    });
  }

  foldsInJobs = false;

  /** Folds {@link items}. */
  foldSnapshot(_table: SourceTable, facts: SnapshotFacts, base: Published): Promise<MadeSnapshot> {
    return this.#step('fold', 'fold', () => {
      return this.made.get(facts.snapshotId) ?? this.#make(facts, this.items(base), false);
    });
  }

  estimateFold(_table: SourceTable, _base: Published): Promise<CompactionEstimate> {
    throw new Error('estimateFold was not expected');
  }

  describeSnapshot(_table: SourceTable, id: string): Promise<MadeSnapshot | undefined> {
    return this.#step('describe', 'describe', () => this.made.get(id));
  }

  snapshotBytes(): Promise<number | null> {
    throw new Error('snapshotBytes was not expected');
  }

  compareStates(_table: SourceTable, before: Published, after: Published) {
    return this.#step('compare', 'compare', () => {
      const [old, next] = [before, after].map(
        (published) => new Map(this.items(published).map(({ key, digest }) => [key, digest])),
      );
      return differenceOf(old ?? new Map(), next ?? new Map());
    });
  }

  publish(table: SourceTable, publication: Publication): Promise<Published> {
    return this.#step('publish', 'publish', () => {
      const { next } = publication;
      const before = this.view;
      const made = refuseUnmade(table, next.snapshotId ?? '', this.made.get(next.snapshotId ?? ''));
      if (!isSamePublished(publishedOver(made), next)) refuseUnmade(table, made.snapshotId, undefined);
      refuseForbidden(table, before, publication, this.keptSince);
      this.view = next;
      return before;
    });
  }

  dropSnapshot(table: SourceTable, id: string): Promise<void> {
    return this.#step('drop', 'drop', () => {
      refusePublished(table, id, this.view);
      for (const rows of [this.loads, this.snapshots, this.made]) rows.delete(id);
    });
  }

  ingestedWithin(_table: SourceTable, ageMs: number): Promise<number> {
    return this.#step('from', 'from', () => this.now - ageMs - 2 * HOUR);
  }

  countRowsBefore(_table: SourceTable, before: number): Promise<number> {
    return this.#step('count', 'count rows', () => this.ingested.filter((time) => time < before).length);
  }

  async dropRows(table: SourceTable, before: number): Promise<void> {
    await this.#step('drop rows', 'raise kept since', () => {
      refuseNeededRows(table, this.view, before);
      this.keptSince = Math.max(this.keptSince, before);
    });
    await this.#step('drop rows', 'drop rows', () => {
      this.ingested = this.ingested.filter((time) => time >= before);
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

  /** The items of a state: those of its snapshot alone, as there is no changelog here. */
  protected items({ snapshotId }: Published): readonly SnapshotRow[] {
    if (snapshotId === null) return [];
    const rows = this.snapshots.get(snapshotId);
    if (!rows) throw missing(`snapshot ${snapshotId}`);
    return rows;
  }

  #load(id: string): SnapshotRow[] {
    const rows = this.loads.get(id);
    if (!rows) throw missing(`load ${id}`);
    return rows;
  }

  /** It trusts its caller, like a warehouse: repeated keys stay unless `isRepeated` says that there are some. */
  #make(facts: SnapshotFacts, loaded: readonly SnapshotRow[], isRepeated: boolean): MadeSnapshot {
    const rows = isRepeated ? [...new Map(loaded.map((row) => [row.key, row])).values()] : [...loaded];
    const made = { ...facts, itemCount: rows.length };
    this.snapshots.set(facts.snapshotId, rows);
    this.made.set(facts.snapshotId, made);
    return made;
  }

  async #step<T>(step: Step, line: string, work: () => T): Promise<T> {
    this.steps.push(line);
    await this.before(step, line);
    const result = work();
    await this.after(step, line);
    return result;
  }
}

function missing(what: string): TailraceError {
  return new TailraceError('destination-missing', `There is no ${what}`);
}
