import { loadName } from '../../names/object-names.ts';
import type { LedgerEvent, SnapshotFacts } from '../../snapshot/ledger.ts';
import type { Publication } from '../../snapshot/publication-rule.ts';
import type { Published } from '../../snapshot/published.ts';
import type { SnapshotRow } from '../../snapshot/row.ts';
import type { SnapshotId } from '../../snapshot/snapshot-id.ts';
import type { SourceTable } from '../../source/source-table.ts';
import { duckdb } from '../../views/duckdb.ts';
import { ledgerSelect } from '../../views/ledger.ts';
import type { DestinationDeps } from '../destination.ts';
import { ledgerEvent } from '../ledger-event.ts';
import type { RowFile } from '../row-file.ts';
import type {
  CompactionEstimate,
  FoldOptions,
  MadeSnapshot,
  SnapshotStore,
  StateDifference,
} from '../snapshot-store.ts';
import { Catalog } from './catalog.ts';
import { compareStates } from './compare-states.ts';
import type { Database } from './database-file.ts';
import { recordEvent } from './ledger.ts';
import { loadRows } from './load-rows.ts';
import { countLoad, createLoad, foldSnapshot, makeSnapshot } from './make-snapshot.ts';
import { dropSnapshot, publish } from './publish.ts';
import { snapshotBytes } from './snapshot-bytes.ts';
import { readPublished, snapshotIn } from './state-view.ts';
import { estimateFold, foldFrom, readingFrom } from './tail-start.ts';

/** The snapshots of a DuckDB file. */
export abstract class DuckDbSnapshots implements SnapshotStore {
  /** A load of this size takes about 50 MB of memory, for items of any kind. */
  readonly maxLoadCharacters = 8 * 1024 * 1024;
  readonly foldsInJobs = false;
  protected readonly file: Database;
  protected readonly deps: DestinationDeps;

  constructor(file: Database, deps: DestinationDeps) {
    this.file = file;
    this.deps = deps;
  }

  published(table: SourceTable): Promise<Published | undefined> {
    return this.file.use((session) => readPublished(session, table));
  }

  readingFrom(table: SourceTable, floor: number): Promise<number> {
    return this.file.use((session) => readingFrom(session, table, floor, this.deps.clock.now()));
  }

  foldFrom(): Promise<number> {
    return this.file.use((session) => foldFrom(session, this.deps.clock.now()));
  }

  createLoad(table: SourceTable, id: SnapshotId): Promise<void> {
    return this.file.use((session) => createLoad(session, table, id));
  }

  loadSnapshot(_table: SourceTable, id: SnapshotId, _chunk: string, rows: RowFile<SnapshotRow>): Promise<void> {
    return loadRows(this.file, loadName(id), rows);
  }

  countLoad(_table: SourceTable, id: SnapshotId): Promise<{ readonly rows: number; readonly keys: number }> {
    return countLoad(this.file, id);
  }

  makeSnapshot(table: SourceTable, facts: SnapshotFacts, isRepeated: boolean): Promise<MadeSnapshot> {
    return makeSnapshot(this.file, table, facts, isRepeated);
  }

  foldSnapshot(
    table: SourceTable,
    facts: SnapshotFacts,
    base: Published,
    options?: FoldOptions,
  ): Promise<MadeSnapshot> {
    return foldSnapshot(this.file, table, facts, base, options);
  }

  estimateFold(table: SourceTable, base: Published): Promise<CompactionEstimate> {
    return this.file.use((session) => estimateFold(session, table, base));
  }

  describeSnapshot(table: SourceTable, id: SnapshotId): Promise<MadeSnapshot | undefined> {
    return this.file.use(async (session) => snapshotIn(await Catalog.read(session), table, id));
  }

  snapshotBytes(table: SourceTable, id: SnapshotId): Promise<number | null> {
    return this.file.use((session) => snapshotBytes(session, table, id));
  }

  compareStates(table: SourceTable, before: Published, after: Published): Promise<StateDifference> {
    return compareStates(this.file, table, before, after);
  }

  publish(table: SourceTable, publication: Publication): Promise<Published> {
    return this.file.use((session) => publish(session, table, publication));
  }

  dropSnapshot(table: SourceTable, id: SnapshotId): Promise<void> {
    return this.file.use((session) => dropSnapshot(session, table, id));
  }

  record(event: LedgerEvent): Promise<void> {
    return this.file.use((session) => recordEvent(session, event));
  }

  async ledger(table: Pick<SourceTable, 'name'>): Promise<readonly LedgerEvent[]> {
    const rows = await this.file.use((session) => session.rows(ledgerSelect(duckdb, table.name)));
    return rows.map(ledgerEvent);
  }
}
