import type { DeadLetterStore } from '../../src/delivery/dead-letter.ts';
import { DEAD_LETTER_PREFIX } from '../../src/delivery/dead-letter-bucket.ts';
import { DeadLetterDirectory } from '../../src/delivery/dead-letter-directory.ts';
import { type DeadLetterSummary, summariseDeadLetters } from '../../src/delivery/dead-letter-summary.ts';
import { TailraceError } from '../../src/errors.ts';
import { type BucketLocation, parseBucketLocation } from '../../src/replay/failure-bucket.ts';
import type { Dependencies } from '../dependencies.ts';
import { type LocalInvocation, stateOf } from '../invocation.ts';
import { statePaths } from '../state/state-paths.ts';

/** Where a command looks for the dead letters of a table. */
export type DeadLetterOptions = LocalInvocation & {
  readonly table: string;
  /** `s3://bucket[/prefix]`; `undefined` for the table's state directory. */
  readonly s3: string | undefined;
};

/** The option that names a bucket, as every command of dead letters has it. */
export const S3_OPTION = [
  '--s3 <url>',
  'bucket of the Lambda, s3://bucket[/prefix] (default: the dead letters in the state directory)',
] as const;

/**
 * Opens the dead letters that the options name.
 *
 * @throws {TailraceError} `usage-invalid` if they name none.
 */
export async function openDeadLetters(
  { s3, table, ...invocation }: DeadLetterOptions,
  { openDeadLetterBucket }: Pick<Dependencies, 'openDeadLetterBucket'>,
): Promise<DeadLetterStore & Disposable> {
  if (s3 !== undefined) return openDeadLetterBucket(locationOf(s3), invocation.aws);
  const directory = new DeadLetterDirectory(statePaths(stateOf(invocation, table)).deadLetters);
  return Object.assign(directory, { [Symbol.dispose]: () => {} });
}

/**
 * The letters that a command is about, in order: those whose ids are named, or all of the table.
 *
 * @throws {TailraceError} `usage-invalid` if one that is named isn't there, or if neither or both was asked for.
 */
export async function chosenLetters(
  store: DeadLetterStore,
  table: string,
  { ids, all }: { readonly ids: readonly string[]; readonly all: boolean },
): Promise<readonly DeadLetterSummary[]> {
  if (all === ids.length > 0) {
    throw new TailraceError('usage-invalid', 'It must be said which dead letters are meant', {
      remedy: `Give their ids, or --all; \`tailrace dead-letters list ${table}\` shows them.`,
    });
  }
  // Looked for among what is listed: an id is never a path.
  const kept = await store.list(table);
  const letters = await summariseDeadLetters(store, table, all ? kept : kept.filter((id) => ids.includes(id)));
  const missing = ids.find((id) => !letters.some((letter) => letter.id === id));
  if (missing !== undefined) throw unknownLetter(store, table, missing);
  return letters;
}

/** That there is no letter of an id. */
export function unknownLetter({ name }: DeadLetterStore, table: string, id: string): TailraceError {
  return new TailraceError('usage-invalid', `There is no dead letter "${id}" of ${table} in ${name}`, {
    remedy: `\`tailrace dead-letters list ${table}\` shows which there are.`,
  });
}

function locationOf(url: string): BucketLocation {
  const place = parseBucketLocation(url);
  const prefix = place?.prefix.replace(/\/+$/, '') ?? '';
  if (place === undefined || `/${prefix}/`.includes(`/${DEAD_LETTER_PREFIX}`)) {
    throw new TailraceError('usage-invalid', `"${url}" is not a bucket as s3://bucket[/prefix]`, {
      remedy: `Name what stands before ${DEAD_LETTER_PREFIX} in it, such as s3://my-failures.`,
    });
  }
  return { bucket: place.bucket, prefix: prefix === '' ? '' : `${prefix}/` };
}
