import { type Annotation, writeAnnotation } from './annotation.ts';
import { foreignObject } from './object-conflict.ts';

/**
 * The comment of a changelog that has only the rows that were ingested since a time, or since a later one.
 *
 * @param changelog Its name.
 * @param annotation What it says of itself now.
 * @param keptSince Milliseconds since the epoch.
 * @throws {TailraceError} `destination-conflict` if it isn't a changelog of this version of Tailrace.
 */
export function keptSinceRaised(changelog: string, annotation: Annotation | undefined, keptSince: number): string {
  if (annotation?.of !== 'changelog' || annotation.changelog === null) throw foreignObject(changelog);
  const stored = annotation.changelog;
  return writeAnnotation({
    ...annotation,
    changelog: { ...stored, keptSince: Math.max(stored.keptSince, keptSince) },
  });
}
