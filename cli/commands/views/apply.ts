import type { Destination } from '../../../src/destination/destination.ts';
import type { AppliedView } from '../../../src/destination/view-store.ts';
import type { TypedView } from '../../../src/schema/typed-view.ts';
import type { SourceTable } from '../../../src/source/source-table.ts';
import type { Dependencies } from '../../dependencies.ts';
import type { Invocation } from '../../invocation.ts';
import { schemasOption } from '../../options/same-schemas.ts';
import { readSchemas } from '../../options/schema-files.ts';
import type { ExitCode } from '../../start.ts';
import { counted } from '../../terminal/format.ts';
import type { Output } from '../../terminal/output.ts';
import { columnChanges, columnLine, statementDiff } from './change.ts';
import { findingsOf, type ViewFindings } from './findings.ts';
import { nameReader } from './item-names.ts';
import { type ViewsPlan, viewPlans } from './plan.ts';
import { findingLines } from './report.ts';
import { requireRoom } from './require-room.ts';
import {
  isRowProblem,
  matchLines,
  type RowFinding,
  type RowFindings,
  rowFindingLine,
  rowFindingObject,
  rowFindingsOf,
} from './row-findings.ts';

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
  const plans = await viewPlans(schemas, destination, { withEmpty: true });

  await requireRoom(destination, plans);
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
    for (const [index, { table, views }] of plans.entries()) {
      const rows = found[index]?.rows ?? null;
      if (rows !== null) for (const line of matchLines(table.name, views, rows.matches)) output.print(line);
    }
  }
  for (const { table, isKeyKnown } of plans) {
    if (!isKeyKnown) {
      output.note(
        `The attributes of ${table.name}'s key are unknown here, so its views don't begin with them: run \`tailrace setup ${table.name}\`, then this again.`,
      );
    }
  }
  for (const { table, path, schema } of schemas) {
    if (schema.columns.length === 0 && schema.views.length === 0) {
      output.note(
        `${path} declares no columns and no views, so there is no typed view of it: \`tailrace schema infer ${table}${schemasOption(options.schemas)}\` proposes them.`,
      );
    }
  }
  return found.some(hasFound) ? 1 : 0;
}

/** What the views of a table find in its items. */
type Found = {
  readonly byView: ReadonlyMap<string, ViewFindings>;
  /** `null` without views that have conditions or a list. */
  readonly rows: RowFindings | null;
};

async function look(destination: Destination, { table, views }: ViewsPlan): Promise<Found> {
  const names = nameReader(destination, table);
  const rows = await rowFindingsOf(destination, table, views, names);
  const byView = new Map<string, ViewFindings>();
  for (const view of views) byView.set(view.name, await findingsOf(destination, { table, view }, SHOWN, names));
  return { byView, rows };
}

function hasFound({ byView, rows }: Found): boolean {
  const isWrong = [...byView.values()].some(({ columns }) =>
    columns.some(({ isAbsent, isNeverSplit }) => isAbsent || isNeverSplit),
  );
  return isWrong || (rows !== null && isRowProblem(rows));
}

/** A view that was made, or would be, and what it finds; `null` for one that was dropped. */
type Made = {
  readonly table: SourceTable;
  readonly view: TypedView | undefined;
  readonly applied: AppliedView;
  readonly findings: ViewFindings | null;
  /** What decides about its rows. */
  readonly rows: readonly RowFinding[];
  /** Whether the table has no items at all. */
  readonly isEmptyTable: boolean;
};

function madeOf({ table, views }: ViewsPlan, applied: AppliedView, { byView, rows }: Found): Made {
  const view = views.find(({ name }) => name === applied.name);
  return {
    table,
    view,
    applied,
    findings: byView.get(applied.name) ?? null,
    rows: rows?.findings.filter((finding) => finding.view === applied.name) ?? [],
    isEmptyTable: rows === null || rows.matches.items === 0,
  };
}

/** A typed view as scripts read it. */
function objectOf({ table, applied, findings, rows }: Made) {
  const { name, action } = applied;
  return {
    table: table.name,
    view: name,
    action,
    column_changes: columnChanges(applied),
    sql: applied.after?.sql ?? null,
    ...(findings !== null && { items: findings.items }),
    ...(rows.length > 0 && { row_problems: rows.map(rowFindingObject) }),
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
    const matches = found[index]?.rows?.matches;
    if (matches === undefined) return [];
    return { table: table.name, items: matches.items, unmatched: matches.unmatched, repeated: matches.repeated };
  });
  return kinds.length === 0 ? {} : { kinds };
}

function print(
  { table, view, applied, findings, rows, isEmptyTable }: Made,
  destination: Pick<Destination, 'name'>,
  { dryRun, schemas }: ViewsApplyOptions,
  output: Output,
): void {
  const { name, action } = applied;
  const done = action === 'unchanged' ? 'is unchanged' : `${dryRun ? 'would be' : 'was'} ${action}`;
  const size =
    findings === null
      ? ''
      : `: ${counted(findings.columns.length, 'column')}, ${counted(findings.items, view?.unnest ? 'element' : 'item')}`;
  output.print(`View ${name} in ${destination.name} ${done}${size}.`);
  for (const change of columnChanges(applied)) output.print(`  ${columnLine(change)}`);
  if (dryRun) for (const line of statementDiff(applied)) output.print(`  ${line}`);
  if (findings === null) return;
  for (const finding of rows) output.print(`  ${rowFindingLine(finding)}`);
  for (const line of findingLines(findings, isEmptyTable)) output.print(`  ${line}`);
  for (const { column, misfits, listed } of findings.columns) {
    if (misfits > listed.length) {
      output.note(
        `\`tailrace views misfits ${table.name} ${column.name}${schemasOption(schemas)}\` lists more of them.`,
      );
    }
  }
}
