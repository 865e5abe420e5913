import { createHash, type Hash } from 'node:crypto';
import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { lineOf, type RowFile } from '../../src/destination/row-file.ts';
import type { RowForm } from '../../src/destination/row-form.ts';
import { TailraceError } from '../../src/errors.ts';
import { fileFailure } from '../../src/file-failure.ts';

/** Bytes that are buffered before they are written. */
const BLOCK_BYTES = 64 * 1024;

/** UTF-8 takes three bytes at most for one of JavaScript's characters. */
const MAX_BYTES_PER_CHARACTER = 3;

/** Only their owner may read the rows that wait on this disk. */
const MODE = { folder: 0o700, file: 0o600 };

/**
 * Gathers the rows of one chunk in a file.
 *
 * Rows become bytes at once: texts that live until the chunk is loaded would fill the process's memory.
 */
export class RowSpool<Row> {
  readonly #path: string;
  readonly #form: RowForm<Row>;
  readonly #block = Buffer.allocUnsafe(BLOCK_BYTES);
  #filled = 0;
  #file: number | undefined;
  /** Set once a block may be missing in part, or be there twice: the file is useless then. */
  #failure: TailraceError | undefined;
  readonly #content: Hash = createHash('sha256');
  #count = 0;
  #bytes = 0;
  #longest = 0;

  constructor(path: string, form: RowForm<Row>) {
    this.#path = path;
    this.#form = form;
  }

  /** How many rows it holds. */
  get count(): number {
    return this.#count;
  }

  /** @throws {TailraceError} `destination-unavailable` if the disk is full, or doesn't take the file; every later call throws it again. */
  add(row: Row): void {
    const line = lineOf(this.#form, row);
    const most = line.length * MAX_BYTES_PER_CHARACTER;
    if (this.#filled + most > BLOCK_BYTES) this.#flush();
    let written: number;
    if (most > BLOCK_BYTES) written = this.#write(Buffer.from(line));
    else {
      written = this.#block.write(line, this.#filled);
      this.#filled += written;
    }
    this.#count++;
    this.#bytes += written;
    this.#longest = Math.max(this.#longest, written);
  }

  /** The rows so far, and 128 bits of their SHA-256. Nothing may be added any more. Throws as {@link add} does. */
  close(): { readonly file: RowFile<Row>; readonly content: string } {
    this.#flush();
    this.#close();
    const content = this.#content.digest('hex').slice(0, 32);
    const file = { path: this.#path, form: this.#form, rows: this.#count, bytes: this.#bytes, longest: this.#longest };
    return { file, content };
  }

  #flush(): void {
    this.#write(this.#block.subarray(0, this.#filled));
    this.#filled = 0;
  }

  /** Returns how many bytes they are. */
  #write(bytes: Buffer): number {
    if (this.#failure) throw this.#failure;
    this.#content.update(bytes);
    try {
      this.#file ??= this.#open();
      for (let at = 0; at < bytes.length; ) at += writeSync(this.#file, bytes, at);
      return bytes.length;
    } catch (cause) {
      this.#failure = new TailraceError(
        'destination-unavailable',
        `${this.#path} can't be written: ${fileFailure(cause).reason}`,
        {
          context: { path: this.#path },
          remedy: 'Make room on that disk, or give a --state directory on another.',
          cause,
        },
      );
      throw this.#failure;
    }
  }

  /** Truncates a file that is there. */
  #open(): number {
    mkdirSync(dirname(this.#path), { recursive: true, mode: MODE.folder });
    return openSync(this.#path, 'w', MODE.file);
  }

  #close(): void {
    if (this.#file !== undefined) closeSync(this.#file);
    this.#file = undefined;
  }
}
