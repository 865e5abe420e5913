import { closeSync, mkdirSync, openSync, readSync, rmdirSync, rmSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Spool } from './files.ts';

const CHUNK_BYTES = 256 * 1024;

/**
 * Stores input that can be read only once in a directory, in a file without a name. Only its owner could read it, and it is
 * gone even if the process is killed. A directory that wasn't there is created, and removed again afterwards.
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

/** Removes the directories that were created, from the innermost outwards, while they are empty. */
function removeEmpty(innermost: string, outermost: string): void {
  try {
    for (let at = innermost; at.length >= outermost.length; at = dirname(at)) rmdirSync(at);
  } catch {
    // Not empty: something else uses it by now.
  }
}
