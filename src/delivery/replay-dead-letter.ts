import type { Clock } from '../clock.ts';
import type { ChangelogAppender } from '../destination/destination.ts';
import { refuseOtherStream } from '../destination/known-stream.ts';
import type { KnownTable } from '../destination/known-table.ts';
import { isKind, type TailraceError } from '../errors.ts';
import { parseStreamArn } from '../order/stream-arn.ts';
import { identity, type Transform } from '../privacy/transform.ts';
import type { Sighting } from '../source/sighting.ts';
import type { SourceTable } from '../source/source-table.ts';
import type { DeadLetter, DeadLetterStore } from './dead-letter.ts';
import { readDeadLetter } from './dead-letter-text.ts';
import { createStreamHandler } from './stream-handler.ts';

/** The outcome of a letter: delivered and archived, or left where it is, with the reason. */
export type Replayed =
  | { readonly fate: 'delivered' }
  | { readonly fate: 'left'; readonly kind: string; readonly reason: string };

export type LetterReplay = {
  readonly store: DeadLetterStore;
  /** The table whose letters these are; another's are left. */
  readonly source: SourceTable;
  /** Sighting of the table, to tell its letters from those of an earlier table of its name. @default none */
  readonly seen?: Sighting | null;
  readonly destination: ChangelogAppender;
  /** For letters with a raw record; other letters name the rules that their record has been through. */
  readonly transform: Transform;
  readonly clock: Clock;
};

/**
 * Delivers the record of one letter through the stream handler, and archives the letter once the record is durable.
 *
 * A letter that can't be read, is another table's, or whose record is refused again stays as it is.
 *
 * @throws {TailraceError} `dead-letter-failed` if the letter can't be read or archived, `destination-…` if nothing can be
 *   delivered now.
 */
export async function replayDeadLetter(
  id: string,
  { store, source, seen = null, destination, transform, clock }: LetterReplay,
): Promise<Replayed> {
  const bytes = await store.read(source.name, id);
  if (bytes === undefined) return left('gone', 'is no longer there');
  const letter = readDeadLetter(bytes);
  if ('problem' in letter) return left('unreadable', letter.problem);
  if (tableOf(letter) !== source.arn) return left('record-foreign', `names no stream of ${source.arn}`);

  const other = otherStream(letter, { source, seen });
  if (other !== undefined) return left(other.kind, `${other.message}. ${other.remedy}`);

  let refused: DeadLetter | undefined;
  const deliver = createStreamHandler({
    source,
    destination,
    // The record is set aside already: its letter stays.
    deadLetters: {
      put: async (again) => {
        refused = again;
      },
    },
    transform: letter.rules === null ? transform : appliedBefore(letter.rules, transform),
    origin: 'replay',
    clock,
  });
  try {
    const { changed_at, record, shard_id: shardId } = letter;
    const firstArrivalAt = changed_at === undefined ? null : Date.parse(changed_at);
    const { batchItemFailures } = await deliver({ Records: [record] }, { shardId, firstArrivalAt });
    if (batchItemFailures.length > 0) return left('record-invalid', 'can neither be delivered nor set aside again');
  } catch (error) {
    if (!isKind(error, 'event-invalid', 'record-foreign', 'stream-view-type')) throw error;
    return left(error.kind, error.message);
  }
  if (refused !== undefined) return left(refused.kind, refused.reason);
  await store.archive(source.name, id);
  return { fate: 'delivered' };
}

/** ARN of the table of a letter's record, if it names one. */
export function tableOf({ stream_arn }: Pick<DeadLetter, 'stream_arn'>): string | undefined {
  return parseStreamArn(stream_arn)?.tableArn;
}

function otherStream({ stream_arn }: DeadLetter, known: KnownTable): TailraceError | undefined {
  const stream = parseStreamArn(stream_arn);
  try {
    if (stream !== undefined) refuseOtherStream(stream, known);
    return undefined;
  } catch (error) {
    if (isKind(error, 'record-foreign')) return error;
    throw error;
  }
}

function appliedBefore(rules: string, { generation }: Transform): Transform {
  return { ...identity, rules, generation };
}

function left(kind: string, reason: string): Replayed {
  return { fate: 'left', kind, reason };
}
