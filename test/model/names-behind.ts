import { placeOf } from './stream.ts';

export type ScanPlace = {
  readonly segment: number;
  readonly totalSegments: number;
  /** The name behind which the page begins; empty for a segment's first page. */
  readonly after: string;
};

/** The names of a segment behind a place, in the order in which a scan meets them. */
export function namesBehind(names: readonly string[], { segment, totalSegments, after }: ScanPlace): readonly string[] {
  return names.filter((name) => Math.floor(placeOf(name) * totalSegments) === segment && name > after).sort();
}
