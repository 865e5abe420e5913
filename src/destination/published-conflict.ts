import { TailraceError } from '../errors.ts';
import type { Published } from '../snapshot/published.ts';
import type { SnapshotId } from '../snapshot/snapshot-id.ts';
import type { SourceTable } from '../source/source-table.ts';

/** @throws {TailraceError} `destination-conflict` if a table's latest view stands on the snapshot `id`. */
export function refusePublished({ name }: SourceTable, id: SnapshotId, published: Published | undefined): void {
  if (published?.snapshotId !== id) return;
  throw new TailraceError('destination-conflict', `The latest view of ${name} stands on snapshot ${id}`, {
    context: { table: name, snapshot: id },
    remedy: 'Publish another one first.',
  });
}
