import { Buffer } from 'node:buffer';
import type { Body } from './api.ts';

const FIRST_BYTES = 1024 * 1024;

/**
 * The body of a request that carries a file beside its JSON.
 *
 * It is built part by part.
 *
 * Source: <https://docs.cloud.google.com/bigquery/docs/reference/api-uploads#multipart>
 */
export function uploadBody(boundary: string, resource: string, file: Iterable<Buffer>): Body {
  const start = (type: string) => `--${boundary}\r\nContent-Type: ${type}\r\n\r\n`;
  const body = new GrowingBytes();
  body.add(
    Buffer.from(`${start('application/json; charset=UTF-8')}${resource}\r\n${start('application/octet-stream')}`),
  );
  for (const part of file) body.add(part);
  body.add(Buffer.from(`\r\n--${boundary}--\r\n`));
  return { type: `multipart/related; boundary=${boundary}`, bytes: body.whole() };
}

class GrowingBytes {
  #bytes = Buffer.allocUnsafeSlow(FIRST_BYTES);
  #length = 0;

  add(part: Buffer): void {
    if (this.#length + part.length > this.#bytes.length) this.#grow(part.length);
    this.#length += part.copy(this.#bytes, this.#length);
  }

  whole(): Buffer {
    return this.#bytes.subarray(0, this.#length);
  }

  /** Grows by half: doubling would take three times the file's size of memory at the last growth. */
  #grow(by: number): void {
    const old = this.#bytes;
    this.#bytes = Buffer.allocUnsafeSlow(Math.ceil(old.length * 1.5) + by);
    old.copy(this.#bytes, 0, 0, this.#length);
    // Freed at once: the garbage collector sees a small object only.
    old.buffer.transfer(0);
  }
}
