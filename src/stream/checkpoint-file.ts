import { copyFile, readFile } from 'node:fs/promises';
import { writeDurably } from '../durable-file.ts';
import { TailraceError } from '../errors.ts';
import { fileFailure, unlessMissing } from '../file-failure.ts';
import { parseStreamArn, type StreamArn } from '../order/stream-arn.ts';
import { type Checkpoint, newCheckpoint } from './checkpoint.ts';
import { decodeCheckpoint, encodeCheckpoint } from './checkpoint-format.ts';

/** A checkpoint, and the one that it replaces. */
export type LoadedCheckpoint = {
  readonly checkpoint: Checkpoint;
  /**
   * The stream that was read before, if the table has another stream now or is another table of the same name, and the path
   * of the copy of its checkpoint. Changes between the two streams are unproven until a backfill is done.
   */
  readonly replaced: {
    readonly streamArn: string;
    readonly copiedTo: string;
    readonly by: 'another stream' | 'another table';
  } | null;
};

/**
 * Reads the checkpoint at `path`; `undefined` if there is no file.
 *
 * @throws {TailraceError} `state-invalid` if the file can't be read or is no checkpoint.
 */
export async function readCheckpoint(path: string): Promise<Checkpoint | undefined> {
  const text = await unlessMissing(readFile(path, 'utf8')).catch((cause: unknown) => {
    throw unusable(path, 'read', cause);
  });
  if (text === undefined) return undefined;
  const found = decodeCheckpoint(text);
  if ('problem' in found) throw invalid(path, found.problem);
  return found;
}

/**
 * Loads a checkpoint, or begins one if there is no file.
 *
 * If the table's stream was switched off and on since, or the table was made again, the file is copied aside and a new
 * checkpoint begins: numbers and shards of the two streams have nothing in common, though they may be named alike. Nothing
 * else is written before {@link saveCheckpoint}.
 *
 * @param tableId Of the table that has the stream now; `null` if it isn't known: then it is not compared.
 * @throws {TailraceError} `state-invalid` if the file is corrupt, of another table or for another destination.
 */
export async function loadCheckpoint(
  path: string,
  stream: StreamArn,
  destination: string,
  tableId: string | null = null,
): Promise<LoadedCheckpoint> {
  const found = await readCheckpoint(path);
  if (found === undefined) return { checkpoint: newCheckpoint(stream.text, destination, { tableId }), replaced: null };
  const foundStream = parseStreamArn(found.streamArn);
  if (!foundStream) throw invalid(path, 'names no stream');
  if (foundStream.tableArn !== stream.tableArn) {
    throw invalid(path, `is of ${foundStream.tableArn}, not of ${stream.tableArn}`);
  }
  if (found.destination !== destination) throw invalid(path, `is for ${found.destination}, not for ${destination}`);
  const isOtherTable = found.tableId !== null && tableId !== null && found.tableId !== tableId;
  if (found.streamArn === stream.text && !isOtherTable) {
    return { checkpoint: { ...found, tableId: found.tableId ?? tableId }, replaced: null };
  }

  const suffix = found.streamArn === stream.text ? `${foundStream.label}.${found.tableId}` : foundStream.label;
  const copiedTo = `${path}.${suffix.replace(/[^A-Za-z0-9.-]/g, '_')}`;
  await copyFile(path, copiedTo).catch((cause: unknown) => {
    throw unusable(copiedTo, 'written', cause);
  });
  return {
    checkpoint: newCheckpoint(stream.text, destination, { replaces: found.streamArn, tableId }),
    replaced: { streamArn: found.streamArn, copiedTo, by: isOtherTable ? 'another table' : 'another stream' },
  };
}

/**
 * Saves a checkpoint. When it resolves, the file is on the disk; whenever the machine stops, a whole one is there.
 *
 * @throws {TailraceError} `state-invalid` if the file can't be written.
 */
export async function saveCheckpoint(path: string, checkpoint: Checkpoint): Promise<void> {
  // The text is made at the call: progress that is made while the file is written waits for the next save.
  await writeDurably(path, encodeCheckpoint(checkpoint)).catch((cause: unknown) => {
    throw unusable(path, 'written', cause);
  });
}

function unusable(path: string, what: string, cause: unknown): TailraceError {
  const { reason, remedy } = fileFailure(cause);
  return new TailraceError('state-invalid', `Checkpoint ${path} can not be ${what}: ${reason}`, {
    context: { path },
    ...(remedy !== undefined && { remedy }),
    cause,
  });
}

function invalid(path: string, problem: string): TailraceError {
  return new TailraceError('state-invalid', `Checkpoint ${path} ${problem}`, { context: { path } });
}
