import { TailraceError } from '../../errors.ts';
import { objectNames } from '../../names/object-names.ts';
import type { SourceTable } from '../../source/source-table.ts';
import { commentOnColumn, duckdb } from '../../views/duckdb.ts';
import { type TypedView, typedSelect } from '../../views/typed.ts';
import { writeAnnotation } from '../annotation.ts';
import type { AppliedView } from '../destination.ts';
import { refuseOtherView } from '../view-conflict.ts';
import { Catalog } from './catalog.ts';
import type { Session } from './session.ts';

/** Does what `ViewStore.applyViews` says, in one transaction. */
export function applyViews(
  session: Session,
  table: SourceTable,
  views: readonly TypedView[],
  dryRun: boolean,
): Promise<readonly AppliedView[]> {
  return session.transaction(async () => {
    const catalog = await Catalog.read(session);
    const names = objectNames(table.name);
    if (catalog.find(names.latest) === undefined) {
      throw new TailraceError('destination-missing', `${names.latest} is not there`, {
        context: { table: table.name, object: names.latest },
      });
    }
    const applied = views.map(({ name }): AppliedView => {
      const found = catalog.find(name);
      if (found === undefined) return { name, action: 'created' };
      // An edit replaces the view, and its comment goes with it.
      refuseOtherView(table, { ...found, isEdited: false });
      return { name, action: 'replaced' };
    });
    const comment = writeAnnotation({ of: 'typed', tableName: table.name });
    for (const view of dryRun ? [] : views) {
      await session.run(
        ...duckdb.createView(view.name, typedSelect(duckdb, names, view), comment),
        ...view.columns.flatMap(({ name, description }) =>
          description === null ? [] : commentOnColumn(view.name, name, description),
        ),
      );
    }
    return applied;
  });
}
