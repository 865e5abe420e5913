import { LEDGER, objectNames } from '../../names/object-names.ts';
import { unpublished } from '../../snapshot/published.ts';
import type { SourceTable } from '../../source/source-table.ts';
import type { Dialect } from '../../views/dialect.ts';
import type { TableDefinition } from '../../views/table-definition.ts';
import type { Annotation } from '../annotation.ts';
import type { Preparation, PreparationOptions } from '../destination.ts';
import { keptSinceRaised } from '../kept-since.ts';
import type { KnownChangelog, RememberedTable } from '../known-table.ts';
import { changedMeanwhile, foreignObject } from '../object-conflict.ts';
import { refuseOtherLedger, requireThisFormat } from '../other-format.ts';
import { knownTables, planTables } from '../table-plan.ts';
import { annotationOf } from './annotation-of.ts';
import type { Dataset } from './dataset.ts';
import { refuseDatasetDefaults } from './dataset-defaults.ts';
import { hasStatus } from './errors.ts';
import type { TableResource } from './resources.ts';
import { STAMP_MARGIN_MS } from './stamp-margin.ts';
import { latestResource, refuseOtherLatest, stateInForce, stateResource } from './state-view.ts';
import { ensureTable, type Role, refuseOtherTable } from './table.ts';

const CHANGELOG_SUFFIX = objectNames('').changelog;

/** How often an annotation is written that another process changes at the same moment. */
const MAX_ATTEMPTS = 5;

/** Implements `TableSetup.prepare`. Everything is checked before anything is created. */
export async function prepare(
  dataset: Dataset,
  dialect: Dialect,
  table: SourceTable,
  generation: number,
  options: PreparationOptions,
): Promise<Preparation> {
  const { names, changelog, ledger, missing } = await rememberMore(dataset, table, options);
  const created: string[] = [];
  const ensure = async (definition: TableDefinition, role: Role) => {
    if (await ensureTable(dataset, definition, role)) created.push(definition.name);
  };
  if (missing.changelog) await ensure(changelog, 'changelog');
  if (missing.state) {
    const state = { published: unpublished(generation), columns: [] };
    const view = stateResource(dataset, dialect, table, state, new Set());
    if (await dataset.createTable(names.state, view)) created.push(names.state);
    else stateInForce(dataset, table, await dataset.getTable(names.state));
  }
  if (missing.latest) {
    if (await dataset.createTable(names.latest, latestResource(dataset, dialect, table))) created.push(names.latest);
    else refuseOtherLatest(dataset, table, await dataset.getTable(names.latest));
  }
  if (missing.ledger) await ensure(ledger, 'ledger');
  return { created };
}

/**
 * Plans, and writes what is known now into the annotation of a changelog that is there: over the one that the plan was
 * made from, so that nothing is lost that another process writes.
 */
function rememberMore(dataset: Dataset, table: SourceTable, options: PreparationOptions) {
  return overUnchanged(dataset, table, async () => {
    const planned = await plan(dataset, table, options);
    const { changelog, isMoreKnown, missing, etag } = planned;
    if (!missing.changelog && isMoreKnown) {
      await dataset.patchTable(changelog.name, { description: changelog.comment }, etag);
    }
    return planned;
  });
}

/** Repeats what reads the annotation of a changelog and writes another, if another process writes it at the same moment. */
async function overUnchanged<T>(dataset: Dataset, table: SourceTable, write: () => Promise<T>): Promise<T> {
  const { changelog } = objectNames(table.name);
  for (let attempt = 1; ; attempt++) {
    try {
      return await write();
    } catch (error) {
      if (!hasStatus(error, 412)) throw error;
      if (attempt === MAX_ATTEMPTS) throw changedMeanwhile(table.name, changelog, dataset.nameOf(changelog));
    }
  }
}

/** Implements `TableSetup.preview`. */
export async function preview(dataset: Dataset, table: SourceTable, options: PreparationOptions): Promise<Preparation> {
  const { names, changelog, ledger, missing } = await plan(dataset, table, options);
  return {
    created: [
      ...(missing.changelog ? [changelog.name] : []),
      ...(missing.state ? [names.state] : []),
      ...(missing.latest ? [names.latest] : []),
      ...(missing.ledger ? [ledger.name] : []),
    ],
  };
}

/** Plans the tables of a source, and finds which of them are missing. All refusals are made here. */
async function plan(dataset: Dataset, table: SourceTable, options: PreparationOptions) {
  await dataset.location();
  await refuseDatasetDefaults(dataset);
  const names = objectNames(table.name);
  // The stamp of a new changelog's first row may be before its creation, as clocks go.
  const now = dataset.caller.serverClock.now() - STAMP_MARGIN_MS;
  // First: the annotation that the plan is made of is this one or a later one, so that its etag guards it.
  const changelogFound = await dataset.findTable(names.changelog);
  const known = await knownIn(dataset);
  const planned = planTables(table, known, { ...options, now });
  const { changelog, ledger } = planned;
  const [ledgerFound, stateFound, latestFound] = await Promise.all([
    dataset.findTable(ledger.name),
    dataset.findTable(names.state),
    dataset.findTable(names.latest),
  ]);
  if (changelogFound !== undefined) refuseForeign(dataset, changelogFound, changelog, 'changelog');
  refuseOtherLedger(annotationOf(ledgerFound), known, `bq rm --table ${dataset.shellName}.${LEDGER}`);
  if (ledgerFound !== undefined) refuseForeign(dataset, ledgerFound, ledger, 'ledger');
  if (stateFound !== undefined) stateInForce(dataset, table, stateFound);
  if (latestFound !== undefined) refuseOtherLatest(dataset, table, latestFound);
  const missing = {
    changelog: changelogFound === undefined,
    ledger: ledgerFound === undefined,
    state: stateFound === undefined,
    latest: latestFound === undefined,
  };
  return { ...planned, names, missing, etag: changelogFound?.etag };
}

/** The tables that changelogs remember, in order of their names. */
export async function knownIn(dataset: Dataset): Promise<readonly RememberedTable[]> {
  const ids = (await dataset.tableIds()).filter((id) => id.toLowerCase().endsWith(CHANGELOG_SUFFIX));
  const annotations: (Annotation | undefined)[] = [];
  for (const id of ids) annotations.push(annotationOf(await dataset.findTable(id)));
  return knownTables(annotations);
}

/**
 * The table that one changelog remembers: a single request. `undefined` if there is no such changelog.
 *
 * @throws {TailraceError} `destination-conflict` if the changelog was made by another version of Tailrace.
 */
export async function readKnown(
  dataset: Dataset,
  tableName: string,
  until?: number,
): Promise<KnownChangelog | undefined> {
  const found = await dataset.findTable(objectNames(tableName).changelog, until);
  const [known] = knownTables([annotationOf(found)]);
  return known?.source.name === tableName ? requireThisFormat(known, `bigquery:${dataset.name}`) : undefined;
}

/** The changelog of a table has all rows that were ingested since then, in milliseconds since the epoch. */
export async function keptSince(dataset: Dataset, table: SourceTable): Promise<number> {
  const annotation = annotationOf(await dataset.getTable(objectNames(table.name).changelog));
  return (annotation?.of === 'changelog' ? annotation.changelog?.keptSince : undefined) ?? Number.POSITIVE_INFINITY;
}

/** Records that a changelog has only the rows that were ingested since a time, or since a later one. */
export async function raiseKeptSince(dataset: Dataset, table: SourceTable, time: number): Promise<void> {
  const { changelog } = objectNames(table.name);
  await overUnchanged(dataset, table, async () => {
    const found = await dataset.getTable(changelog);
    const description = keptSinceRaised(dataset.nameOf(changelog), annotationOf(found), time);
    await dataset.patchTable(changelog, { description }, found.etag);
  });
}

/** Refuses a table that isn't Tailrace's, or isn't as Tailrace made it. */
function refuseForeign(
  dataset: Dataset,
  found: TableResource,
  definition: TableDefinition,
  of: Annotation['of'],
): void {
  refuseOtherTable(dataset, found, definition);
  if (annotationOf(found)?.of === of) return;
  throw foreignObject(definition.name, dataset.nameOf(definition.name));
}
