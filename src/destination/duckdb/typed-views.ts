import { objectNames } from '../../names/object-names.ts';
import { columnsOfViews } from '../../schema/typed-column.ts';
import { shownColumns, type TypedView } from '../../schema/typed-view.ts';
import type { SourceTable } from '../../source/source-table.ts';
import { commentOnColumn, duckdb } from '../../views/duckdb.ts';
import { typedSelect } from '../../views/typed.ts';
import { writeAnnotation } from '../annotation.ts';
import { conflictOf, refuseConflicts, type ViewConflict } from '../object-conflict.ts';
import { isSameView } from '../same-view.ts';
import { optionalText, text } from '../sql-row.ts';
import type { AppliedView, ViewText } from '../view-store.ts';
import { Catalog } from './catalog.ts';
import { sqlOf } from './imported-database.ts';
import type { Session } from './session.ts';
import { requireState, writeState } from './state-view.ts';

/** Implements `ViewStore.applyViews`, in one transaction. */
export function applyViews(
  session: Session,
  table: SourceTable,
  views: readonly TypedView[],
  dryRun: boolean,
): Promise<readonly AppliedView[]> {
  const work = async () => {
    const catalog = await Catalog.read(session);
    const names = objectNames(table.name);
    catalog.require(names.latest);
    const before = new Map<string, ViewText>();
    const uncommented = new Set<string>();
    const conflicts: ViewConflict[] = [];
    const inTheWay = new Set<string>();
    for (const { name } of views) {
      const found = catalog.find(name);
      if (found === undefined) continue;
      const isUncommented = found.kind === 'view' && found.comment === null;
      // An edit by hand replaces the view, and its comment is lost.
      const conflict = isUncommented ? undefined : conflictOf(table, { ...found, isEdited: false });
      if (isUncommented) uncommented.add(name);
      if (conflict !== undefined) {
        conflicts.push(conflict);
        inTheWay.add(name);
      } else before.set(name, await textOf(session, found.name));
    }
    const undeclared = undeclaredViews(catalog, table, views);
    for (const name of undeclared) before.set(name, await textOf(session, name));
    await bringIntoForce(session, table, catalog, views);
    const comment = writeAnnotation({ of: 'typed', tableName: table.name });
    const applied: AppliedView[] = [];
    for (const view of views) {
      // All conflicts are told at once; what is done here until then is rolled back.
      if (inTheWay.has(view.name)) continue;
      await session.run(
        ...duckdb.createView(view.name, typedSelect(duckdb, names, view), comment),
        ...shownColumns(view).flatMap(({ name, description }) =>
          description === null ? [] : commentOnColumn(view.name, name, description),
        ),
      );
      const [was, after] = [before.get(view.name) ?? null, await textOf(session, view.name)];
      // A view of ours that lost only its comment, by DuckDB's export and import, gets the same text again.
      if (uncommented.has(view.name) && was?.sql !== after.sql) conflicts.push(unrecognised(table, view));
      const action = was === null ? 'created' : isSameView(was, after) ? 'unchanged' : 'replaced';
      applied.push({ name: view.name, action, before: was, after });
    }
    refuseConflicts(table, conflicts);
    for (const name of undeclared) {
      await session.run(`DROP VIEW ${duckdb.identifier(name)}`);
      applied.push({ name, action: 'dropped', before: before.get(name) ?? null, after: null });
    }
    return applied;
  };
  return dryRun ? session.dryRun(work) : session.transaction(work);
}

/** Typed views of the table that aren't among these. */
function undeclaredViews(catalog: Catalog, table: SourceTable, views: readonly TypedView[]): readonly string[] {
  const declared = new Set(views.map(({ name }) => name.toLowerCase()));
  return catalog.objects.flatMap(({ name, kind, annotation }) =>
    kind === 'view' &&
    annotation?.of === 'typed' &&
    annotation.tableName === table.name &&
    !declared.has(name.toLowerCase())
      ? [name]
      : [],
  );
}

async function textOf(session: Session, view: string): Promise<ViewText> {
  const rows = await session.rows(
    `SELECT column_name, data_type, comment FROM duckdb_columns() ` +
      `WHERE database_name = current_database() AND schema_name = 'main' AND lower(table_name) = lower(${duckdb.text(view)}) ` +
      `ORDER BY column_index`,
  );
  return {
    sql: await sqlOf(session, view),
    columns: rows.map((row) => ({
      name: text(row, 'column_name'),
      type: text(row, 'data_type'),
      description: optionalText(row, 'comment'),
    })),
  };
}

/** Makes the columns of the views the typed columns in force: a table's views are all applied at once. */
async function bringIntoForce(
  session: Session,
  table: SourceTable,
  catalog: Catalog,
  views: readonly TypedView[],
): Promise<void> {
  const { published, columns: before } = requireState(catalog, table);
  const columns = columnsOfViews(views);
  if (JSON.stringify(columns) !== JSON.stringify(before)) await writeState(session, table, { published, columns });
}

function unrecognised(table: SourceTable, { name }: TypedView): ViewConflict {
  const drop = `DROP VIEW ${duckdb.identifier(name)}`;
  return {
    object: name,
    problem: "is a view without Tailrace's comment and with another text than the schema gives",
    remedy: `If it is the typed view of ${table.name}, edited or imported with an earlier schema, run \`tailrace query '${drop}' --write\`, then this again. Else rename it, or name the view otherwise in the schema file.`,
  };
}
