import { loadName, objectNames } from '../../names/object-names.ts';
import { publishedOver } from '../../snapshot/ledger.ts';
import type { Publication } from '../../snapshot/publication-rule.ts';
import { isSamePublished, type Published } from '../../snapshot/published.ts';
import type { SnapshotId } from '../../snapshot/snapshot-id.ts';
import type { SourceTable } from '../../source/source-table.ts';
import { duckdb } from '../../views/duckdb.ts';
import { refuseForbidden, refusePublished, refuseUnmade } from '../published-conflict.ts';
import type { MadeSnapshot } from '../snapshot-store.ts';
import { Catalog } from './catalog.ts';
import type { Session } from './session.ts';
import { keptSinceIn } from './setup.ts';
import { readPublished, requireState, snapshotIn, writeState } from './state-view.ts';

/** Implements `SnapshotStore.publish`: the check and the swap are one transaction. */
export function publish(session: Session, table: SourceTable, publication: Publication): Promise<Published> {
  return session.transaction(async () => {
    const catalog = await Catalog.read(session);
    const { published, columns } = requireState(catalog, table);
    const { next } = publication;
    if (next.snapshotId !== null) {
      const facts = refuseUnmade(table, next.snapshotId, requireSnapshot(catalog, table, next.snapshotId));
      if (!isSamePublished(publishedOver(facts), next)) refuseUnmade(table, next.snapshotId, undefined);
    }
    refuseForbidden(table, published, publication, keptSinceIn(catalog, table));
    await writeState(session, table, { published: next, columns });
    return published;
  });
}

function requireSnapshot(catalog: Catalog, table: SourceTable, id: SnapshotId): MadeSnapshot | undefined {
  catalog.require(objectNames(table.name).snapshot(id));
  return snapshotIn(catalog, table, id);
}

/** Implements `SnapshotStore.dropSnapshot`: the check of the view and the drops are one transaction. */
export function dropSnapshot(session: Session, table: SourceTable, id: SnapshotId): Promise<void> {
  return session.transaction(async () => {
    refusePublished(table, id, await readPublished(session, table));
    await session.run(duckdb.dropTable(objectNames(table.name).snapshot(id)), duckdb.dropTable(loadName(id)));
  });
}
