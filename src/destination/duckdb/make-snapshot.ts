import { loadName, objectNames } from '../../names/object-names.ts';
import type { TypedColumn } from '../../schema/typed-column.ts';
import { publishedOver, type SnapshotFacts } from '../../snapshot/ledger.ts';
import type { Published } from '../../snapshot/published.ts';
import type { SnapshotId } from '../../snapshot/snapshot-id.ts';
import type { SourceTable } from '../../source/source-table.ts';
import { newestOfTail } from '../../views/counts.ts';
import { duckdb, insertInto } from '../../views/duckdb.ts';
import type { KeyCondition } from '../../views/key-condition.ts';
import { foldedFloor, foldedSnapshot, loadCount, loadedSnapshot, snapshotCount } from '../../views/snapshot.ts';
import { loadTable, snapshotTable, type TableDefinition } from '../../views/table-definition.ts';
import { writeAnnotation } from '../annotation.ts';
import { madeSnapshot } from '../count-rows.ts';
import type { FoldOptions, MadeSnapshot } from '../snapshot-store.ts';
import { number, optionalTime } from '../sql-row.ts';
import { boundedRows } from './bounded-rows.ts';
import { Catalog } from './catalog.ts';
import type { Database } from './database-file.ts';
import { itemParts, keyParts, rowCount, rowCountsOfState, rowParts, sumOfParts } from './key-parts.ts';
import { lastStamp } from './logical-clock.ts';
import type { Session } from './session.ts';
import { columnNames, requireState, snapshotIn } from './state-view.ts';

/** Enough for one part of the keys. */
const MEMORY_LIMIT = '512MB';

/** Implements `SnapshotStore.createLoad`. */
export function createLoad(session: Session, table: SourceTable, id: SnapshotId): Promise<void> {
  const comment = writeAnnotation({ of: 'load', tableName: table.name });
  return session.transaction(() => session.run(...duckdb.createTable(loadTable(id, comment))));
}

/** Implements `SnapshotStore.countLoad`. */
export async function countLoad(
  file: Database,
  id: SnapshotId,
): Promise<{ readonly rows: number; readonly keys: number }> {
  const row = await sumOfParts(
    file,
    async () => [rowCount(loadName(id))],
    (among) => loadCount(duckdb, id, among),
  );
  return { rows: number(row, 'rows'), keys: number(row, 'keys') };
}

/** Implements `SnapshotStore.makeSnapshot`. */
export async function makeSnapshot(
  file: Database,
  table: SourceTable,
  facts: SnapshotFacts,
  isRepeated: boolean,
): Promise<MadeSnapshot> {
  const id = facts.snapshotId;
  const { columns } = await file.use(async (session) => requireState(await Catalog.read(session), table));
  const made = await fillSnapshot(file, table, facts, columns, {
    parts: (session) => (isRepeated ? keyParts(session, [rowCount(loadName(id))]) : rowParts(session, loadName(id))),
    select: (among) => loadedSnapshot(duckdb, id, columns, { isRepeated, among }),
    hasTombstones: false,
  });
  await file.use((session) => session.run(duckdb.dropTable(loadName(id))));
  return made;
}

/** Implements `SnapshotStore.foldSnapshot`. */
export async function foldSnapshot(
  file: Database,
  table: SourceTable,
  facts: SnapshotFacts,
  published: Published,
  { signal }: FoldOptions = {},
): Promise<MadeSnapshot> {
  const names = objectNames(table.name);
  const { snapshotId } = published;
  // What is appended from now on is in none of the parts: a key that is removed between two of them would be in both.
  const { columns, until, floor, stored } = await file.use(async (session) => ({
    columns: requireState(await Catalog.read(session), table).columns,
    until: await lastStamp(session, names.changelog),
    floor: await reachedFloor(session, table, facts.floor, published),
    stored: new Set(snapshotId === null ? [] : await columnNames(session, names.snapshot(snapshotId))),
  }));
  return fillSnapshot(file, table, { ...facts, floor }, columns, {
    parts: (session) => itemParts(session, rowCountsOfState(table, published)),
    select: (among) => foldedSnapshot(duckdb, names, { published, columns, stored }, floor, { among, until }),
    hasTombstones: true,
    signal,
  });
}

/**
 * A floor that the newest change has reached. The horizon of a machine whose clock is far ahead would lie in the future, and
 * what changes until then would never count.
 */
async function reachedFloor(
  session: Session,
  table: SourceTable,
  floor: number | null,
  published: Published,
): Promise<number | null> {
  if (floor === null || floor === published.floor) return floor;
  const [row = {}] = await session.rows(newestOfTail(duckdb, objectNames(table.name), published));
  const newest = optionalTime(row, 'newest');
  return newest === null ? published.floor : foldedFloor(published, Math.min(floor, newest));
}

/** What a snapshot is filled with. */
type Filling = {
  readonly parts: (session: Session) => Promise<readonly (KeyCondition | undefined)[]>;
  /** A SELECT of a part of its rows. */
  readonly select: (among: KeyCondition | undefined) => string;
  readonly hasTombstones: boolean;
  /** Ends it between two parts. */
  readonly signal?: AbortSignal | undefined;
};

/**
 * Fills a snapshot part by part of its keys, and then writes its facts into its annotation: a snapshot without them is never
 * published. The file is released between the parts, so that no other process waits for longer than one of them.
 *
 * Tombstones come last: where a group of rows has NULLs, DuckDB takes a third longer to read a typed column.
 *
 * What an earlier attempt left is dropped. A whole snapshot is left as it is.
 */
async function fillSnapshot(
  file: Database,
  table: SourceTable,
  facts: SnapshotFacts,
  columns: readonly TypedColumn[],
  { parts: partsOf, select, hasTombstones, signal }: Filling,
): Promise<MadeSnapshot> {
  const id = facts.snapshotId;
  const names = objectNames(table.name);
  const definition = (made: MadeSnapshot | null): TableDefinition =>
    snapshotTable(names, id, writeAnnotation({ of: 'snapshot', tableName: table.name, facts: made }), columns);
  const { whole, parts } = await file.use(async (session) => {
    const made = snapshotIn(await Catalog.read(session), table, id);
    if (made !== undefined) return { whole: made, parts: [] };
    const divided = await partsOf(session);
    await session.transaction(() =>
      session.run(duckdb.dropTable(names.snapshot(id)), ...duckdb.createTable(definition(null))),
    );
    return { whole: undefined, parts: divided };
  });
  if (whole !== undefined) return whole;
  for (const kind of hasTombstones ? ['IS NOT TRUE', 'IS TRUE'] : ['IS NOT TRUE']) {
    for (const among of parts) {
      // Not within a turn with the file, whose failures are the file's.
      signal?.throwIfAborted();
      const rows = `SELECT * FROM (\n${select(among)}\n) AS rows WHERE removed ${kind}`;
      await file.use((session) =>
        session.withinMemory(MEMORY_LIMIT, () => session.run(insertInto(definition(null), rows))),
      );
    }
  }
  return file.use(async (session) => {
    const [row = {}] = await boundedRows(session, snapshotCount(duckdb, names, id, publishedOver(facts).streamLabel));
    const made = madeSnapshot(facts, row);
    await session.run(duckdb.commentOnTable(names.snapshot(id), definition(made).comment));
    return made;
  });
}
