import pLimit from 'p-limit';
import type { FileProblem } from '../state-file.ts';
import type { DeadLetter, DeadLetterStore } from './dead-letter.ts';
import { readDeadLetter } from './dead-letter-text.ts';

/** A letter without its record, or why what lies there is none. */
export type DeadLetterSummary = { readonly id: string } & (Omit<DeadLetter, 'record'> | FileProblem);

/** Letters read at once: S3 answers each in tens of milliseconds, and one may be of megabytes. */
export const LETTERS_AT_ONCE = 8;

/**
 * Looks at the letters of `table`: every one, or those of `ids`, in their order. No record stays in memory. Letters of
 * other tables that lie in the same place, and those that are gone by now, are passed over.
 */
export async function summariseDeadLetters(
  store: DeadLetterStore,
  table: string,
  ids: readonly string[],
): Promise<readonly DeadLetterSummary[]> {
  const limit = pLimit(LETTERS_AT_ONCE);
  const surveyed = await limit.map(ids, async (id): Promise<DeadLetterSummary | undefined> => {
    const bytes = await store.read(table, id);
    if (bytes === undefined) return undefined;
    const letter = readDeadLetter(bytes);
    if ('problem' in letter) return { id, ...letter };
    const { record: _record, ...rest } = letter;
    return rest.table === table ? { id, ...rest } : undefined;
  });
  return surveyed.filter((found) => found !== undefined);
}
