import type { AppliedView, Destination, Misfits } from '../../src/destination/destination.ts';
import { TailraceError } from '../../src/errors.ts';
import { objectNames } from '../../src/names/object-names.ts';
import type { SourceTable } from '../../src/source/source-table.ts';
import type { TypedView } from '../../src/views/typed.ts';
import type { Dependencies } from '../dependencies.ts';
import type { Invocation } from '../invocation.ts';
import { readSchemas, type TableSchema } from '../options/schema-files.ts';
import type { ExitCode } from '../start.ts';
import { counted } from '../terminal/format.ts';
import type { Output } from '../terminal/output.ts';

export type ViewsApplyOptions = Invocation & {
  /** `undefined` for every table that has a schema. */
  readonly table: string | undefined;
  /** Directory of the schemas. */
  readonly schemas: string;
  readonly dryRun: boolean;
};

/** Makes typed views. All are checked and counted before the first is made. */
export async function viewsApply(
  options: ViewsApplyOptions,
  dependencies: Dependencies,
  output: Output,
): Promise<ExitCode> {
  const { dryRun } = options;
  const schemas = await readSchemas(options.schemas, options.table, dependencies);
  await using destination = await dependencies.openDestination(options.destination);
  const plans = plansOf(schemas, await destination.sources(), destination);

  for (const { table, view } of plans) await destination.applyViews(table, [view], { dryRun: true });
  const counts: Misfits[] = [];
  for (const { table, view } of plans) counts.push(await destination.countMisfits(table, view));

  const made: Made[] = [];
  for (const [index, { table, view }] of plans.entries()) {
    const [applied] = await destination.applyViews(table, [view], { dryRun });
    const misfits = counts[index];
    if (applied && misfits) made.push(madeOf(table, view, applied, misfits));
  }

  if (output.json) output.emit({ destination: destination.name, dry_run: dryRun, views: made });
  else for (const view of made) for (const line of linesOf(view, destination, dryRun)) output.print(line);
  for (const { path, schema } of schemas) {
    if (schema.columns.length === 0) output.note(`${path} declares no columns, so there is no typed view of it.`);
  }
  return 0;
}

type Plan = { readonly table: SourceTable; readonly view: TypedView };

function plansOf(
  schemas: readonly TableSchema[],
  sources: readonly SourceTable[],
  destination: Destination,
): readonly Plan[] {
  return schemas.flatMap(({ table: name, schema }) => {
    if (schema.columns.length === 0) return [];
    const table = sources.find((source) => source.name === name);
    if (table === undefined) {
      throw new TailraceError('destination-missing', `Nothing of table ${name} is in ${destination.name}`, {
        context: { table: name },
      });
    }
    return [{ table, view: { name: objectNames(name).typed, columns: schema.columns } }];
  });
}

/** A typed view as scripts read it. */
type Made = {
  readonly table: string;
  readonly view: string;
  readonly action: AppliedView['action'];
  readonly items: number;
  /** `misfits`: values that don't fit the column's type, and are NULL in the view. */
  readonly columns: readonly { readonly name: string; readonly type: string; readonly misfits: number }[];
};

function madeOf(table: SourceTable, view: TypedView, { name, action }: AppliedView, counts: Misfits): Made {
  return {
    table: table.name,
    view: name,
    action,
    items: counts.items,
    columns: view.columns.map(({ name: columnName, type }, index) => ({
      name: columnName,
      type,
      misfits: counts.byColumn[index] ?? 0,
    })),
  };
}

function linesOf({ view, action, items, columns }: Made, destination: Destination, dryRun: boolean): string[] {
  const misfits = columns.filter((column) => column.misfits > 0);
  return [
    `View ${view} in ${destination.name} ${dryRun ? 'would be' : 'was'} ${action}: ${counted(columns.length, 'column')}, ${counted(items, 'item')}.`,
    ...(misfits.length === 0
      ? ['  Every value fits.']
      : misfits.map(
          (column) => `  ${column.name}: ${counted(column.misfits, 'value')} not ${column.type}, NULL in the view.`,
        )),
  ];
}
