import pLimit from 'p-limit';
import type { FileProblem } from '../state-file.ts';
import type { DeadLetter, DeadLetterStore } from './dead-letter.ts';
import { readDeadLetter } from './dead-letter-text.ts';

/** A letter without its record, or why a file is no letter. */
export type DeadLetterSummary = { readonly id: string } & (Omit<DeadLetter, 'record'> | FileProblem);

/** Letters read at once: S3 answers each in tens of milliseconds, and a letter may have megabytes. */
export const LETTERS_AT_ONCE = 8;

/**
 * Summarises the letters of `table` among `ids`, in their order. No record stays in memory. Letters of other tables, and
 * letters that are gone by now, are passed over.
 */
export async function summariseDeadLetters(
  store: DeadLetterStore,
  table: string,
  ids: readonly string[],
): Promise<readonly DeadLetterSummary[]> {
  const limit = pLimit(LETTERS_AT_ONCE);
  const summaries = await limit.map(ids, async (id): Promise<DeadLetterSummary | undefined> => {
    const bytes = await store.read(table, id);
    if (bytes === undefined) return undefined;
    const letter = readDeadLetter(bytes);
    if ('problem' in letter) return { id, ...letter };
    const { record: _record, ...rest } = letter;
    return rest.table === table ? { id, ...rest } : undefined;
  });
  return summaries.filter((found) => found !== undefined);
}
