import { editDistance } from './schema/edit-distance.ts';

/** More mistakes make another name. */
const MOST_EDITS = 2;

/**
 * The name that a person most likely meant, for "did you mean"; `undefined` if none is near.
 *
 * Capitals don't count, and at most a third of the letters may be wrong.
 */
export function likeliestName(text: string, names: readonly string[]): string | undefined {
  const wanted = text.toLowerCase();
  const near = names
    .map((name) => ({ name, edits: editDistance(wanted.slice(0, 300), name.toLowerCase().slice(0, 300)) }))
    .filter(({ edits, name }) => edits <= MOST_EDITS && edits * 3 <= name.length)
    .sort((a, b) => a.edits - b.edits);
  return near[0]?.name;
}
