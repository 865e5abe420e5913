import { createHash } from 'node:crypto';
import type { DeadLetter } from './dead-letter.ts';

/**
 * The file name of a letter, decided by its record alone: set aside again, a record's letter replaces the earlier one.
 *
 * ```text
 * 100000000000000000042-9f86d081884c7d65.json
 * ```
 */
export function deadLetterName({ sequence_number, record }: DeadLetter): string {
  const digest = createHash('sha256')
    .update(JSON.stringify(record) ?? '')
    .digest('hex')
    .slice(0, 16);
  return `${sequence_number ?? 'unnumbered'}-${digest}.json`;
}

const SUFFIX = '.json';

/** A letter's id: its file name without the end. `undefined` if a file of this name is no letter. */
export function idOf(fileName: string): string | undefined {
  return fileName.endsWith(SUFFIX) ? fileName.slice(0, -SUFFIX.length) : undefined;
}

/** The name of the file that holds the letter of an id. */
export function fileNameOf(id: string): string {
  return `${id}${SUFFIX}`;
}
