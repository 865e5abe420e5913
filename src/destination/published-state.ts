import { TailraceError } from '../errors.ts';
import { objectNames } from '../names/object-names.ts';
import type { Published } from '../snapshot/published.ts';
import type { SourceTable } from '../source/source-table.ts';
import type { MadeSnapshot, SnapshotStore } from './snapshot-store.ts';

/**
 * What the state of a table stands on.
 *
 * @throws {TailraceError} `destination-missing` if it has no state.
 */
export async function requirePublished(
  table: SourceTable,
  destination: Pick<SnapshotStore, 'published'>,
): Promise<Published> {
  const published = await destination.published(table);
  if (published === undefined) throw noState(table);
  return published;
}

/** The error that a table has no state. */
export function noState({ name }: SourceTable): TailraceError {
  return new TailraceError('destination-missing', `There is no state of ${name}`, { context: { table: name } });
}

/**
 * The facts of the snapshot that a state stands on; `undefined` if it stands on none.
 *
 * @throws {TailraceError} `destination-conflict` if it isn't there, or isn't known to be it.
 */
export async function requirePublishedSnapshot(
  table: SourceTable,
  { snapshotId }: Published,
  destination: Pick<SnapshotStore, 'describeSnapshot'>,
): Promise<MadeSnapshot | undefined> {
  if (snapshotId === null) return undefined;
  const facts = await destination.describeSnapshot(table, snapshotId);
  if (facts?.snapshotId === snapshotId) return facts;
  throw new TailraceError(
    'destination-conflict',
    `The state of ${table.name} stands on ${objectNames(table.name).snapshot(snapshotId)}, which isn't there, or has lost ` +
      'the comment by which Tailrace knows it',
    {
      context: { table: table.name, snapshot: snapshotId },
      remedy: `Run ${toAnotherSnapshot(table.name)}`,
    },
  );
}

/** The commands by which a state comes to stand on another snapshot, the free one first. */
export function toAnotherSnapshot(tableName: string): string {
  return (
    `\`tailrace snapshots publish ${tableName} ID\` with one that \`tailrace snapshots list ${tableName}\` shows, ` +
    `or \`tailrace backfill ${tableName}\`, which makes another.`
  );
}
