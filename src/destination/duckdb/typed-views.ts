import { TailraceError } from '../../errors.ts';
import { objectNames } from '../../names/object-names.ts';
import { typedColumns } from '../../schema/typed-column.ts';
import type { SourceTable } from '../../source/source-table.ts';
import { commentOnColumn, duckdb } from '../../views/duckdb.ts';
import { type TypedView, typedSelect } from '../../views/typed.ts';
import { writeAnnotation } from '../annotation.ts';
import type { AppliedView } from '../destination.ts';
import { refuseOtherView } from '../object-conflict.ts';
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
    const uncommented = new Map<string, string>();
    const applied: AppliedView[] = [];
    for (const { name } of views) {
      const found = catalog.find(name);
      applied.push({ name, action: found === undefined ? 'created' : 'replaced' });
      if (found === undefined) continue;
      if (found.kind === 'view' && found.comment === null) uncommented.set(name, await sqlOf(session, found.name));
      // An edit by hand replaces the view, and its comment is lost.
      else refuseOtherView(table, { ...found, isEdited: false });
    }
    await bringIntoForce(session, table, catalog, views);
    const comment = writeAnnotation({ of: 'typed', tableName: table.name });
    for (const view of views) {
      await session.run(
        ...duckdb.createView(view.name, typedSelect(duckdb, names, view), comment),
        ...view.columns.flatMap(({ name, description }) =>
          description === null ? [] : commentOnColumn(view.name, name, description),
        ),
      );
      // A view of ours that lost only its comment, by DuckDB's export and import, gets the same text again.
      const before = uncommented.get(view.name);
      if (before !== undefined && before !== (await sqlOf(session, view.name))) throw unrecognised(table, view);
    }
    return applied;
  };
  return dryRun ? session.dryRun(work) : session.transaction(work);
}

/** Makes the columns of the views the typed columns in force: a table's views are all applied at once. */
async function bringIntoForce(
  session: Session,
  table: SourceTable,
  catalog: Catalog,
  views: readonly TypedView[],
): Promise<void> {
  const { published, columns: before } = requireState(catalog, table);
  const columns = typedColumns(views.flatMap(({ columns }) => columns));
  if (JSON.stringify(columns) !== JSON.stringify(before)) await writeState(session, table, { published, columns });
}

function unrecognised(table: SourceTable, { name }: TypedView): TailraceError {
  const drop = `DROP VIEW ${duckdb.identifier(name)}`;
  return new TailraceError(
    'destination-conflict',
    `${name} is a view without Tailrace's comment and with another text than the schema gives`,
    {
      context: { table: table.name, object: name },
      remedy: `If it is the typed view of ${table.name}, edited or imported with an earlier schema, run \`tailrace query '${drop}' --write\`, then this again. Else rename it.`,
    },
  );
}
