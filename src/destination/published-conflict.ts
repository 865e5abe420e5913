import { TailraceError } from '../errors.ts';
import { objectNames } from '../names/object-names.ts';
import { isLacking, type Publication, publicationProblem } from '../snapshot/publication-rule.ts';
import type { Published } from '../snapshot/published.ts';
import type { SnapshotId } from '../snapshot/snapshot-id.ts';
import type { SourceTable } from '../source/source-table.ts';
import type { MadeSnapshot } from './snapshot-store.ts';

/** @throws {TailraceError} `destination-conflict` if a table's state stands on the snapshot `id`. */
export function refusePublished({ name }: SourceTable, id: SnapshotId, published: Published | undefined): void {
  if (published?.snapshotId !== id) return;
  throw new TailraceError('destination-conflict', `The state of ${name} stands on snapshot ${id}`, {
    context: { table: name, snapshot: id },
    remedy: 'Publish another one first.',
  });
}

/**
 * Refuses to drop rows of a changelog that its state needs.
 *
 * @param before Rows that were ingested before it are to be dropped, in milliseconds since the epoch.
 * @throws {TailraceError} `destination-conflict`
 */
export function refuseNeededRows({ name }: SourceTable, published: Published | undefined, before: number): void {
  const { from = null } = published ?? {};
  if (from !== null && from >= before) return;
  const other = published === undefined ? 'no state is there' : `the state stands on ${nameOf(published)}`;
  throw new TailraceError(
    'destination-conflict',
    `Table ${name}: ${other} and needs changes that were ingested before ${isoOf(before)}`,
    {
      context: { table: name, published: published?.snapshotId ?? null },
      remedy: `Another snapshot was published meanwhile. Run \`tailrace retention ${name}\` again.`,
    },
  );
}

/**
 * Refuses what the rule of publication forbids; see {@link publicationProblem}.
 *
 * @param keptSince The changelog has all rows that were ingested since then.
 * @throws {TailraceError} `snapshot-superseded` or `snapshot-outdated`.
 */
export function refuseForbidden(
  { name }: SourceTable,
  current: Published,
  publication: Publication,
  keptSince: number,
): void {
  const { next, startedFrom } = publication;
  const context = { table: name, published: current.snapshotId, snapshot: next.snapshotId };
  switch (publicationProblem(current, publication, keptSince)) {
    case null:
      return;
    case 'superseded':
      throw new TailraceError(
        'snapshot-superseded',
        `Table ${name}: the state stands on ${nameOf(current)}, not on ${nameOf(startedFrom)}`,
        { context: { ...context, expected: startedFrom.snapshotId } },
      );
    case 'younger-reading':
      throw new TailraceError(
        'snapshot-superseded',
        `Table ${name}: the state goes back to a younger reading, ${current.reading}`,
        { context },
      );
    case 'rows-dropped': {
      const { snapshotId, from } = isLacking(next, keptSince) ? next : startedFrom;
      throw new TailraceError(
        'snapshot-outdated',
        `Snapshot ${snapshotId} of ${name} needs rows that were ingested since ${isoOf(from)}; ` +
          `the changelog has those since ${isoOf(keptSince)}`,
        { context, remedy: `Run \`tailrace backfill ${name}\`: it makes a snapshot that needs none before.` },
      );
    }
  }
}

/**
 * Refuses a snapshot whose own annotation doesn't say what is to be published.
 *
 * @param facts As its annotation has them; `undefined` if it has none.
 * @throws {TailraceError} `destination-conflict`
 */
export function refuseUnmade({ name }: SourceTable, id: SnapshotId, facts: MadeSnapshot | undefined): MadeSnapshot {
  if (facts?.snapshotId === id) return facts;
  const { snapshot } = objectNames(name);
  throw new TailraceError(
    'destination-conflict',
    `${snapshot(id)} isn't whole, or has lost the comment by which Tailrace knows it`,
    {
      context: { table: name, snapshot: id },
      remedy: `Run \`tailrace backfill ${name}\`: it makes a snapshot that can be published.`,
    },
  );
}

/**
 * A view that is not as Tailrace made it.
 *
 * @param object The name of the state or of the latest view.
 * @param view The view, as messages name it.
 * @param problem A verb phrase, such as `was edited by hand`.
 */
export function editedView({ name }: SourceTable, object: string, view: string, problem: string): TailraceError {
  const isState = object === objectNames(name).state;
  const then = isState ? ` and \`tailrace backfill ${name}\`` : '';
  return new TailraceError('destination-conflict', `${view} ${problem}`, {
    context: { object },
    remedy: `Drop ${object}, then run \`tailrace setup ${name}\`${then}.`,
  });
}

function nameOf({ snapshotId, generation }: Published): string {
  return `${snapshotId === null ? 'no snapshot' : `snapshot ${snapshotId}`} (generation ${generation})`;
}

function isoOf(ms: number | null): string {
  return ms === null ? 'the beginning' : new Date(ms).toISOString();
}
