import { CHANGELOG_COLUMNS } from '../../changelog/columns.ts';
import { type ChangelogStorage, chosenSettings } from '../../changelog/storage.ts';
import { TailraceError } from '../../errors.ts';
import { CLOCK, LEDGER, objectNames } from '../../names/object-names.ts';
import { streamArn as readStreamArn } from '../../order/stream-arn.ts';
import { SNAPSHOT_COLUMNS } from '../../snapshot/columns.ts';
import { LEDGER_COLUMNS, type LedgerEvent } from '../../snapshot/ledger.ts';
import { type Published, unpublished } from '../../snapshot/published.ts';
import type { SourceTable } from '../../source/source-table.ts';
import { duckdb } from '../../views/duckdb.ts';
import { latestSelect } from '../../views/latest.ts';
import type { TableDefinition } from '../../views/table-definition.ts';
import { writeAnnotation } from '../annotation.ts';
import type { KnownTable } from '../known-table.ts';
import { ledgerEvent } from '../ledger-event.ts';
import { editedLatest } from '../published-conflict.ts';
import { optionalNumber, text } from '../sql-row.ts';
import type { PlanOptions } from '../table-plan.ts';
import { Catalog, type CatalogObject, columnsOf, definedColumns } from './catalog.ts';
import { CLOCK_TABLE } from './logical-clock.ts';
import type { Session } from './session.ts';

/**
 * Restores the comments of a table's objects, within the open transaction: Tailrace recognises its objects by them, and
 * `EXPORT DATABASE` leaves them out.
 *
 * The ledger, whose name is reserved, records the changelog's source and the snapshots. The latest view is Tailrace's
 * if its text is that of a state which the ledger records as published. An object with other columns stays as it is.
 *
 * How the changelog was stored is lost with its comment: it gets what `setup` is asked for, or the defaults. No row is
 * older than the oldest that is there.
 *
 * @param generation The generation of a view that stands on no snapshot.
 * @returns The catalog afterwards.
 * @throws {TailraceError} `destination-conflict` if the source of the changes is unknown, or if the view was edited.
 */
export async function recogniseImported(
  session: Session,
  catalog: Catalog,
  table: SourceTable,
  generation: number,
  { now, ...wished }: PlanOptions,
): Promise<Catalog> {
  const names = objectNames(table.name);
  const [ledger, clock, changelog, latest] = [LEDGER, CLOCK, names.changelog, names.latest].map((name) =>
    catalog.find(name),
  );
  const isSnapshot = ({ name }: CatalogObject) => name.startsWith(names.snapshot(''));
  const snapshots = catalog.objects.filter((object) => hasNoComment(object) && isSnapshot(object));
  if (snapshots.length === 0 && ![ledger, clock, changelog, latest].some(hasNoComment)) return catalog;

  const isLedger = await hasColumns(session, ledger, LEDGER_COLUMNS);
  if (ledger && hasNoComment(ledger) && isLedger) {
    await session.run(duckdb.commentOnTable(ledger.name, writeAnnotation({ of: 'ledger' })));
  }
  if (clock && hasNoComment(clock) && (await hasColumns(session, clock, CLOCK_TABLE.columns))) {
    await session.run(duckdb.commentOnTable(clock.name, CLOCK_TABLE.comment));
  }
  const events = isLedger ? await eventsOf(session, table) : [];
  if (changelog && hasNoComment(changelog) && (await hasColumns(session, changelog, CHANGELOG_COLUMNS))) {
    const oldest = await oldestIngestedAt(session, changelog.name);
    const storage = { ...chosenSettings(table.name, undefined, wished), keptSince: oldest ?? now };
    const known = knownBy(events) ?? (oldest === null ? { source: table, seen: null } : null);
    if (known === null) throw sourceUnknown(table, changelog.name, storage);
    const comment = writeAnnotation({ of: 'changelog', ...known, changelog: storage });
    await session.run(duckdb.commentOnTable(changelog.name, comment));
  }
  const ids = new Set(events.map(({ snapshotId }) => names.snapshot(snapshotId)));
  for (const snapshot of snapshots) {
    if (!ids.has(snapshot.name) || !(await hasColumns(session, snapshot, SNAPSHOT_COLUMNS))) continue;
    const comment = writeAnnotation({ of: 'snapshot', tableName: table.name });
    await session.run(duckdb.commentOnTable(snapshot.name, comment));
  }
  if (latest?.kind === 'view' && hasNoComment(latest)) {
    await recogniseLatest(session, table, latest.name, events, generation, catalog);
  }
  return Catalog.read(session);
}

/** Whether an object has no comment. As Tailrace makes them, all its objects have one. */
function hasNoComment(object: CatalogObject | undefined): boolean {
  return object?.comment === null;
}

async function hasColumns(
  session: Session,
  object: CatalogObject | undefined,
  columns: TableDefinition['columns'],
): Promise<boolean> {
  return object?.kind === 'table' && (await columnsOf(session, object.name)) === definedColumns(columns);
}

/** The ledger's events of tables of this name, newest first. */
async function eventsOf(session: Session, { name }: SourceTable): Promise<readonly LedgerEvent[]> {
  const columns = LEDGER_COLUMNS.map((column) => duckdb.identifier(column.name));
  const rows = await session.rows(
    `SELECT ${columns.join(', ')} FROM ${duckdb.table(LEDGER)} WHERE table_name = ${duckdb.text(name)} ORDER BY "at" DESC`,
  );
  return rows.map(ledgerEvent);
}

function knownBy(events: readonly LedgerEvent[]): KnownTable | undefined {
  const [newest] = events;
  if (newest === undefined) return undefined;
  const { tableName: name, tableArn: arn, tableId } = newest;
  const streams = events
    .filter(({ tableArn }) => tableArn === arn)
    .map((event) => readStreamArn(event.streamArn).label);
  return { source: { name, arn, tableId }, seen: { createdAt: null, streams: [...new Set(streams.reverse())] } };
}

/** When the oldest row of a changelog was ingested, in milliseconds since the epoch; `null` if it is empty. */
async function oldestIngestedAt(session: Session, name: string): Promise<number | null> {
  const [row = {}] = await session.rows(`SELECT epoch_ms(min("ingested_at")) AS oldest FROM ${duckdb.table(name)}`);
  return optionalNumber(row, 'oldest');
}

/** Makes the view for one state after the other, until its text is the one before. DuckDB prints both alike. */
async function recogniseLatest(
  session: Session,
  table: SourceTable,
  view: string,
  events: readonly LedgerEvent[],
  generation: number,
  catalog: Catalog,
): Promise<void> {
  const names = objectNames(table.name);
  const before = await sqlOf(session, view);
  // A view can't be made over a snapshot that was dropped.
  const hasSnapshot = ({ snapshotId }: Published) =>
    snapshotId === null || catalog.find(names.snapshot(snapshotId)) !== undefined;
  const published = events
    .filter(({ event }) => event === 'published')
    .map(publishedBy)
    .filter(hasSnapshot);
  for (const state of [...published, unpublished(generation)]) {
    const comment = writeAnnotation({ of: 'latest', published: state });
    await session.run(...duckdb.createView(names.latest, latestSelect(duckdb, names, state), comment));
    if ((await sqlOf(session, view)) === before) return;
  }
  throw editedLatest(table, view, "isn't the view that Tailrace made: edited by hand?");
}

function publishedBy({ snapshotId, floor, streamArn, generation }: LedgerEvent): Published {
  return { snapshotId, floor, streamLabel: readStreamArn(streamArn).label, generation };
}

/** A view's text as DuckDB prints it, in a form of DuckDB's own. */
export async function sqlOf(session: Session, view: string): Promise<string> {
  const [row = {}] = await session.rows(
    `SELECT sql FROM duckdb_views() WHERE database_name = current_database() AND schema_name = 'main' AND view_name = ${duckdb.text(view)}`,
  );
  return text(row, 'sql');
}

function sourceUnknown(source: SourceTable, changelog: string, storage: ChangelogStorage): TailraceError {
  const annotation = writeAnnotation({ of: 'changelog', source, seen: null, changelog: storage });
  // Its last line is all that is read.
  const comment = annotation.slice(annotation.lastIndexOf('\n') + 1);
  const statement = `COMMENT ON TABLE ${duckdb.identifier(changelog)} IS $$${comment}$$`;
  return new TailraceError(
    'destination-conflict',
    `${changelog} has changes and no comment, as after IMPORT DATABASE: their table is unknown`,
    {
      context: { table: source.name, object: changelog },
      remedy: `If their table is ${source.arn}, run \`tailrace query '${statement}' --write\`, then setup again. Else use another file.`,
    },
  );
}
