import type { Published } from '../../src/snapshot/published.ts';

/**
 * Why the latest view can't be proven to be the current state, as the next step to take; `undefined` if it can.
 *
 * Between two streams of a table changes are lost, so a change of a later stream than the published snapshot's means
 * that some may be missing.
 *
 * @param label Greatest stream label seen, in the changelog or at DynamoDB; `null` if none was.
 */
export function describeUnproven(
  table: string,
  published: Published | undefined,
  label: string | null,
): string | undefined {
  if (!published || published.snapshotId === null || published.streamLabel === null) {
    return `No snapshot of ${table} is published: its latest view shows only what the stream has brought. Run \`tailrace backfill ${table}\`.`;
  }
  if (label === null || label <= published.streamLabel) return undefined;
  return `Changes since the stream of ${table} became ${label} are unproven: the published snapshot was read under ${published.streamLabel}. Run \`tailrace backfill ${table}\`.`;
}
