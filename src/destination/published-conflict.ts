import { TailraceError } from '../errors.ts';
import { objectNames } from '../names/object-names.ts';
import { isSamePublished, type Published } from '../snapshot/published.ts';
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

/** @throws {TailraceError} `snapshot-superseded` unless a table's latest view stands on what was expected. */
export function refuseSuperseded({ name }: SourceTable, current: Published, expected: Published): void {
  if (isSamePublished(current, expected)) return;
  throw new TailraceError(
    'snapshot-superseded',
    `Table ${name}: the latest view stands on ${nameOf(current)}, not on ${nameOf(expected)}`,
    { context: { table: name, published: current.snapshotId, expected: expected.snapshotId } },
  );
}

/**
 * A latest view that is not as Tailrace made it.
 *
 * @param view The view, as messages name it.
 * @param problem A verb phrase, such as `was edited by hand`.
 */
export function editedLatest({ name }: SourceTable, view: string, problem: string): TailraceError {
  const { latest } = objectNames(name);
  return new TailraceError('destination-conflict', `${view} ${problem}`, {
    context: { object: latest },
    remedy: `Drop ${latest}, then run \`tailrace setup ${name}\` and \`tailrace backfill ${name}\`.`,
  });
}

function nameOf({ snapshotId, generation }: Published): string {
  return `${snapshotId === null ? 'no snapshot' : `snapshot ${snapshotId}`} (generation ${generation})`;
}
