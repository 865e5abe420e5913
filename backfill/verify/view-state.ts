import type { LatestRow } from '../../src/destination/destination.ts';
import { canonicalText } from '../../src/value/canonical-text.ts';
import { digestOf } from '../../src/value/digest.ts';
import type { State } from './verdict.ts';

/** What a row of the latest view is in, if its item isn't what its digest says. No digest looks like it. */
export const DAMAGED = 'damaged';

/** The state of a key in the latest view, by the whole item and not only by the digest beside it. */
export function stateOfView(row: LatestRow | undefined): State {
  if (!row) return null;
  return digestOf(canonicalText(row.item)) === row.digest ? row.digest : DAMAGED;
}
