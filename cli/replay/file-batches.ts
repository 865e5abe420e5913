import { TailraceError } from '../../src/errors.ts';
import { fileFailure, isSystemError } from '../../src/file-failure.ts';
import type { FailedBatch, FailedBatches } from '../../src/replay/failed-batch.ts';
import { treeOf } from '../files/file-tree.ts';
import type { FilePath, Files } from '../files/files.ts';
import { rereadable } from '../files/rereadable.ts';

/** A file, or the files of a directory. They are read when their bytes are asked for, and never changed. */
export type FileBatches = FailedBatches & Disposable & { readonly isDirectory: boolean };

/**
 * Opens a file, a directory with all that is below it, or standard input.
 *
 * A file of a directory that can't be read is given like any other, and fails when it is read: the others are read all the
 * same.
 *
 * @param path `-` is standard input.
 * @param directory For input that can be read only once and is too large for memory.
 * @throws {TailraceError} `usage-invalid` if there is nothing at that path, or it can't be read.
 */
export async function fileBatches(path: string, files: Files, directory: string): Promise<FileBatches> {
  if (path === '-')
    return single(
      'standard input',
      rereadable(files.stdin(), () => files.spool(directory)),
    );
  const fail = (cause: unknown): never => {
    if (!isSystemError(cause)) throw cause;
    const { reason, remedy = 'Name a file or a directory that exists, or - for standard input.' } = fileFailure(cause);
    throw new TailraceError('usage-invalid', `${path} can't be read: ${reason}`, { remedy, cause });
  };
  const { kind } = await files.look(path).catch(fail);
  // Such as `<(zcat a.gz)`: it can't be read again.
  if (kind === 'pipe')
    return single(
      path,
      rereadable(
        files.read(path, () => {}),
        () => files.spool(directory),
      ),
    );
  if (kind !== 'directory') return single(path, { read: reading(path, files), [Symbol.dispose]() {} });

  await files.list(path).catch(fail);
  const tree = treeOf(path, files);
  return {
    name: path,
    isDirectory: true,
    async *all(signal) {
      for await (const found of tree.entries(signal)) {
        const read = reading(found.path, files);
        yield batchOf(String(found.path), () => {
          if ('cause' in found) throw found.cause;
          return read();
        });
      }
    },
    async close() {},
    [Symbol.dispose]() {},
  };
}

type Reading = Disposable & { read(): AsyncIterable<Uint8Array> };

function single(name: string, reading: Reading): FileBatches {
  const only = batchOf(name, () => reading.read());
  return {
    name,
    isDirectory: false,
    async *all() {
      yield only;
    },
    async close() {},
    [Symbol.dispose]: () => reading[Symbol.dispose](),
  };
}

function batchOf(name: string, read: () => AsyncIterable<Uint8Array>): FailedBatch {
  return { name, bytes: () => named(name, read), acknowledge: async () => {}, leave: async () => {} };
}

/** Reads a file, as often as asked. One that has changed since the first time is refused. */
function reading(path: FilePath, files: Files): () => AsyncIterable<Uint8Array> {
  let first: string | undefined;
  return () =>
    files.read(path, (version) => {
      first ??= version;
      if (version !== first)
        throw new TailraceError('event-invalid', `${path} was changed while it was read`, {
          remedy: 'Run it again once nothing writes to it.',
        });
    });
}

async function* named(name: string, read: () => AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield* read();
  } catch (cause) {
    if (!isSystemError(cause)) throw cause;
    const { reason, remedy } = fileFailure(cause);
    throw new TailraceError('event-invalid', `${name} can't be read: ${reason}`, {
      context: { name },
      remedy: remedy ?? 'See that it can be read, and run it again.',
      cause,
    });
  }
}
