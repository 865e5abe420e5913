import { isLacking } from '../../src/snapshot/publication-rule.ts';
import type { Published } from '../../src/snapshot/published.ts';
import { isoTime } from '../terminal/format.ts';

/** The greatest of some stream labels; `null` if there is none. */
export function greatestLabel(...labels: readonly (string | null | undefined)[]): string | null {
  return labels.reduce<string | null>((newest, label) => (label && label > (newest ?? '') ? label : newest), null);
}

/**
 * Describes why the latest view can't be proven to be the current state, and the next step; `undefined` if it can.
 *
 * Changes between two streams of a table are lost, so a change from a later stream than the published snapshot's means
 * that some may be missing. So are those of a changelog that was dropped and made again.
 *
 * @param label Greatest stream label seen, in the changelog or at DynamoDB; `null` if none was.
 * @param keptSince The changelog has all rows that were ingested since then, in milliseconds since the epoch.
 */
export function describeUnproven(
  table: string,
  published: Published | undefined,
  label: string | null,
  keptSince = Number.NEGATIVE_INFINITY,
): string | undefined {
  if (published && isLacking(published, keptSince)) {
    return `The state of ${table} lacks changes that were ingested before ${isoTime(keptSince)}: the changelog was made again since the published snapshot. Run \`tailrace backfill ${table}\`.`;
  }
  if (!published || published.snapshotId === null || published.streamLabel === null) {
    return `No snapshot of ${table} is published: its latest view shows only the changes that its stream has delivered. Run \`tailrace backfill ${table}\`.`;
  }
  if (label === null || label <= published.streamLabel) return undefined;
  return `Changes of ${table} since its stream ${label} began are unproven: the published snapshot was read under stream ${published.streamLabel}. Run \`tailrace backfill ${table}\`.`;
}
