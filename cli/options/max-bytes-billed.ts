import { MAX_BYTES_FORM, readMaxBytesBilled } from '../../src/destination/bigquery/max-bytes-billed.ts';
import { TailraceError } from '../../src/errors.ts';

/**
 * What one query may bill, in bytes, as the option of that name has it.
 *
 * @throws {TailraceError} `usage-invalid` if the text is no such cap.
 */
export function maxBytesBilledOf(text: string): number {
  const bytes = readMaxBytesBilled(text);
  if (bytes !== undefined) return bytes;
  throw new TailraceError('usage-invalid', `--max-bytes-billed ${JSON.stringify(text)} is not ${MAX_BYTES_FORM}`);
}
