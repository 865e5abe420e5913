import { isSamePublished, type Published } from './published.ts';
import { isYounger } from './snapshot-id.ts';

/** A snapshot that is to be published. */
export type Publication = {
  readonly next: Published;
  /** What the state stood on when the snapshot was begun, or when a person chose it. */
  readonly startedFrom: Published;
  /** `choice`: a person insists on it, also over a younger reading. */
  readonly by: 'reading' | 'compaction' | 'choice';
};

/** Why a snapshot may not be published. */
export type PublicationProblem =
  /** The state stands on something that it was not begun from. */
  | 'superseded'
  /** The state goes back to a younger reading of the source. */
  | 'younger-reading'
  /** Rows of the changelog that it needs were dropped, or rows that what it folded needed. */
  | 'rows-dropped';

/**
 * Decides whether a snapshot may be published over what the state stands on.
 *
 * - A reading may replace what it was begun from, or any compaction of that reading: a compaction changes no state, so it
 *   never kills a backfill or a repair that is under way.
 * - A compaction may replace only what it folded: over anything else it would bring back what that one replaced.
 * - A reading never replaces a younger one, unless a person insists.
 * - Nothing is published whose tail begins before the rows that the changelog still has, and no compaction of such a state,
 *   as where the changelog was dropped and made again: it would look whole, and what is missing would never be missed again.
 *
 * @param keptSince The changelog has all rows that were ingested since then, in milliseconds since the epoch.
 */
export function publicationProblem(
  current: Published,
  publication: Publication,
  keptSince: number,
): PublicationProblem | null {
  const { next, startedFrom, by } = publication;
  const needing = by === 'compaction' ? [next, startedFrom] : [next];
  if (needing.some((published) => isLacking(published, keptSince))) return 'rows-dropped';
  return replacementProblem(current, publication);
}

/** The part of {@link publicationProblem} that is known before the snapshot is whole. */
export function replacementProblem(
  current: Published,
  { next, startedFrom, by }: Omit<Publication, 'next'> & { readonly next: Pick<Published, 'reading'> },
): 'superseded' | 'younger-reading' | null {
  if (!isSamePublished(current, startedFrom)) {
    if (by === 'compaction' || !isSameReading(current, startedFrom)) return 'superseded';
  }
  const goesBack = current.reading !== null && next.reading !== null && isYounger(current.reading, next.reading);
  return by === 'reading' && goesBack ? 'younger-reading' : null;
}

/** Whether a state over a snapshot needs rows from before `keptSince`. */
export function isLacking({ from }: Published, keptSince: number): boolean {
  return from !== null && from < keptSince;
}

/** Whether one is the other's reading or a compaction of it, so that both show the same state. */
export function isSameReading(a: Published, b: Published): boolean {
  return a.reading === b.reading && a.generation === b.generation;
}
