import type { Destination } from '../../../src/destination/destination.ts';
import { MAX_LISTED } from '../../../src/destination/view-store.ts';
import { TailraceError } from '../../../src/errors.ts';
import { interruptible } from '../../../src/interruptible.ts';
import { declaredViews } from '../../../src/schema/declared-views.ts';
import { likeliestName } from '../../../src/schema/likeliest-path.ts';
import type { SchemaColumn } from '../../../src/schema/schema.ts';
import type { TypedView } from '../../../src/schema/typed-view.ts';
import type { Dependencies } from '../../dependencies.ts';
import type { Invocation } from '../../invocation.ts';
import { readSchemas, type TableSchema } from '../../options/schema-files.ts';
import type { ExitCode } from '../../start.ts';
import { count, counted } from '../../terminal/format.ts';
import type { Output } from '../../terminal/output.ts';
import { type ColumnFinding, findingsOf } from './findings.ts';
import { viewPlans } from './plan.ts';
import { absentLine, misfitLine, misfitsText, namesLines } from './report.ts';

export type ViewsMisfitsOptions = Invocation & {
  readonly table: string;
  /** Name of a column of the table's views, or `VIEW.COLUMN`. */
  readonly column: string;
  /** Directory of the schemas. */
  readonly schemas: string;
  readonly limit: number;
};

/** Lists the values that don't fit a column: their keys and types. */
export async function viewsMisfits(
  options: ViewsMisfitsOptions,
  dependencies: Dependencies,
  output: Output,
): Promise<ExitCode> {
  const [file] = await readSchemas(options.schemas, options.table, dependencies);
  if (file === undefined) throw new Error('One table has one schema');
  if (declaredViews(file.schema, options.table, []).length === 0) throw noColumn(file, [], options.column);
  await using destination = await dependencies.openDestination(options.destination);
  return await interruptible('The listing', dependencies.signal, list(options, file, destination, output));
}

async function list(
  { table, column: wanted, limit }: ViewsMisfitsOptions,
  file: TableSchema,
  destination: Destination,
  output: Output,
): Promise<ExitCode> {
  const [plan] = await viewPlans([file], destination);
  const { view, column } = columnOf(file, plan?.views ?? [], wanted);
  if (plan === undefined) return 0;
  const one = { ...view, columns: [column] };
  const { items, columns, names } = await findingsOf(destination, { table: plan.table, view: one }, limit);
  const [found] = columns;
  if (found === undefined) return 0;
  const { misfits, listed } = found;
  if (output.json) {
    for (const misfit of listed) output.emit(misfit);
    output.emit(summaryOf(table, items, found));
  } else {
    for (const misfit of listed) output.print(misfitLine(misfit));
    output.print(sentenceOf(items, found));
    if (names !== null) for (const line of namesLines(names)) output.print(line);
  }
  if (misfits > listed.length) {
    const most = limit === MAX_LISTED ? `No more than ${count(MAX_LISTED)} are listed.` : 'Give a higher --limit.';
    output.note(`Not listed: ${counted(misfits - listed.length, 'more value')}. ${most}`);
  }
  return misfits > 0 || found.isAbsent ? 1 : 0;
}

function sentenceOf(items: number, found: ColumnFinding): string {
  const { column, misfits } = found;
  if (items === 0) return `There are no items yet: whether ${column.name} fits is unknown.`;
  if (found.isAbsent) return absentLine(found);
  if (misfits === 0) return `${column.name}: every value fits, of ${counted(items, 'item')}.`;
  return `${misfitsText(column, misfits)}, of ${counted(items, 'item')}.`;
}

function summaryOf(
  table: string,
  items: number,
  { column, present, misfits, listed, isAbsent, likeliest }: ColumnFinding,
) {
  return {
    table,
    column: column.name,
    column_type: column.type,
    path: column.path,
    items,
    present,
    misfits,
    listed: listed.length,
    ...(isAbsent && { likeliest_path: likeliest?.path ?? null }),
  };
}

/** The column of a table's views by its name, or by `VIEW.COLUMN`; in any case, as in the warehouse. */
function columnOf(
  file: TableSchema,
  views: readonly TypedView[],
  wanted: string,
): { readonly view: TypedView; readonly column: SchemaColumn } {
  const all = views.flatMap((view) => view.columns.map((column) => ({ view, column })));
  const isWanted = (name: string) => name.toLowerCase() === wanted.toLowerCase();
  const found = all.filter(({ view, column }) => isWanted(column.name) || isWanted(`${view.name}.${column.name}`));
  const [first, ...others] = found;
  if (first !== undefined && others.length === 0) return first;
  if (first === undefined) {
    const names = all.map(({ column }) => column.name);
    throw noColumn(file, [...new Set(names)], wanted);
  }
  const spelt = found.map(({ view, column }) => `${view.name}.${column.name}`).join(', ');
  throw new TailraceError('usage-invalid', `${file.path} has the column ${JSON.stringify(wanted)} in several views`, {
    remedy: `Name one of ${spelt}.`,
  });
}

function noColumn({ path }: TableSchema, names: readonly string[], wanted: string): TailraceError {
  const likeliest = likeliestName(wanted, names);
  const remedy =
    likeliest !== undefined
      ? `Did you mean ${likeliest}?`
      : names.length === 0
        ? 'It declares no columns.'
        : `Its columns are ${names.slice(0, 20).join(', ')}${names.length > 20 ? ', …' : ''}.`;
  return new TailraceError('usage-invalid', `${path} has no column ${JSON.stringify(wanted)}`, { remedy });
}
