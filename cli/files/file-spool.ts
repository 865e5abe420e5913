import { closeSync, mkdirSync, openSync, readSync, rmdirSync, rmSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Spool } from './files.ts';

const CHUNK_BYTES = 256 * 1024;

/**
 * Keeps in a directory, in a file without a name, what can be read once only. Only its owner could read it, and no kill
 * leaves it behind. The directory is made, and is gone again afterwards, if it wasn't there.
 */
export function fileSpool(directory: string): Spool {
  const made = mkdirSync(directory, { recursive: true });
  const path = join(directory, `replay-input-${process.pid}.spool`);
  const file = openSync(path, 'wx+', 0o600);
  rmSync(path, { force: true });
  let end = 0;
  return {
    write(chunk) {
      for (let written = 0; written < chunk.length; ) {
        written += writeSync(file, chunk, written, chunk.length - written, end + written);
      }
      end += chunk.length;
    },
    *read() {
      for (let at = 0; at < end; ) {
        const buffer = Buffer.allocUnsafe(CHUNK_BYTES);
        const length = readSync(file, buffer, 0, CHUNK_BYTES, at);
        if (length === 0) return;
        yield buffer.subarray(0, length);
        at += length;
      }
    },
    [Symbol.dispose]() {
      closeSync(file);
      if (made !== undefined) removeEmpty(directory, made);
    },
  };
}

/** Removes directories from the innermost to the outermost that was made, unless something else lies there by now. */
function removeEmpty(innermost: string, outermost: string): void {
  try {
    for (let at = innermost; at.length >= outermost.length; at = dirname(at)) rmdirSync(at);
  } catch {
    // Not empty any more: it is in use.
  }
}
