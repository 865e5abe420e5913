import type { Destination } from '../../../src/destination/destination.ts';
import type { AppliedView, Matches } from '../../../src/destination/view-store.ts';
import type { TypedView } from '../../../src/schema/typed-view.ts';
import type { SourceTable } from '../../../src/source/source-table.ts';
import type { Dependencies } from '../../dependencies.ts';
import type { Invocation } from '../../invocation.ts';
import { shellWord } from '../../next-step/shell-word.ts';
import { DEFAULT_SCHEMAS } from '../../options/defaults.ts';
import { readSchemas } from '../../options/schema-files.ts';
import type { ExitCode } from '../../start.ts';
import { counted } from '../../terminal/format.ts';
import type { Output } from '../../terminal/output.ts';
import { columnChanges, columnLine, statementDiff } from './change.ts';
import { findingsOf, type ViewFindings } from './findings.ts';
import { kindsOf, matchLines } from './kinds.ts';
import { type ViewsPlan, viewPlans } from './plan.ts';
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

  for (const { table, views } of plans) await destination.applyViews(table, views, { dryRun: true });
  const found: Found[] = [];
  for (const plan of plans) found.push(await look(destination, plan));

  const made: Made[] = [];
  for (const [index, plan] of plans.entries()) {
    const applied = await destination.applyViews(plan.table, plan.views, { dryRun });
    const findings = found[index];
    if (findings !== undefined) made.push(...applied.map((view) => madeOf(plan, view, findings)));
  }

  if (output.json) {
    output.emit({
      destination: destination.name,
      dry_run: dryRun,
      views: made.map(objectOf),
      ...tablesOf(plans, found),
    });
  } else {
    for (const view of made) print(view, destination, options, output);
    for (const [index, { table }] of plans.entries()) {
      const matches = found[index]?.matches ?? null;
      if (matches !== null) for (const line of matchLines(table.name, matches)) output.print(line);
    }
  }
  for (const { table, isKeyKnown } of plans) {
    if (!isKeyKnown) {
      output.note(
        `The attributes of ${table.name}'s key are unknown here, so its views don't begin with them: run \`tailrace setup ${table.name}\`, then this again.`,
      );
    }
  }
  for (const { path, schema } of schemas) {
    if (schema.columns.length === 0 && schema.views.length === 0) {
      output.note(`${path} declares no columns and no views, so there is no typed view of it.`);
    }
  }
  return found.some(hasFound) ? 1 : 0;
}

/** What the views of a table find in its items. */
type Found = {
  readonly byView: ReadonlyMap<string, ViewFindings>;
  /** `null` without views of kinds of items. */
  readonly matches: Matches | null;
};

async function look(destination: Destination, { table, views }: ViewsPlan): Promise<Found> {
  const byView = new Map<string, ViewFindings>();
  for (const view of views) byView.set(view.name, await findingsOf(destination, { table, view }, SHOWN));
  const kinds = kindsOf(views);
  return { byView, matches: kinds.length === 0 ? null : await destination.countMatches(table, kinds) };
}

function hasFound({ byView, matches }: Found): boolean {
  const isAbsent = [...byView.values()].some(({ columns }) => columns.some((column) => column.isAbsent));
  return isAbsent || (matches?.repeated ?? 0) > 0;
}

/** A view that was made, or would be, and what it finds; `null` for one that was dropped. */
type Made = {
  readonly table: SourceTable;
  readonly view: TypedView | undefined;
  readonly applied: AppliedView;
  readonly findings: ViewFindings | null;
};

function madeOf({ table, views }: ViewsPlan, applied: AppliedView, { byView }: Found): Made {
  const view = views.find(({ name }) => name === applied.name);
  return { table, view, applied, findings: byView.get(applied.name) ?? null };
}

/** A typed view as scripts read it. */
function objectOf({ table, applied, findings }: Made) {
  const { name, action } = applied;
  return {
    table: table.name,
    view: name,
    action,
    column_changes: columnChanges(applied),
    sql: applied.after?.sql ?? null,
    ...(findings !== null && { items: findings.items }),
    columns: (findings?.columns ?? []).map(({ column, present, nulls, misfits, listed, isAbsent, likeliest }) => ({
      name: column.name,
      type: column.type,
      path: column.path,
      present,
      nulls,
      misfits,
      misfit_keys: listed,
      ...(isAbsent && { likeliest_path: likeliest?.path ?? null }),
    })),
    ...(findings?.names && { names_of: findings.names.of }),
  };
}

/** How the items of tables fall to views of kinds, as scripts read it. */
function tablesOf(plans: readonly ViewsPlan[], found: readonly Found[]) {
  const kinds = plans.flatMap(({ table }, index) => {
    const matches = found[index]?.matches ?? null;
    if (matches === null) return [];
    return { table: table.name, items: matches.items, unmatched: matches.unmatched, repeated: matches.repeated };
  });
  return kinds.length === 0 ? {} : { kinds };
}

function print(
  { table, view, applied, findings }: Made,
  destination: Pick<Destination, 'name'>,
  { dryRun, schemas }: ViewsApplyOptions,
  output: Output,
): void {
  const { name, action } = applied;
  const done = action === 'unchanged' ? 'is as it was' : `${dryRun ? 'would be' : 'was'} ${action}`;
  const size =
    findings === null
      ? ''
      : `: ${counted(findings.columns.length, 'column')}, ${counted(findings.items, view?.unnest ? 'element' : 'item')}`;
  output.print(`View ${name} in ${destination.name} ${done}${size}.`);
  for (const change of columnChanges(applied)) output.print(`  ${columnLine(change)}`);
  if (dryRun) for (const line of statementDiff(applied)) output.print(`  ${line}`);
  if (findings === null) return;
  for (const line of findingLines(findings)) output.print(`  ${line}`);
  const option = schemas === DEFAULT_SCHEMAS ? '' : ` --schemas ${shellWord(schemas, process.platform)}`;
  for (const { column, misfits, listed } of findings.columns) {
    if (misfits > listed.length) {
      output.note(`\`tailrace views misfits ${table.name} ${column.name}${option}\` lists more of them.`);
    }
  }
}
