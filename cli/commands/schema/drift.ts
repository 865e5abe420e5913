import type { Destination } from '../../../src/destination/destination.ts';
import { undeclaredPaths } from '../../../src/schema/drift.ts';
import { ofElements, type Path } from '../../../src/schema/path.ts';
import type { SchemaColumn } from '../../../src/schema/schema.ts';
import type { TypedView } from '../../../src/schema/typed-view.ts';
import type { SourceTable } from '../../../src/source/source-table.ts';
import type { ItemSource } from '../../../src/views/item-source.ts';
import { JSON_TYPES } from '../../../src/views/misfits.ts';
import type { Dependencies } from '../../dependencies.ts';
import type { Invocation } from '../../invocation.ts';
import { schemasOption } from '../../options/same-schemas.ts';
import { readSchemas } from '../../options/schema-files.ts';
import type { ExitCode } from '../../start.ts';
import { counted, duration, oneLine, size } from '../../terminal/format.ts';
import type { Output } from '../../terminal/output.ts';
import { namesIn } from '../views/item-names.ts';
import { viewPlans } from '../views/plan.ts';
import { pathText } from '../views/report.ts';
import { type RowFinding, rowFindingLine, rowFindingObject, rowFindingsOf } from '../views/row-findings.ts';

export type SchemaDriftOptions = Invocation & {
  readonly table: string;
  /** Directory of the schemas. */
  readonly schemas: string;
  /** How far back changes are looked at, in milliseconds. */
  readonly sinceMs: number;
};

/** What the changes of a table have that its schema doesn't, or the other way round. */
type Drift =
  | { readonly drift: 'appeared'; readonly path: Path; readonly changes: number }
  | {
      readonly drift: 'vanished';
      readonly view: string;
      readonly column: SchemaColumn;
      /** Images of changes, or the elements in them. */
      readonly of: 'change' | 'element';
      readonly count: number;
    }
  /** No change is in the view any more; or what a change has instead of the view's list is no list, and has no row. */
  | { readonly drift: 'vanished' | 'retyped'; readonly view: string; readonly rows: RowFinding }
  | {
      readonly drift: 'retyped';
      readonly view: string;
      readonly column: SchemaColumn;
      readonly misfits: number;
      readonly types: Readonly<Record<string, number>>;
    };

/** What was looked at. */
type Looked = {
  readonly drifts: readonly Drift[];
  /** Images that the changes left behind. */
  readonly changes: number;
  /** Images that are in no view of a kind of items. */
  readonly unmatched: number;
  /** The cap in bytes that kept the names from being read; `null` if they were. */
  readonly cap: number | null;
};

/** Compares the recent changes of a table with its schema: reads the changelog, and nothing else. */
export async function schemaDrift(
  options: SchemaDriftOptions,
  dependencies: Dependencies,
  output: Output,
): Promise<ExitCode> {
  const { table: name, sinceMs } = options;
  const schemas = await readSchemas(options.schemas, name, dependencies);
  await using destination = await dependencies.openDestination(options.destination);
  const [plan] = await viewPlans(schemas, destination);
  const ignored = schemas[0]?.schema.ignore ?? [];
  const source: ItemSource = { of: 'changes', since: dependencies.clock.now() - sinceMs };
  if (plan === undefined) {
    output.note(
      `${schemas[0]?.path} declares no columns and no views: \`tailrace schema infer ${name}\` proposes them.`,
    );
    if (output.json) output.emit({ table: name, changes: null, appeared: 0, vanished: 0, retyped: 0 });
    return 0;
  }
  const looked = await look(destination, plan.table, plan.views, ignored, source);
  const { drifts, changes, unmatched, cap } = looked;
  if (output.json) {
    for (const drift of drifts) output.emit(objectOf(drift));
    const countOf = (kind: Drift['drift']) => drifts.filter(({ drift }) => drift === kind).length;
    output.emit({
      table: name,
      changes,
      unmatched,
      appeared: countOf('appeared'),
      vanished: countOf('vanished'),
      retyped: countOf('retyped'),
    });
  } else {
    for (const drift of drifts) output.print(oneLine(lineOf(drift, changes)));
    if (unmatched > 0)
      output.print(`${counted(unmatched, 'change')} of ${name} left an item that is in no view that has conditions.`);
    output.print(sentenceOf(name, looked, sinceMs));
  }
  if (cap !== null) {
    output.warn(`The names in the changes were not read: that would be billed as more than ${size(cap)}.`);
  }
  if (drifts.some(({ drift }) => drift === 'appeared')) {
    output.note(
      `\`tailrace schema infer ${name}${schemasOption(options.schemas)}\` proposes columns for what appeared; name under "ignore" in the file what shall have none.`,
    );
  }
  return drifts.length > 0 || cap !== null ? 1 : 0;
}

async function look(
  destination: Destination,
  table: SourceTable,
  views: readonly TypedView[],
  ignored: readonly Path[],
  source: ItemSource,
): Promise<Looked> {
  const shapes = await destination.itemShapes(table, { share: 1, salt: '' }, source);
  let changes = shapes.isRead ? shapes.shapes.reduce((sum, { items }) => sum + items, 0) : 0;
  const names = namesIn(shapes, changes);
  const appeared = undeclaredPaths(names.known, views, ignored).map(
    ({ path, items }): Drift => ({ drift: 'appeared', path: ofElements(path), changes: items }),
  );
  const drifts: Drift[] = [...appeared];
  const rows = await rowFindingsOf(destination, table, views, async () => names, source);
  for (const finding of rows?.findings ?? []) {
    drifts.push({ drift: finding.problem === 'no list' ? 'retyped' : 'vanished', view: finding.view, rows: finding });
  }
  changes = Math.max(changes, rows?.matches.items ?? 0);
  for (const view of views) {
    const { items, byColumn } = await destination.countMisfits(table, view, 1, source);
    // Of a view of elements each is counted, and there may be several in one change.
    if (!view.unnest) changes = Math.max(changes, items);
    for (const [index, column] of view.columns.entries()) {
      const { present = 0, misfits = 0, byType } = byColumn[index] ?? {};
      const of = view.unnest ? 'element' : 'change';
      if (items > 0 && present === 0) drifts.push({ drift: 'vanished', view: view.name, column, of, count: items });
      if (misfits === 0 || byType === undefined) continue;
      const types = Object.fromEntries(JSON_TYPES.flatMap((type) => (byType[type] > 0 ? [[type, byType[type]]] : [])));
      drifts.push({ drift: 'retyped', view: view.name, column, misfits, types });
    }
  }
  return { drifts, changes, unmatched: rows?.matches.unmatched ?? 0, cap: shapes.isRead ? null : shapes.maxBytes };
}

function lineOf(drift: Drift, changes: number): string {
  if ('rows' in drift) return `${drift.drift.padEnd(10)}${rowFindingLine(drift.rows)}`;
  switch (drift.drift) {
    case 'appeared':
      return `appeared  ${pathText(drift.path)} in ${counted(drift.changes, 'change')} of ${changes.toLocaleString('en-US')}, and no column shows it`;
    case 'vanished':
      return `vanished  ${drift.view}.${drift.column.name}: ${pathText(drift.column.path)} is in none of ${counted(drift.count, drift.of)}`;
    case 'retyped': {
      const types = Object.entries(drift.types).map(([type, count]) => `${type} ${count.toLocaleString('en-US')}`);
      return `retyped   ${drift.view}.${drift.column.name}: ${counted(drift.misfits, 'value')} not ${drift.column.type} (${types.join(', ')})`;
    }
  }
}

function sentenceOf(table: string, { drifts, changes, cap }: Looked, sinceMs: number): string {
  const window = `of the last ${duration(sinceMs)}`;
  if (changes === 0 && cap === null) return `There is no change of ${table} ${window}: nothing can have drifted.`;
  return drifts.length === 0
    ? `${counted(changes, 'change')} of ${table} ${window} ${changes === 1 ? 'is' : 'are'} as the schema says.`
    : `${counted(drifts.length, 'difference')} between the schema and ${counted(changes, 'change')} of ${table} ${window}.`;
}

function objectOf(drift: Drift) {
  if (drift.drift === 'appeared') return drift;
  if ('rows' in drift) return { drift: drift.drift, view: drift.view, ...rowFindingObject(drift.rows) };
  const { view, column, ...rest } = drift;
  return { ...rest, view, column: column.name, type: column.type, path: column.path };
}
