import { TailraceError } from '../../errors.ts';
import { objectNames } from '../../names/object-names.ts';
import { isSamePublished, type Published } from '../../snapshot/published.ts';
import type { SnapshotId } from '../../snapshot/snapshot-id.ts';
import type { SourceTable } from '../../source/source-table.ts';
import { duckdb } from '../../views/duckdb.ts';
import { latestSelect } from '../../views/latest.ts';
import { writeAnnotation } from '../annotation.ts';
import { refusePublished } from '../published-conflict.ts';
import { Catalog } from './catalog.ts';
import type { Session } from './session.ts';

/** Does what `SnapshotStore.published` says. */
export async function readPublished(session: Session, table: SourceTable): Promise<Published | undefined> {
  return publishedIn(await Catalog.read(session), table);
}

/** Does what `SnapshotStore.publish` says: the comparison and the swap are one transaction. */
export function publish(session: Session, table: SourceTable, next: Published, expected: Published): Promise<void> {
  return session.transaction(async () => {
    const catalog = await Catalog.read(session);
    const names = objectNames(table.name);
    const current = publishedIn(catalog, table);
    if (current === undefined) throw missing(names.latest);
    if (!isSamePublished(current, expected)) {
      throw new TailraceError(
        'snapshot-superseded',
        `Table ${table.name}: the latest view stands on ${nameOf(current)}, not on ${nameOf(expected)}`,
        { context: { table: table.name, published: current.snapshotId, expected: expected.snapshotId } },
      );
    }
    if (next.snapshotId !== null && catalog.find(names.snapshot(next.snapshotId)) === undefined) {
      throw missing(names.snapshot(next.snapshotId));
    }
    const comment = writeAnnotation({ of: 'latest', published: next });
    await session.run(...duckdb.createView(names.latest, latestSelect(duckdb, names, next), comment));
  });
}

/** Does what `SnapshotStore.dropSnapshot` says: the look at the view and the drop are one transaction. */
export function dropSnapshot(session: Session, table: SourceTable, id: SnapshotId): Promise<void> {
  return session.transaction(async () => {
    refusePublished(table, id, await readPublished(session, table));
    await session.run(duckdb.dropTable(objectNames(table.name).snapshot(id)));
  });
}

function publishedIn(catalog: Catalog, table: SourceTable): Published | undefined {
  const { latest } = objectNames(table.name);
  const found = catalog.find(latest);
  if (found === undefined) return undefined;
  if (found.kind === 'view' && found.annotation?.of === 'latest') return found.annotation.published;
  if (found.kind === 'view' && found.comment === null) {
    throw new TailraceError('destination-conflict', `${latest} has no comment, as after IMPORT DATABASE`, {
      context: { object: latest },
      remedy: `Run \`tailrace setup ${table.name}\`: it knows its own objects again.`,
    });
  }
  throw new TailraceError('destination-conflict', `${latest} isn't the view that Tailrace made: edited by hand?`, {
    context: { object: latest },
    remedy: `Drop ${latest}, then run \`tailrace setup ${table.name}\` and \`tailrace backfill ${table.name}\`.`,
  });
}

function nameOf({ snapshotId, generation }: Published): string {
  return `${snapshotId === null ? 'no snapshot' : `snapshot ${snapshotId}`} (generation ${generation})`;
}

function missing(name: string): TailraceError {
  return new TailraceError('destination-missing', `${name} is not there`, { context: { object: name } });
}
