import { createReadStream } from 'node:fs';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { moveDurably } from '../../../src/durable-file.ts';
import type { Target } from './target.ts';
import { unwritable } from './unwritable.ts';

/**
 * A file that is being written, in a directory of its own, with what its writer has no memory for: beside the target, on whose
 * disk it is, or else in the system's directory for such files. Disposing of it removes the directory.
 */
export interface Draft extends AsyncDisposable {
  /** The file, which doesn't exist yet. */
  readonly path: string;
  /** What a message calls it. */
  readonly shownAs: string;
  /** A directory for its writer. */
  readonly scratch: string;
  /** Bytes of the file. */
  size(): Promise<number>;
  read(): AsyncIterable<Uint8Array>;
  /** Gives the file its name. */
  publish(): Promise<void>;
}

const CHUNK_BYTES = 256 * 1024;

/** @throws {TailraceError} `export-failed` if the directory can't be written. */
export async function createDraft({ name, path: target }: Target): Promise<Draft> {
  const parent = target === null ? tmpdir() : dirname(target);
  const shownAs = target === null ? `The temporary directory ${parent}` : name;
  const scratch = await mkdtemp(join(parent, '.tailrace-export-')).catch((error: unknown) => {
    throw unwritable(shownAs, error);
  });
  const path = join(scratch, 'rows');
  return {
    path,
    shownAs,
    scratch,
    size: async () => (await stat(path)).size,
    read: () => createReadStream(path, { highWaterMark: CHUNK_BYTES }),
    async publish() {
      if (target === null) return;
      await moveDurably(path, target).catch((error: unknown) => {
        throw unwritable(shownAs, error);
      });
    },
    [Symbol.asyncDispose]: () => rm(scratch, { recursive: true, force: true }),
  };
}
