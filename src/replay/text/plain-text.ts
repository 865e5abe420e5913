import { gunzipSync } from 'node:zlib';
import { gunzipped, isGzip } from './gunzipped.ts';
import { UnreadableText } from './piece.ts';

/** gzip within gzip, as a bucket's `Content-Encoding` and a tool may leave it. More layers are a bomb. */
const MAX_LAYERS = 3;

/**
 * Any text as UTF-8, chunk by chunk, whatever the file's name: gzip is opened, and UTF-16, which `>` of Windows PowerShell
 * writes, is converted. A byte order mark is removed. UTF-8 itself isn't checked here: the JSON parser checks each value.
 *
 * @throws {UnreadableText} if it is a damaged gzip file, or invalid UTF-16. Errors of `source` unchanged.
 */
export async function* plainText(source: AsyncIterable<Uint8Array>, layer = 0): AsyncGenerator<Uint8Array> {
  const input = source[Symbol.asyncIterator]();
  try {
    const head = await headOf(input);
    const whole = following(head, input);
    if (isGzip(head)) {
      requireLayer(layer);
      yield* plainText(gunzipped(whole), layer + 1);
    } else {
      yield* decoded(whole, utf16Of(head), isMarked(head));
    }
  } finally {
    await input.return?.();
  }
}

/**
 * As {@link plainText}, of bytes in memory.
 *
 * @param maxBytes Text that unpacks to more is unreadable: a small gzip file may hold anything.
 * @throws {UnreadableText}
 */
export function plainBytes(bytes: Uint8Array, maxBytes: number): Uint8Array {
  let plain = bytes;
  for (let layer = 0; isGzip(plain); layer++) {
    requireLayer(layer);
    plain = gunzippedWhole(plain, maxBytes);
  }
  const encoding = utf16Of(plain);
  if (encoding !== undefined) return encoded(() => new TextDecoder(encoding, { fatal: true }).decode(plain));
  return isMarked(plain) ? plain.subarray(3) : plain;
}

/** The encoding of text by its byte order mark or, since JSON begins with an ASCII character, by its zero byte. */
function utf16Of([first, second]: Uint8Array): 'utf-16le' | 'utf-16be' | undefined {
  if (first === undefined || second === undefined) return undefined;
  if ((first === 0xff && second === 0xfe) || (first !== 0 && second === 0)) return 'utf-16le';
  if ((first === 0xfe && second === 0xff) || (first === 0 && second !== 0)) return 'utf-16be';
  return undefined;
}

function isMarked(head: Uint8Array): boolean {
  return head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf;
}

async function* decoded(
  chunks: AsyncIterable<Uint8Array>,
  encoding: 'utf-16le' | 'utf-16be' | undefined,
  isMarked: boolean,
): AsyncGenerator<Uint8Array> {
  // It removes the byte order mark itself.
  const decoder = encoding && new TextDecoder(encoding, { fatal: true });
  let isFirst = true;
  for await (const chunk of chunks) {
    if (decoder) yield encoded(() => decoder.decode(chunk, { stream: true }));
    else yield isFirst && isMarked ? chunk.subarray(3) : chunk;
    isFirst = false;
  }
  if (decoder) yield encoded(() => decoder.decode());
}

function encoded(decode: () => string): Uint8Array {
  try {
    return Buffer.from(decode());
  } catch {
    throw new UnreadableText('is neither UTF-8 nor UTF-16 text');
  }
}

function requireLayer(layer: number): void {
  if (layer === MAX_LAYERS) throw new UnreadableText('is gzip in more layers than three');
}

function gunzippedWhole(bytes: Uint8Array, maxOutputLength: number): Uint8Array {
  const unreadable = () => new UnreadableText('is gzip that is damaged or too large');
  try {
    // With `info` it reports how far it has read: like the stream, it ends at the first zero behind a member.
    const { buffer, engine } = gunzipSync(bytes, { maxOutputLength, info: true }) as unknown as {
      readonly buffer: Buffer;
      readonly engine: { readonly bytesWritten: number };
    };
    if (bytes.subarray(engine.bytesWritten).some((byte) => byte !== 0)) throw unreadable();
    return buffer;
  } catch {
    throw unreadable();
  }
}

/** The first bytes: at least three, unless there are fewer. */
async function headOf(input: AsyncIterator<Uint8Array>): Promise<Uint8Array> {
  let head: Uint8Array = new Uint8Array();
  while (head.length < 3) {
    const { done, value } = await input.next();
    if (done) break;
    head = head.length === 0 ? value : Buffer.concat([head, value]);
  }
  return head;
}

async function* following(head: Uint8Array, input: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  if (head.length > 0) yield head;
  for (let next = await input.next(); !next.done; next = await input.next()) yield next.value;
}
