import { LEDGER, objectNames } from '../../names/object-names.ts';
import { unpublished } from '../../snapshot/published.ts';
import type { SourceTable } from '../../source/source-table.ts';
import type { Dialect } from '../../views/dialect.ts';
import type { TableDefinition } from '../../views/table-definition.ts';
import type { Annotation } from '../annotation.ts';
import type { Preparation, PreparationOptions } from '../destination.ts';
import type { KnownChangelog, RememberedTable } from '../known-table.ts';
import { changedMeanwhile, foreignObject } from '../object-conflict.ts';
import { refuseOtherLedger, requireThisFormat } from '../other-format.ts';
import { knownTables, planTables } from '../table-plan.ts';
import { annotationOf } from './annotation-of.ts';
import type { Dataset } from './dataset.ts';
import { refuseDatasetDefaults } from './dataset-defaults.ts';
import { hasStatus } from './errors.ts';
import { latestResource, publishedOf } from './latest-view.ts';
import type { TableResource } from './resources.ts';
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
  if (missing.latest) {
    const view = latestResource(dataset, dialect, table, unpublished(generation));
    if (await dataset.createTable(names.latest, view)) created.push(names.latest);
    else publishedOf(dataset, table, await dataset.getTable(names.latest));
  }
  if (missing.ledger) await ensure(ledger, 'ledger');
  return { created };
}

/**
 * Plans, and writes what is known now into the annotation of a changelog that is there: over the one that the plan was
 * made from, so that nothing is lost that another process writes.
 */
async function rememberMore(dataset: Dataset, table: SourceTable, options: PreparationOptions) {
  for (let attempt = 1; ; attempt++) {
    const planned = await plan(dataset, table, options);
    const { changelog, isMoreKnown, missing, etag } = planned;
    if (missing.changelog || !isMoreKnown) return planned;
    try {
      await dataset.patchTable(changelog.name, { description: changelog.comment }, etag);
      return planned;
    } catch (error) {
      if (!hasStatus(error, 412)) throw error;
      if (attempt === MAX_ATTEMPTS) throw changedMeanwhile(table.name, changelog.name, dataset.nameOf(changelog.name));
    }
  }
}

/** Implements `TableSetup.preview`. */
export async function preview(dataset: Dataset, table: SourceTable, options: PreparationOptions): Promise<Preparation> {
  const { names, changelog, ledger, missing } = await plan(dataset, table, options);
  return {
    created: [
      ...(missing.changelog ? [changelog.name] : []),
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
  const now = dataset.caller.serverClock.now();
  const known = await knownIn(dataset);
  const planned = planTables(table, known, { ...options, now });
  const { changelog, ledger } = planned;
  const [changelogFound, ledgerFound, latestFound] = await Promise.all([
    dataset.findTable(changelog.name),
    dataset.findTable(ledger.name),
    dataset.findTable(names.latest),
  ]);
  if (changelogFound !== undefined) refuseForeign(dataset, changelogFound, changelog, 'changelog');
  refuseOtherLedger(annotationOf(ledgerFound), known, `bq rm --table ${dataset.shellName}.${LEDGER}`);
  if (ledgerFound !== undefined) refuseForeign(dataset, ledgerFound, ledger, 'ledger');
  if (latestFound !== undefined) publishedOf(dataset, table, latestFound);
  const missing = {
    changelog: changelogFound === undefined,
    ledger: ledgerFound === undefined,
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
