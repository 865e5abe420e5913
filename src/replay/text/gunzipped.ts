import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { isObject } from '../../value/is-object.ts';
import { UnreadableText } from './piece.ts';

/** The first two bytes of every gzip file. Source: <https://www.rfc-editor.org/rfc/rfc1952#page-6> */
export function isGzip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

/**
 * Decompresses a gzip file, chunk by chunk: all of its members, as `cat a.gz b.gz` joins them. Zeros behind the last one are
 * padding.
 *
 * @throws {UnreadableText} if it is cut off or damaged, or has other bytes behind its end. Errors of `source` unchanged.
 */
export async function* gunzipped(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const input = source[Symbol.asyncIterator]();
  const gunzip = createGunzip({ chunkSize: 64 * 1024 });
  /** Chunks that the decompressor hasn't consumed to their end, each with the offset of that end. */
  const given: { readonly chunk: Uint8Array; readonly end: number }[] = [];
  let end = 0;
  async function* feed() {
    for (;;) {
      const { done, value } = await input.next();
      if (done) return;
      end += value.length;
      while (given[0] && given[0].end <= gunzip.bytesWritten) given.shift();
      given.push({ chunk: value, end });
      yield value;
    }
  }
  const feeding = pipeline(Readable.from(feed()), gunzip);
  // Awaited below, unless the decompressor itself fails first.
  feeding.catch(() => {});
  try {
    yield* gunzip as AsyncIterable<Uint8Array>;
    await feeding.catch(unlessEarly);
    for (const { chunk, end } of given)
      requireZeros(chunk.subarray(Math.max(0, chunk.length - (end - gunzip.bytesWritten))), end > gunzip.bytesWritten);
    for (let rest = await input.next(); !rest.done; rest = await input.next()) requireZeros(rest.value, true);
  } catch (error) {
    const code = isError(error) ? error.code : '';
    if (code === 'Z_BUF_ERROR') throw new UnreadableText('is a gzip file that is cut off');
    if (typeof code === 'string' && code.startsWith('Z_')) throw new UnreadableText('is a damaged gzip file');
    throw error;
  } finally {
    gunzip.destroy();
    await input.return?.();
  }
}

/** The decompressor ends at the first zero behind a member, and closes its input early. */
function unlessEarly(error: unknown): void {
  if (!isError(error) || error.code !== 'ERR_STREAM_PREMATURE_CLOSE') throw error;
}

function requireZeros(bytes: Uint8Array, isBehind: boolean): void {
  if (isBehind && bytes.some((byte) => byte !== 0)) throw new UnreadableText('is a damaged gzip file');
}

function isError(error: unknown): error is { readonly code: unknown } {
  return isObject(error) && 'code' in error;
}
