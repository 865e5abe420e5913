import { loadName, objectNames } from '../../names/object-names.ts';
import type { LedgerEvent, SnapshotFacts } from '../../snapshot/ledger.ts';
import type { Publication } from '../../snapshot/publication-rule.ts';
import type { Published } from '../../snapshot/published.ts';
import type { SnapshotRow } from '../../snapshot/row.ts';
import type { SnapshotId } from '../../snapshot/snapshot-id.ts';
import type { SourceTable } from '../../source/source-table.ts';
import type { Dialect } from '../../views/dialect.ts';
import { stateDifference } from '../../views/state-difference.ts';
import { stateDifferenceOf } from '../count-rows.ts';
import type { RowFile } from '../row-file.ts';
import type {
  CompactionEstimate,
  FoldOptions,
  MadeSnapshot,
  SnapshotStore,
  StateDifference,
} from '../snapshot-store.ts';
import { type SqlRow, sqlRows } from '../sql-row.ts';
import type { Dataset } from './dataset.ts';
import { estimateFold, foldSnapshot } from './fold-snapshot.ts';
import { readLedger, recordEvent } from './ledger.ts';
import { loadFile } from './load.ts';
import { countLoad, createLoad, makeSnapshot } from './make-snapshot.ts';
import { dropSnapshot, publish, readPublished } from './publish.ts';
import { type Statement, select } from './query.ts';
import { snapshotIn } from './snapshot-table.ts';
import { foldFrom, readingFrom } from './tail-start.ts';

/** The snapshots of a BigQuery dataset. */
export abstract class BigQuerySnapshots implements SnapshotStore {
  /** Files are sent block by block, so that no memory bounds them. A job takes 15 TB. */
  readonly maxLoadCharacters = 2 ** 40;
  readonly foldsInJobs = true;
  protected readonly dataset: Dataset;
  protected readonly dialect: Dialect;

  constructor(dataset: Dataset, dialect: Dialect) {
    this.dataset = dataset;
    this.dialect = dialect;
  }

  published(table: SourceTable): Promise<Published | undefined> {
    return readPublished(this.dataset, table);
  }

  readingFrom(table: SourceTable, floor: number): Promise<number> {
    return readingFrom(this.dataset, table, floor);
  }

  foldFrom(table: SourceTable): Promise<number> {
    return foldFrom(this.dataset, table);
  }

  createLoad(table: SourceTable, id: SnapshotId): Promise<void> {
    return createLoad(this.dataset, table, id);
  }

  loadSnapshot(_table: SourceTable, id: SnapshotId, chunk: string, rows: RowFile<SnapshotRow>): Promise<void> {
    return loadFile(this.dataset, loadName(id), chunk, rows);
  }

  countLoad(table: SourceTable, id: SnapshotId): Promise<{ readonly rows: number; readonly keys: number }> {
    return countLoad(this.dataset, this.dialect, table, id);
  }

  makeSnapshot(table: SourceTable, facts: SnapshotFacts, isRepeated: boolean): Promise<MadeSnapshot> {
    return makeSnapshot(this.dataset, this.dialect, table, facts, isRepeated);
  }

  foldSnapshot(
    table: SourceTable,
    facts: SnapshotFacts,
    base: Published,
    options?: FoldOptions,
  ): Promise<MadeSnapshot> {
    return foldSnapshot(this.dataset, this.dialect, table, facts, base, options);
  }

  estimateFold(table: SourceTable, base: Published): Promise<CompactionEstimate> {
    return estimateFold(this.dataset, this.dialect, table, base);
  }

  async describeSnapshot(table: SourceTable, id: SnapshotId): Promise<MadeSnapshot | undefined> {
    const resource = await this.dataset.findTable(objectNames(table.name).snapshot(id));
    return snapshotIn(resource, table)?.facts ?? undefined;
  }

  async snapshotBytes(table: SourceTable, id: SnapshotId): Promise<number | null> {
    const resource =
      (await this.dataset.findTable(objectNames(table.name).snapshot(id))) ??
      (await this.dataset.findTable(loadName(id)));
    return resource?.numBytes === undefined ? null : Number(resource.numBytes);
  }

  async compareStates(table: SourceTable, before: Published, after: Published): Promise<StateDifference> {
    const names = objectNames(table.name);
    return stateDifferenceOf(
      await this.row(names.latest, { sql: stateDifference(this.dialect, names, before, after) }),
    );
  }

  publish(table: SourceTable, publication: Publication): Promise<Published> {
    return publish(this.dataset, this.dialect, table, publication);
  }

  dropSnapshot(table: SourceTable, id: SnapshotId): Promise<void> {
    return dropSnapshot(this.dataset, table, id);
  }

  record(event: LedgerEvent): Promise<void> {
    return recordEvent(this.dataset, event);
  }

  ledger(table: Pick<SourceTable, 'name'>): Promise<readonly LedgerEvent[]> {
    return readLedger(this.dataset, this.dialect, table.name);
  }

  /** Runs a statement that reads `tableId`. */
  protected async rows(tableId: string, statement: Statement): Promise<readonly SqlRow[]> {
    return sqlRows(await select(this.dataset, `read ${this.dataset.nameOf(tableId)}`, statement));
  }

  /** As {@link rows}, where there is one. */
  protected async row(tableId: string, statement: Statement): Promise<SqlRow> {
    const [row = {}] = await this.rows(tableId, statement);
    return row;
  }
}
