import { isKind, TailraceError } from '../errors.ts';
import type { FailedBatch } from './failed-batch.ts';
import { isRecord, pieces, recognisePiece } from './recognise.ts';
import type { ReplayItem } from './replay-item.ts';
import { type Piece, UnreadableText, where } from './text/piece.ts';
import { plainText } from './text/plain-text.ts';

/** One or more records, or a range, out of a failed batch. */
export type FoundItem = {
  readonly item: ReplayItem;
  /** The same number for records that stood in one list: Lambda delivered them together. */
  readonly group: number;
  /** Bytes of the JSON value that holds it. */
  readonly bytes: number;
  /** The batch's name, with the line unless it is the first. For messages. */
  readonly name: string;
};

/**
 * Takes a failed batch apart, whatever it holds, piece by piece: memory holds one chunk of it and one value.
 *
 * @throws {TailraceError} `event-invalid` if some of it can't be replayed, named by its line; everything before that line
 *   has been given by then. `interrupted` if `signal` aborts. Whatever {@link FailedBatch.bytes} throws.
 */
export async function* readFailedBatch(batch: FailedBatch, signal: AbortSignal): AsyncGenerator<readonly FoundItem[]> {
  const reader = pieces();
  let isEmpty = true;
  /** Groups of records within envelopes are numbered downwards from here, the reader's own upwards. */
  let lastGroup = 0;
  const found = (all: readonly Piece[]) => {
    isEmpty &&= all.length === 0;
    return all.flatMap((piece): FoundItem[] => {
      const recognised = recognisePiece(piece);
      const name = `${batch.name}${where(piece.line)}`;
      if ('problem' in recognised) throw new UnreadableText(`${recognised.problem}${where(piece.line)}`);
      const isOne = isRecord(recognised, piece.value);
      return recognised.items.map((item) => ({
        item,
        group: isOne ? piece.group : --lastGroup,
        bytes: piece.bytes,
        name,
      }));
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

/** Gives an error that concerns one failed batch alone. Any other concerns them all, and is thrown. */
export function refusal(error: unknown): TailraceError {
  if (isKind(error, 'event-invalid', 'record-foreign', 'stream-view-type')) return error;
  throw error;
}

function unrecognised(name: string, problem: string): TailraceError {
  return new TailraceError('event-invalid', `${name} ${problem}`, {
    context: { name },
    remedy: 'What can be replayed: an event, records, the output of get-records, a failure record, or a dead letter.',
  });
}
