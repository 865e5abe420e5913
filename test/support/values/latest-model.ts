import type { ChangelogRow } from '../../../src/changelog/row.ts';
import type { Published } from '../../../src/snapshot/published.ts';
import type { SnapshotRow } from '../../../src/snapshot/row.ts';

/**
 * What a latest view must show, worked out row by row in memory: each key's item text.
 *
 * Written without a look at the SQL: a key's truth is the snapshot's row, unless a change that counts stands after it.
 */
export function latestModel(
  published: Published,
  snapshot: readonly SnapshotRow[],
  changelog: readonly ChangelogRow[],
): ReadonlyMap<string, string> {
  const truth = new Map<string, { position: string; item: string | null }>();
  const tell = (key: string, position: string, item: string | null) => {
    const known = truth.get(key);
    if (known === undefined || position > known.position) truth.set(key, { position, item });
  };
  // What a scan read stands before every change.
  for (const { key, position, item, removed } of snapshot) tell(key, position ?? '', removed ? null : item);
  for (const row of changelog) {
    if (row.generation !== published.generation) continue;
    if (published.floor !== null && row.changedAt < published.floor) continue;
    if (published.streamLabel !== null && (row.position.split('/')[0] ?? '') < published.streamLabel) continue;
    tell(row.key, row.position, row.operation === 'REMOVE' ? null : row.newImage);
  }
  return new Map([...truth].flatMap(([key, { item }]) => (item === null ? [] : [[key, item] as const])));
}
