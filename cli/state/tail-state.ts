import { readFile } from 'node:fs/promises';
import { TailraceError } from '../../src/errors.ts';
import { fileFailure } from '../../src/file-failure.ts';
import type { Checkpoint } from '../../src/stream/checkpoint.ts';
import { decodeCheckpoint } from '../../src/stream/checkpoint-format.ts';

/**
 * How far a tail has come by its checkpoint; `undefined` if none was ever kept at `path`.
 *
 * @throws {TailraceError} `state-invalid` if the file is no checkpoint.
 */
export async function readTailState(path: string): Promise<Checkpoint | undefined> {
  const text = await readFile(path, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'ENOENT') return undefined;
    throw invalid(path, `can not be read: ${fileFailure(cause).reason}`, cause);
  });
  if (text === undefined) return undefined;
  const found = decodeCheckpoint(text);
  if ('problem' in found) throw invalid(path, found.problem);
  return found;
}

function invalid(path: string, problem: string, cause?: unknown): TailraceError {
  return new TailraceError('state-invalid', `Checkpoint ${path} ${problem}`, { context: { path }, cause });
}
