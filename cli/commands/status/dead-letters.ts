import type { Dependencies } from '../../dependencies.ts';
import type { LocalInvocation } from '../../invocation.ts';
import { openDeadLetters } from '../../options/dead-letter-location.ts';
import type { TailState } from './tail-state.ts';

/** Dead letters of one place. */
export type LettersIn = { readonly place: string; readonly count: number };

/**
 * Counts the dead letters of a table where they are: in the bucket that is named, and in the state directory if a tail into
 * the destination writes them there. An empty directory that nothing writes to proves nothing, and isn't returned.
 */
export async function countDeadLetters(
  options: LocalInvocation & { readonly s3: string | undefined },
  table: string,
  tail: TailState | null,
  dependencies: Pick<Dependencies, 'openDeadLetterBucket'>,
): Promise<readonly LettersIn[]> {
  const count = async (s3: string | undefined): Promise<LettersIn> => {
    using store = await openDeadLetters({ ...options, table, s3 }, dependencies);
    return { place: store.name, count: (await store.list(table)).length };
  };
  const here = await count(undefined);
  const isWrittenHere = tail !== null && tail.is !== 'other destination';
  return [
    ...(isWrittenHere || here.count > 0 ? [here] : []),
    ...(options.s3 === undefined ? [] : [await count(options.s3)]),
  ];
}
