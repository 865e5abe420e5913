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
