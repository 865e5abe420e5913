import { TailraceError } from '../../errors.ts';
import { objectNames } from '../../names/object-names.ts';
import type { Published } from '../../snapshot/published.ts';
import type { SnapshotId } from '../../snapshot/snapshot-id.ts';
import type { SourceTable } from '../../source/source-table.ts';
import { duckdb } from '../../views/duckdb.ts';
import { latestSelect } from '../../views/latest.ts';
import { writeAnnotation } from '../annotation.ts';
import { editedLatest, refusePublished, refuseSuperseded } from '../published-conflict.ts';
import { Catalog, type CatalogObject } from './catalog.ts';
import type { Session } from './session.ts';

/** Implements `SnapshotStore.published`. */
export async function readPublished(session: Session, table: SourceTable): Promise<Published | undefined> {
  const latest = (await Catalog.read(session)).find(objectNames(table.name).latest);
  return latest && publishedBy(latest, table);
}

/** Implements `SnapshotStore.publish`: the comparison and the swap are one transaction. */
export function publish(session: Session, table: SourceTable, next: Published, expected: Published): Promise<void> {
  return session.transaction(async () => {
    const catalog = await Catalog.read(session);
    const names = objectNames(table.name);
    refuseSuperseded(table, publishedBy(catalog.require(names.latest), table), expected);
    if (next.snapshotId !== null) catalog.require(names.snapshot(next.snapshotId));
    const comment = writeAnnotation({ of: 'latest', published: next });
    await session.run(...duckdb.createView(names.latest, latestSelect(duckdb, names, next), comment));
  });
}

/** Implements `SnapshotStore.dropSnapshot`: the check of the view and the drop are one transaction. */
export function dropSnapshot(session: Session, table: SourceTable, id: SnapshotId): Promise<void> {
  return session.transaction(async () => {
    refusePublished(table, id, await readPublished(session, table));
    await session.run(duckdb.dropTable(objectNames(table.name).snapshot(id)));
  });
}

function publishedBy({ kind, comment, annotation }: CatalogObject, table: SourceTable): Published {
  const { latest } = objectNames(table.name);
  if (kind === 'view' && annotation?.of === 'latest') return annotation.published;
  if (kind === 'view' && comment === null) {
    throw new TailraceError('destination-conflict', `${latest} has no comment, as after IMPORT DATABASE`, {
      context: { object: latest },
      remedy: `Run \`tailrace setup ${table.name}\`: it recognises its own objects.`,
    });
  }
  throw editedLatest(table, latest, "isn't the view that Tailrace made: edited by hand?");
}
