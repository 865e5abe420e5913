import { isKind, TailraceError } from '../errors.ts';
import type { FailedBatch } from './failed-batch.ts';
import { isRecord, pieces, recognisePiece } from './recognise.ts';
import type { ReplayItem } from './replay-item.ts';
import { type Piece, where } from './text/piece.ts';
import { plainText } from './text/plain-text.ts';
import { UnreadableText } from './text/unreadable.ts';
import { unrecognised } from './unrecognised.ts';

/** One or more records, or a range, out of a thing that a failure left behind. */
export type FoundItem = {
  readonly item: ReplayItem;
  /** The same number for records that stood in one list: they were one batch. */
  readonly group: number;
  /** Bytes of the JSON that it is from. */
  readonly bytes: number;
  /** Of the thing, with the line if it isn't the first. For messages. */
  readonly name: string;
};

/**
 * Takes a thing apart, whatever it holds, piece by piece: memory holds one chunk of it and one value.
 *
 * @throws {TailraceError} `event-invalid` if some of it is nothing that can be replayed, named by its line; by then, what
 *   is before it has been given. `interrupted` if `signal` aborts. What the thing's place rejects with.
 */
export async function* readFailedBatch(batch: FailedBatch, signal: AbortSignal): AsyncGenerator<readonly FoundItem[]> {
  const reader = pieces();
  let isEmpty = true;
  /** Batches of what carries records of its own are counted down from here; the reader's own are counted up. */
  let own = 0;
  const found = (all: readonly Piece[]) => {
    isEmpty &&= all.length === 0;
    return all.flatMap((piece): FoundItem[] => {
      const recognised = recognisePiece(piece);
      const name = `${batch.name}${where(piece.line)}`;
      if ('problem' in recognised) throw new UnreadableText(`${recognised.problem}${where(piece.line)}`);
      const isOne = isRecord(recognised, piece.value);
      return recognised.items.map((item) => ({ item, group: isOne ? piece.group : --own, bytes: piece.bytes, name }));
    });
  };
  try {
    for await (const chunk of plainText(batch.bytes(signal))) {
      if (signal.aborted) throw new TailraceError('interrupted', `The reading of ${batch.name} was interrupted`);
      const items = found(reader.push(chunk));
      if (items.length > 0) yield items;
    }
    const items = found(reader.end());
    if (items.length > 0) yield items;
    if (isEmpty) throw new UnreadableText('is empty');
  } catch (error) {
    if (error instanceof UnreadableText) throw unrecognised(batch.name, error.problem);
    throw error;
  }
}

/** What concerns one thing alone; everything else concerns them all, and is thrown. */
export function refusal(error: unknown): TailraceError {
  if (isKind(error, 'event-invalid', 'record-foreign', 'stream-view-type')) return error;
  throw error;
}
