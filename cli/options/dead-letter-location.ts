import type { DeadLetterStore } from '../../src/delivery/dead-letter.ts';
import { DEAD_LETTER_PREFIX } from '../../src/delivery/dead-letter-bucket.ts';
import { DeadLetterDirectory } from '../../src/delivery/dead-letter-directory.ts';
import { type DeadLetterSummary, summariseDeadLetters } from '../../src/delivery/dead-letter-summary.ts';
import { TailraceError } from '../../src/errors.ts';
import { type BucketLocation, parseBucketLocation } from '../../src/replay/failure-bucket.ts';
import type { Dependencies } from '../dependencies.ts';
import { type LocalInvocation, stateOf } from '../invocation.ts';
import { shellWord } from '../next-step/shell-word.ts';
import { statePaths } from '../state/state-paths.ts';

/** Where a command looks for the dead letters of a table. */
export type DeadLetterOptions = LocalInvocation & {
  readonly table: string;
  /** `s3://bucket[/prefix]`; `undefined` for the table's state directory. */
  readonly s3: string | undefined;
};

/**
 * Opens the dead letters that the options name.
 *
 * @throws {TailraceError} `usage-invalid` if `--s3` isn't the URL of a bucket.
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
 * The letters that a command was given, in order: those of the ids, or all of the table.
 *
 * @throws {TailraceError} `usage-invalid` if a named letter isn't there, or if neither ids nor `--all` is given, or both.
 */
export async function chosenLetters(
  store: DeadLetterStore,
  table: string,
  { ids, all }: { readonly ids: readonly string[]; readonly all: boolean },
): Promise<readonly DeadLetterSummary[]> {
  if (all === ids.length > 0) {
    throw new TailraceError('usage-invalid', 'Either ids or --all must be given', {
      remedy: `Give their ids, or --all; ${listCommand(store, table)} shows them.`,
    });
  }
  // Looked up among the listed ids: an id is never a path.
  const stored = await store.list(table);
  const letters = await summariseDeadLetters(store, table, all ? stored : stored.filter((id) => ids.includes(id)));
  const missing = ids.find((id) => !letters.some((letter) => letter.id === id));
  if (missing !== undefined) throw unknownLetter(store, table, missing);
  return letters;
}

/** The error for an id without a letter. */
export function unknownLetter(store: DeadLetterStore, table: string, id: string): TailraceError {
  return new TailraceError('usage-invalid', `There is no dead letter "${id}" of ${table} in ${store.name}`, {
    remedy: `${listCommand(store, table)} shows which there are.`,
  });
}

/** The command that lists a table's letters where the store has them. */
function listCommand({ name }: DeadLetterStore, table: string): string {
  return `\`tailrace dead-letters list ${table}${bucketOption(name)}\``;
}

/** The option that names the store again; nothing for the state directory, where the command looks by itself. */
export function bucketOption(store: string): string {
  return store.startsWith('s3://') ? ` --s3 ${shellWord(store, process.platform)}` : '';
}

function locationOf(url: string): BucketLocation {
  const location = parseBucketLocation(url);
  const prefix = location?.prefix.replace(/\/+$/, '') ?? '';
  if (location === undefined || `/${prefix}/`.includes(`/${DEAD_LETTER_PREFIX}`)) {
    throw new TailraceError('usage-invalid', `"${url}" is not a bucket as s3://bucket[/prefix]`, {
      remedy: `Name the part before ${DEAD_LETTER_PREFIX}, such as s3://my-failures.`,
    });
  }
  return { bucket: location.bucket, prefix: prefix === '' ? '' : `${prefix}/` };
}
