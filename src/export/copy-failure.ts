import { classOf, messageOf, shownText } from '../duckdb-message.ts';
import { TailraceError } from '../errors.ts';

/** What DuckDB says of the disk that it writes to, and what follows. */
const CAUSES: readonly (readonly [pattern: RegExp, reason: string])[] = [
  [/No space left|max_temp_directory_size/i, 'its disk is full'],
  [/quota/i, 'the quota of its disk is used up'],
  [/File too large/i, 'it is larger than a file may be there'],
  [/Could not (?:write|open|create|sync|move)|Cannot open|Failed to create/i, 'the file system refused it'],
];

const ROOM = 'Make room there, or name a file on another disk with --out, and run it again.';

/**
 * Names a failure of DuckDB's while it writes an export. Its text may quote a row, and names files that are gone by then: only
 * what is known of it is passed on. What is about the rows' own file stays as it is.
 *
 * @param file What a message calls the file.
 */
export function copyFailure(error: unknown, file: string): unknown {
  if (error instanceof TailraceError) return error;
  const text = messageOf(error);
  const name = classOf(error);
  if (name === 'IO Error' || name === 'Out of Memory Error') {
    const [, reason] = CAUSES.find(([pattern]) => pattern.test(text)) ?? [];
    if (reason === undefined) return error;
    return new TailraceError('export-failed', `${file} can not be written: ${reason}`, { remedy: ROOM, cause: error });
  }
  return new TailraceError('query-invalid', `The rows could not be read: ${shownText(error)}`, {
    remedy: 'A value fails in the condition: correct --where, such as by TRY_CAST.',
    cause: error,
  });
}
