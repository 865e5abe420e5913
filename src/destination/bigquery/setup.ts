import { objectNames } from '../../names/object-names.ts';
import { unpublished } from '../../snapshot/published.ts';
import type { Sighting } from '../../source/sighting.ts';
import type { SourceTable } from '../../source/source-table.ts';
import type { Dialect } from '../../views/dialect.ts';
import type { TableDefinition } from '../../views/table-definition.ts';
import { type Annotation, readAnnotation } from '../annotation.ts';
import type { Preparation } from '../destination.ts';
import type { KnownTable } from '../known-table.ts';
import { foreignObject } from '../object-conflict.ts';
import { knownTables, planTables } from '../table-plan.ts';
import type { Dataset } from './dataset.ts';
import { refuseExpiringDataset } from './dataset-defaults.ts';
import { latestResource, publishedOf } from './latest-view.ts';
import type { TableResource } from './resources.ts';
import { ensureTable, type Role, refuseOtherTable } from './table.ts';

const CHANGELOG_SUFFIX = objectNames('').changelog;

/** Implements `TableSetup.prepare`. Everything is checked before anything is created. */
export async function prepare(
  dataset: Dataset,
  dialect: Dialect,
  table: SourceTable,
  generation: number,
  seen: Sighting | null,
): Promise<Preparation> {
  const { names, changelog, ledger, isMoreKnown, missing } = await plan(dataset, table, seen);
  const created: string[] = [];
  const ensure = async (definition: TableDefinition, role: Role) => {
    if (await ensureTable(dataset, definition, role)) created.push(definition.name);
  };
  if (missing.changelog) await ensure(changelog, 'changelog');
  else if (isMoreKnown) {
    await dataset.patchTable(changelog.name, { description: changelog.comment });
  }
  if (missing.latest) {
    const view = latestResource(dataset, dialect, table, unpublished(generation));
    if (await dataset.createTable(names.latest, view)) created.push(names.latest);
    else publishedOf(dataset, table, await dataset.getTable(names.latest));
  }
  if (missing.ledger) await ensure(ledger, 'ledger');
  return { created };
}

/** Implements `TableSetup.preview`. */
export async function preview(dataset: Dataset, table: SourceTable): Promise<Preparation> {
  const { names, changelog, ledger, missing } = await plan(dataset, table, null);
  return {
    created: [
      ...(missing.changelog ? [changelog.name] : []),
      ...(missing.latest ? [names.latest] : []),
      ...(missing.ledger ? [ledger.name] : []),
    ],
  };
}

/** Plans the tables of a source, and finds which of them are missing. All refusals are made here. */
async function plan(dataset: Dataset, table: SourceTable, seen: Sighting | null) {
  await dataset.location();
  await refuseExpiringDataset(dataset);
  const names = objectNames(table.name);
  const planned = planTables(table, await knownIn(dataset), seen);
  const { changelog, ledger } = planned;
  const [changelogFound, ledgerFound, latestFound] = await Promise.all([
    dataset.findTable(changelog.name),
    dataset.findTable(ledger.name),
    dataset.findTable(names.latest),
  ]);
  if (changelogFound !== undefined) refuseForeign(dataset, changelogFound, changelog, 'changelog');
  if (ledgerFound !== undefined) refuseForeign(dataset, ledgerFound, ledger, 'ledger');
  if (latestFound !== undefined) publishedOf(dataset, table, latestFound);
  const missing = {
    changelog: changelogFound === undefined,
    ledger: ledgerFound === undefined,
    latest: latestFound === undefined,
  };
  return { ...planned, names, missing };
}

/** The tables that changelogs remember, in order of their names. */
export async function knownIn(dataset: Dataset): Promise<readonly KnownTable[]> {
  const ids = (await dataset.tableIds()).filter((id) => id.toLowerCase().endsWith(CHANGELOG_SUFFIX));
  const annotations: (Annotation | undefined)[] = [];
  for (const id of ids) annotations.push(annotationOf(await dataset.findTable(id)));
  return knownTables(annotations);
}

/** The table that one changelog remembers: a single request. `undefined` if there is no such changelog. */
export async function readKnown(dataset: Dataset, tableName: string, until?: number): Promise<KnownTable | undefined> {
  const found = await dataset.findTable(objectNames(tableName).changelog, until);
  const [known] = knownTables([annotationOf(found)]);
  return known?.source.name === tableName ? known : undefined;
}

function annotationOf(found: TableResource | undefined): Annotation | undefined {
  return readAnnotation(found?.description ?? null);
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
