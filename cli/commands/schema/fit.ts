import { JSON_TYPES } from '../../../src/views/misfits.ts';
import type { Dependencies } from '../../dependencies.ts';
import type { Invocation } from '../../invocation.ts';
import { schemasOption } from '../../options/same-schemas.ts';
import { readSchemas } from '../../options/schema-files.ts';
import type { ExitCode } from '../../start.ts';
import { counted } from '../../terminal/format.ts';
import type { Output } from '../../terminal/output.ts';
import { printRows } from '../../terminal/table.ts';
import { type ColumnFinding, findingsOf } from '../views/findings.ts';
import { nameReader } from '../views/item-names.ts';
import { viewPlans } from '../views/plan.ts';
import { absentLine, namesLines, neverSplitLine } from '../views/report.ts';
import { matchLines, rowFindingLine, rowFindingObject, rowFindingsOf } from '../views/row-findings.ts';

export type SchemaFitOptions = Invocation & {
  readonly table: string;
  /** Directory of the schemas. */
  readonly schemas: string;
};

/** Counts for each column of a table's views what the items have at its path. */
export async function schemaFit(
  options: SchemaFitOptions,
  dependencies: Dependencies,
  output: Output,
): Promise<ExitCode> {
  const { table: name } = options;
  const schemas = await readSchemas(options.schemas, name, dependencies);
  await using destination = await dependencies.openDestination(options.destination);
  const [plan] = await viewPlans(schemas, destination);
  if (plan === undefined) {
    output.note(
      `${schemas[0]?.path} declares no columns and no views: \`tailrace schema infer ${name}\` proposes them.`,
    );
    if (output.json) output.emit({ table: name, views: 0, misfits: 0, absent: 0 });
    return 0;
  }
  const { table, views } = plan;
  const read = nameReader(destination, table);
  const rows = await rowFindingsOf(destination, table, views, read);
  let [misfits, absent] = [0, 0];
  for (const view of views) {
    const { items, columns, names } = await findingsOf(destination, { table, view }, 1, read);
    misfits += columns.reduce((sum, column) => sum + column.misfits, 0);
    absent += columns.filter(({ isAbsent }) => isAbsent).length;
    if (output.json) {
      for (const found of columns) output.emit(objectOf(view.name, items, found));
      continue;
    }
    output.print(`${view.name}: ${counted(items, view.unnest ? 'element' : 'item')}`);
    printRows({ columns: COLUMNS, rows: columns.map((found) => rowOf(items, found)) }, output);
    for (const found of columns) if (found.isAbsent) output.print(absentLine(found));
    for (const found of columns) if (found.isNeverSplit) output.print(neverSplitLine(found));
    if (names !== null) for (const line of namesLines(names)) output.print(line);
  }
  const findings = rows?.findings ?? [];
  if (output.json) {
    for (const finding of findings) output.emit({ view: finding.view, ...rowFindingObject(finding) });
    const kinds = rows !== null && { unmatched: rows.matches.unmatched, repeated: rows.matches.repeated };
    output.emit({ table: name, views: views.length, misfits, absent, row_problems: findings.length, ...kinds });
  } else if (rows !== null) {
    for (const finding of findings) output.print(rowFindingLine(finding));
    for (const line of matchLines(name, views, rows.matches)) output.print(line);
  }
  if (misfits > 0) {
    const command = `tailrace views misfits ${name} COLUMN${schemasOption(options.schemas)}`;
    output.note(`\`${command}\` lists the keys of what doesn't fit a column.`);
  }
  const isWrong = findings.length > 0 || (rows?.matches.repeated ?? 0) > 0;
  return misfits > 0 || absent > 0 || isWrong ? 1 : 0;
}

const COLUMNS = ['column', 'type', 'fits', 'NULL', 'absent', 'misfits', 'types of the misfits'];

function rowOf(items: number, { column, present, nulls, misfits, byType }: ColumnFinding) {
  const types = JSON_TYPES.flatMap((type) => (byType[type] === 0 ? [] : `${type} ${byType[type]}`));
  const type = column.mode === 'REPEATED' ? `${column.type} REPEATED` : column.type;
  return [column.name, type, present - nulls - misfits, nulls, items - present, misfits, types.join(', ')];
}

function objectOf(
  view: string,
  items: number,
  { column, present, nulls, misfits, byType, isAbsent, likeliest }: ColumnFinding,
) {
  return {
    view,
    column: column.name,
    type: column.type,
    mode: column.mode ?? 'NULLABLE',
    path: column.path,
    items,
    fits: present - nulls - misfits,
    nulls,
    absent: items - present,
    misfits,
    misfit_types: Object.fromEntries(Object.entries(byType).filter(([, count]) => count > 0)),
    ...(isAbsent && { likeliest_path: likeliest?.path ?? null }),
  };
}
