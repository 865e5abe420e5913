import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { type ViewsPlan, viewPlans } from '../cli/commands/views/plan.ts';
import { counted } from '../cli/terminal/format.ts';
import type { Destination } from '../src/destination/destination.ts';
import { isKind, TailraceError } from '../src/errors.ts';
import { objectNames } from '../src/names/object-names.ts';
import { readSchema } from '../src/schema/read-schema.ts';
import type { Schema } from '../src/schema/schema.ts';
import { ask, type Dashboard } from './dashboards.ts';
import type { StagedTable } from './shop-table.ts';

const SCHEMAS = resolve(import.meta.dirname, '../schemas');

/** A newcomer may have put the schemas of other tables there. */
const OWN_SCHEMAS =
  'The demo needs the schema files that come with it: `git stash push --include-untracked -- schemas` sets yours aside, and ' +
  '`git stash pop` brings them back.';

/** The typed views of the shop, which stand. */
export type TypedViews = {
  /** Of all views, in the order of the tables. */
  readonly names: readonly string[];
  readonly plans: readonly ViewsPlan[];
};

/**
 * Makes the typed views of the tables' schema files, as `tailrace views apply` does.
 *
 * @param directory Of the schema files. @default the checkout's
 * @throws {TailraceError} `config-invalid` if one of them is missing or wrong, or hasn't what the dashboards ask for.
 */
export async function applyTypedViews(
  tables: readonly StagedTable[],
  dashboards: readonly Dashboard[],
  destination: Destination,
  directory = SCHEMAS,
): Promise<TypedViews> {
  const schemas = await Promise.all(tables.map((table) => schemaOf(table, directory)));
  const plans = await viewPlans(schemas, destination);
  for (const { table, views } of plans) await destination.applyViews(table, views);
  await rehearse(dashboards, destination, directory);
  return { names: plans.flatMap(({ views }) => views.map(({ name }) => name)), plans };
}

/** How the items fit the columns, as `tailrace schema fit` counts them, for people. */
export async function fitOf({ plans }: TypedViews, destination: Destination): Promise<string> {
  const counts = plans.flatMap(({ table, views }) => views.map((view) => ({ table, view })));
  let [columns, misfits] = [0, 0];
  for (const { table, view } of counts) {
    const { byColumn } = await destination.countMisfits(table, view, 1);
    columns += byColumn.length;
    misfits += byColumn.reduce((sum, column) => sum + column.misfits, 0);
  }
  const fit = misfits === 0 ? 'every value fits' : `${counted(misfits, 'value')} not of the column's type`;
  return `${counted(columns, 'column')}: ${fit}`;
}

/**
 * The name in the destination of a view that a schema file declares: the views of a table that has another name than its
 * file begin with that name, too, so that they never meet a user's.
 */
export function viewName(declared: string, tables: readonly StagedTable[]): string {
  const table = tables.find(({ shop }) => declared === shop.name || declared.startsWith(`${shop.name}__`));
  return table === undefined ? declared : objectNames(table.name).typed + declared.slice(table.shop.name.length);
}

async function schemaOf(table: StagedTable, directory: string) {
  const path = join(directory, `${table.shop.name}.json`);
  const schema = readSchema(await textOf(path), path, table.shop.name);
  return { table: table.name, path, schema: renamed(schema, table) };
}

function renamed(schema: Schema, table: StagedTable): Schema {
  const views = schema.views.map((view) => ({ ...view, name: viewName(view.name, [table]) }));
  return { ...schema, name: null, views };
}

async function textOf(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    throw new TailraceError('config-invalid', `${path} can't be read`, { remedy: OWN_SCHEMAS, cause });
  }
}

/** Asks each dashboard once, so that a schema file that is another's is named before the play goes on. */
async function rehearse(dashboards: readonly Dashboard[], destination: Destination, directory: string): Promise<void> {
  try {
    await ask(dashboards, destination);
  } catch (cause) {
    if (!isKind(cause, 'query-invalid')) throw cause;
    const message = `The files in ${directory} declare other columns than the demo's dashboards ask for`;
    throw new TailraceError('config-invalid', message, { remedy: OWN_SCHEMAS, cause });
  }
}
