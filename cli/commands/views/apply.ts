import type { AppliedView, Destination } from '../../../src/destination/destination.ts';
import type { Dependencies } from '../../dependencies.ts';
import type { Invocation } from '../../invocation.ts';
import { shellWord } from '../../next-step/shell-word.ts';
import { DEFAULT_SCHEMAS } from '../../options/defaults.ts';
import { readSchemas } from '../../options/schema-files.ts';
import type { ExitCode } from '../../start.ts';
import { counted } from '../../terminal/format.ts';
import type { Output } from '../../terminal/output.ts';
import { findingsOf, type ViewFindings } from './findings.ts';
import { type ViewPlan, viewPlans } from './plan.ts';
import { findingLines } from './report.ts';

export type ViewsApplyOptions = Invocation & {
  /** `undefined` for every table that has a schema. */
  readonly table: string | undefined;
  /** Directory of the schemas. */
  readonly schemas: string;
  readonly dryRun: boolean;
};

/** Misfits of a column that are shown. */
const SHOWN = 5;

/** Makes typed views. All are checked and counted before the first is made. */
export async function viewsApply(
  options: ViewsApplyOptions,
  dependencies: Dependencies,
  output: Output,
): Promise<ExitCode> {
  const { dryRun } = options;
  const schemas = await readSchemas(options.schemas, options.table, dependencies);
  await using destination = await dependencies.openDestination(options.destination);
  const plans = await viewPlans(schemas, destination);

  for (const { table, view } of plans) await destination.applyViews(table, [view], { dryRun: true });
  const found: ViewFindings[] = [];
  for (const plan of plans) found.push(await findingsOf(destination, plan, SHOWN));

  const made: Made[] = [];
  for (const [index, plan] of plans.entries()) {
    const [applied] = await destination.applyViews(plan.table, [plan.view], { dryRun });
    const findings = found[index];
    if (applied && findings) made.push({ plan, applied, findings });
  }

  if (output.json) output.emit({ destination: destination.name, dry_run: dryRun, views: made.map(objectOf) });
  else for (const view of made) print(view, destination, options, output);
  for (const { path, schema } of schemas) {
    if (schema.columns.length === 0) output.note(`${path} declares no columns, so there is no typed view of it.`);
  }
  return found.some(({ columns }) => columns.some(({ isAbsent }) => isAbsent)) ? 1 : 0;
}

/** A view that was made, or would be, and what it finds. */
type Made = { readonly plan: ViewPlan; readonly applied: AppliedView; readonly findings: ViewFindings };

/** A typed view as scripts read it. */
function objectOf({ plan, applied: { name, action }, findings: { items, columns, names } }: Made) {
  return {
    table: plan.table.name,
    view: name,
    action,
    items,
    columns: columns.map(({ column, present, misfits, listed, isAbsent, likeliest }) => ({
      name: column.name,
      type: column.type,
      path: column.path,
      present,
      misfits,
      misfit_keys: listed,
      ...(isAbsent && { likeliest_path: likeliest?.path ?? null }),
    })),
    ...(names !== null && { names_of: names.of }),
  };
}

function print(
  { plan, applied: { name, action }, findings }: Made,
  destination: Pick<Destination, 'name'>,
  { dryRun, schemas }: ViewsApplyOptions,
  output: Output,
): void {
  const { items, columns } = findings;
  output.print(
    `View ${name} in ${destination.name} ${dryRun ? 'would be' : 'was'} ${action}: ${counted(columns.length, 'column')}, ${counted(items, 'item')}.`,
  );
  for (const line of findingLines(findings)) output.print(`  ${line}`);
  const option = schemas === DEFAULT_SCHEMAS ? '' : ` --schemas ${shellWord(schemas, process.platform)}`;
  for (const { column, misfits, listed } of columns) {
    if (misfits > listed.length) {
      output.note(`\`tailrace views misfits ${plan.table.name} ${column.name}${option}\` lists more of them.`);
    }
  }
}
