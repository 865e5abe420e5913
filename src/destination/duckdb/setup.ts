import { TailraceError } from '../../errors.ts';
import { LEDGER, objectNames } from '../../names/object-names.ts';
import type { SourceTable } from '../../source/source-table.ts';
import { duckdb } from '../../views/duckdb.ts';
import { latestSelect } from '../../views/latest.ts';
import type { TableDefinition } from '../../views/table-definition.ts';
import { type Annotation, writeAnnotation } from '../annotation.ts';
import type { Preparation } from '../destination.ts';
import type { RememberedTable } from '../known-table.ts';
import { foreignObject } from '../object-conflict.ts';
import { refuseOtherLedger } from '../other-format.ts';
import { knownTables, type PlanOptions, planTables } from '../table-plan.ts';
import { Catalog, columnsOf, definedColumns } from './catalog.ts';
import { recogniseImported, restoreState } from './imported-database.ts';
import { CLOCK_TABLE, hasTime, millisecondsOf, startClock, tick } from './logical-clock.ts';
import type { Session } from './session.ts';
import { stateInForce } from './state-view.ts';

/** Implements `TableSetup.prepare`, in one transaction. */
export function prepare(
  session: Session,
  table: SourceTable,
  generation: number,
  options: PlanOptions,
): Promise<Preparation> {
  return session.transaction(() => createMissing(session, table, generation, options));
}

/** Implements `TableSetup.preview`, by a preparation that is rolled back. */
export function preview(
  session: Session,
  table: SourceTable,
  generation: number,
  options: PlanOptions,
): Promise<Preparation> {
  return session.dryRun(() => createMissing(session, table, generation, options));
}

async function createMissing(
  session: Session,
  table: SourceTable,
  generation: number,
  options: PlanOptions,
): Promise<Preparation> {
  const found = await Catalog.read(session);
  const catalog = await recogniseImported(session, found, table, generation, options);
  const names = objectNames(table.name);
  const isClock = await tableExists(session, catalog, 'clock', CLOCK_TABLE);
  if (!isClock || !(await hasTime(session))) await session.run(...startClock(catalog));
  const known = knownIn(catalog);
  const isNew = !known.some(({ source }) => source.name === table.name);
  // Born by the file's own clock: no row can have an earlier stamp, however the machine's clock goes.
  const now = isNew ? millisecondsOf(await tick(session, options.now)) : options.now;
  const { changelog, ledger, isMoreKnown } = planTables(table, known, { ...options, now });
  const drop = `tailrace query '${duckdb.dropTable(LEDGER)}' --write`;
  refuseOtherLedger(catalog.find(LEDGER)?.annotation, known, drop);
  const missing = {
    changelog: !(await tableExists(session, catalog, 'changelog', changelog)),
    ledger: !(await tableExists(session, catalog, 'ledger', ledger)),
    state: stateInForce(catalog, table) === undefined,
    latest: !viewExists(catalog, names.latest),
  };

  if (missing.ledger) await session.run(...duckdb.createTable(ledger));
  if (missing.changelog) await session.run(...duckdb.createTable(changelog));
  else if (isMoreKnown) {
    await session.run(duckdb.commentOnTable(changelog.name, changelog.comment));
  }
  if (missing.state) await restoreState(session, table, generation);
  if (missing.latest) {
    const comment = writeAnnotation({ of: 'latest', tableName: table.name });
    await session.run(...duckdb.createView(names.latest, latestSelect(duckdb, names), comment));
  }
  const recognised = catalog.objects
    .filter(({ name, annotation }) => annotation !== undefined && found.find(name)?.annotation === undefined)
    .map(({ name }) => name);
  return {
    created: [
      ...(missing.changelog ? [names.changelog] : []),
      ...(missing.state ? [names.state] : []),
      ...(missing.latest ? [names.latest] : []),
      ...(missing.ledger ? [LEDGER] : []),
    ],
    ...(recognised.length > 0 && { recognised }),
  };
}

/** The tables that changelogs remember, in order of their names. */
export function knownIn({ objects }: Catalog): readonly RememberedTable[] {
  return knownTables(objects.map(({ annotation }) => annotation));
}

/** The changelog of a table has all rows that were ingested since then, in milliseconds since the epoch. */
export function keptSinceIn(catalog: Catalog, table: SourceTable): number {
  const annotation = catalog.require(objectNames(table.name).changelog).annotation;
  return (annotation?.of === 'changelog' ? annotation.changelog?.keptSince : undefined) ?? Number.POSITIVE_INFINITY;
}

/**
 * Whether one of Tailrace's tables exists.
 *
 * @throws {TailraceError} `destination-conflict` if its name is taken by another table, or it has other columns.
 */
async function tableExists(
  session: Session,
  catalog: Catalog,
  of: Annotation['of'],
  { name, columns }: TableDefinition,
): Promise<boolean> {
  const found = catalog.find(name);
  if (found === undefined) return false;
  if (found.kind !== 'table' || found.annotation?.of !== of) throw foreignObject(found.name);
  const actual = await columnsOf(session, name);
  if (actual === definedColumns(columns)) return true;
  throw new TailraceError('destination-conflict', `Table ${name} has other columns than Tailrace gave it`, {
    context: { object: name, columns: actual },
  });
}

function viewExists(catalog: Catalog, name: string): boolean {
  const found = catalog.find(name);
  if (found === undefined) return false;
  if (found.kind === 'view' && found.annotation?.of === 'latest') return true;
  throw foreignObject(found.name);
}
