import { readFile, rm } from 'node:fs/promises';
import { writeDurably } from '../src/durable-file.ts';
import { TailraceError } from '../src/errors.ts';
import { fileFailure, unlessMissing } from '../src/file-failure.ts';
import { type BackfillCheckpoint, type BackfillCheckpoints, RESTART } from './checkpoint.ts';
import { decodeBackfillCheckpoint, encodeBackfillCheckpoint } from './checkpoint-format.ts';

/** A backfill's checkpoint in a file. Whenever the machine stops, the file is whole, or there is none. */
export class BackfillCheckpointFile implements BackfillCheckpoints {
  readonly name: string;
  readonly destination: string;

  /** @param destination Where the backfill goes, as a user names it. */
  constructor(path: string, destination: string) {
    this.name = path;
    this.destination = destination;
  }

  async load(): Promise<BackfillCheckpoint | null> {
    const text = await unlessMissing(readFile(this.name, 'utf8')).catch((cause: unknown) => {
      throw this.#invalid(`can not be read: ${fileFailure(cause).reason}`, cause, fileFailure(cause).remedy);
    });
    if (text === undefined) return null;
    const found = decodeBackfillCheckpoint(text);
    if ('problem' in found) throw this.#invalid(found.problem);
    return found;
  }

  /** @throws {TailraceError} `state-invalid` if the file can't be written. */
  async save(checkpoint: BackfillCheckpoint): Promise<void> {
    await writeDurably(this.name, encodeBackfillCheckpoint(checkpoint)).catch((cause: unknown) => {
      throw this.#invalid(
        `can not be written: ${fileFailure(cause).reason}`,
        cause,
        'Make room for it and check that it may be written, then run the same command again. Or give another --state directory.',
      );
    });
  }

  async clear(): Promise<void> {
    await rm(this.name, { force: true }).catch((cause: unknown) => {
      throw this.#invalid(`can not be removed: ${fileFailure(cause).reason}`, cause, fileFailure(cause).remedy);
    });
  }

  #invalid(
    problem: string,
    cause?: unknown,
    remedy = `Start over: ${RESTART}. Or give another --state directory.`,
  ): TailraceError {
    return new TailraceError('state-invalid', `Checkpoint ${this.name} ${problem}`, {
      context: { path: this.name },
      remedy,
      cause,
    });
  }
}
