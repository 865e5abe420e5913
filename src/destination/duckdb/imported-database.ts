import { CHANGELOG_COLUMNS } from '../../changelog/columns.ts';
import { type ChangelogStorage, chosenSettings } from '../../changelog/storage.ts';
import { TailraceError } from '../../errors.ts';
import { CLOCK, LEDGER, objectNames } from '../../names/object-names.ts';
import { streamArn as readStreamArn } from '../../order/stream-arn.ts';
import { SNAPSHOT_COLUMNS } from '../../snapshot/columns.ts';
import { isForeign } from '../../snapshot/history.ts';
import { LEDGER_COLUMNS, type LedgerEvent, publishedOver } from '../../snapshot/ledger.ts';
import { unpublished } from '../../snapshot/published.ts';
import type { SourceTable } from '../../source/source-table.ts';
import { duckdb } from '../../views/duckdb.ts';
import { latestSelect } from '../../views/latest.ts';
import type { TableDefinition } from '../../views/table-definition.ts';
import { writeAnnotation } from '../annotation.ts';
import type { KnownTable } from '../known-table.ts';
import { ledgerEvent } from '../ledger-event.ts';
import { editedView } from '../published-conflict.ts';
import { optionalNumber, text } from '../sql-row.ts';
import type { PlanOptions } from '../table-plan.ts';
import { Catalog, type CatalogObject, columnsOf, definedColumns } from './catalog.ts';
import { CLOCK_TABLE } from './logical-clock.ts';
import type { Session } from './session.ts';
import { snapshotIn, writeState } from './state-view.ts';

/**
 * Restores the comments of a table's objects, within the open transaction: Tailrace recognises its objects by them, and
 * `EXPORT DATABASE` leaves them out.
 *
 * The ledger, whose name is reserved, records the changelog's source and the snapshots. The state is made again over the
 * snapshot that it records as published last, without typed columns: `views apply` brings them back. The latest view is
 * Tailrace's if its text is. An object with other columns stays as it is.
 *
 * How the changelog was stored is lost with its comment: it gets what `setup` is asked for, or the defaults. No row is
 * older than the oldest that is there, and the snapshot that was published needed no row that had been dropped.
 *
 * @param generation The generation of a state that stands on no snapshot.
 * @returns The catalog afterwards.
 * @throws {TailraceError} `destination-conflict` if the source of the changes is unknown, or if the latest view was edited.
 */
export async function recogniseImported(
  session: Session,
  catalog: Catalog,
  table: SourceTable,
  generation: number,
  { now, ...wished }: PlanOptions,
): Promise<Catalog> {
  const names = objectNames(table.name);
  const [ledger, clock, changelog, state, latest] = [LEDGER, CLOCK, names.changelog, names.state, names.latest].map(
    (name) => catalog.find(name),
  );
  const isSnapshot = ({ name }: CatalogObject) => name.startsWith(names.snapshot(''));
  const snapshots = catalog.objects.filter((object) => hasNoComment(object) && isSnapshot(object));
  if (snapshots.length === 0 && ![ledger, clock, changelog, state, latest].some(hasNoComment)) return catalog;

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
    const stoodOn = events.find(
      ({ event, snapshotId }) => event === 'published' && catalog.find(names.snapshot(snapshotId)) !== undefined,
    );
    const keptSince = Math.min(oldest ?? now, stoodOn?.from ?? now);
    const storage = { ...chosenSettings(table.name, undefined, wished), keptSince };
    const known = knownBy(events) ?? (oldest === null ? { source: table, seen: null } : null);
    if (known === null) throw sourceUnknown(table, changelog.name, storage);
    const comment = writeAnnotation({ of: 'changelog', ...known, changelog: storage });
    await session.run(duckdb.commentOnTable(changelog.name, comment));
  }
  const made = new Map(
    events.flatMap((event) => (event.itemCount === null ? [] : [[event.snapshotId, event] as const])),
  );
  for (const [id, { itemCount, ...event }] of made) {
    const snapshot = snapshots.find(({ name }) => name === names.snapshot(id));
    if (snapshot === undefined || itemCount === null || !(await hasOwnColumns(session, snapshot))) continue;
    const { at: _at, event: _event, actor: _actor, ...facts } = event;
    const comment = writeAnnotation({ of: 'snapshot', tableName: table.name, facts: { ...facts, itemCount } });
    await session.run(duckdb.commentOnTable(snapshot.name, comment));
  }
  const isImported = (view: CatalogObject | undefined) => view?.kind === 'view' && hasNoComment(view);
  // Without a state the latest view can't be made.
  if (isImported(state) || (state === undefined && isImported(latest))) {
    await restoreState(session, table, generation);
  }
  if (latest?.kind === 'view' && hasNoComment(latest)) await recogniseLatest(session, table, latest.name);
  return Catalog.read(session);
}

/**
 * Makes a table's state, within the open transaction: over the snapshot of those still there and whole that the ledger records
 * as published last, and otherwise over none. A snapshot of another table of the name doesn't count, nor does one that needs
 * rows which the changelog hasn't got, as where that was made again. The state has no typed columns.
 */
export async function restoreState(session: Session, table: SourceTable, generation: number): Promise<void> {
  const catalog = await Catalog.read(session);
  const isLedger = await hasColumns(session, catalog.find(LEDGER), LEDGER_COLUMNS);
  const changelog = catalog.find(objectNames(table.name).changelog)?.annotation;
  const { source, keptSince } =
    changelog?.of === 'changelog'
      ? { source: changelog.source, keptSince: changelog.changelog?.keptSince ?? Number.POSITIVE_INFINITY }
      : { source: table, keptSince: Number.POSITIVE_INFINITY };
  const last = (isLedger ? await eventsOf(session, table) : []).find(
    (event) =>
      event.event === 'published' &&
      !isForeign(event, source) &&
      event.from >= keptSince &&
      snapshotIn(catalog, table, event.snapshotId) !== undefined,
  );
  const published = last === undefined ? unpublished(generation) : publishedOver(last);
  await writeState(session, table, { published, columns: [] });
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
    .flatMap((event) => (event.streamArn === null ? [] : readStreamArn(event.streamArn).label));
  return { source: { name, arn, tableId }, seen: { createdAt: null, streams: [...new Set(streams.reverse())] } };
}

/** When the oldest row of a changelog was ingested, in milliseconds since the epoch; `null` if it is empty. */
async function oldestIngestedAt(session: Session, name: string): Promise<number | null> {
  const [row = {}] = await session.rows(`SELECT epoch_ms(min("ingested_at")) AS oldest FROM ${duckdb.table(name)}`);
  return optionalNumber(row, 'oldest');
}

/** Makes the latest view again, which must have had the same text. DuckDB prints both alike. */
async function recogniseLatest(session: Session, table: SourceTable, view: string): Promise<void> {
  const names = objectNames(table.name);
  const before = await sqlOf(session, view);
  const comment = writeAnnotation({ of: 'latest', tableName: table.name });
  await session.run(...duckdb.createView(names.latest, latestSelect(duckdb, names), comment));
  if ((await sqlOf(session, view)) === before) return;
  throw editedView(table, names.latest, view, "isn't the view that Tailrace made: edited by hand?");
}

/** Whether a table has a snapshot's own columns, and typed ones behind them. */
async function hasOwnColumns(session: Session, { kind, name }: CatalogObject): Promise<boolean> {
  return kind === 'table' && `${await columnsOf(session, name)}, `.startsWith(`${definedColumns(SNAPSHOT_COLUMNS)}, `);
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
