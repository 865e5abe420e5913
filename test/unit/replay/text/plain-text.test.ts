import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { plainBytes, plainText } from '../../../../src/replay/text/plain-text.ts';

const TEXT = '{"a":"é😀\u2028"}\n';
const utf16 = (text: string, mark = '\ufeff') => Buffer.from(`${mark}${text}`, 'utf16le');
const swapped = (bytes: Buffer) => Buffer.from(bytes).swap16();
const twice = Buffer.concat([gzipSync(TEXT), gzipSync(TEXT)]);

/** What is given of bytes that come in chunks of a size, and whether the source was closed. */
async function read(bytes: Uint8Array, size: number) {
  const ended = { isClosed: false };
  async function* source() {
    try {
      for (let from = 0; from < bytes.length; from += size) yield bytes.subarray(from, from + size);
    } finally {
      ended.isClosed = true;
    }
  }
  const chunks: Uint8Array[] = [];
  try {
    for await (const chunk of plainText(source())) chunks.push(chunk);
    return Buffer.concat(chunks).toString();
  } finally {
    expect(ended.isClosed || bytes.length === 0).toBe(true);
  }
}

describe.each([1, 2, 3, 7, 20, 100_000])('in chunks of %d bytes', (size) => {
  test.each([
    ['UTF-8', Buffer.from(TEXT), TEXT],
    ['UTF-8 with a byte order mark', Buffer.from(`\ufeff${TEXT}`), TEXT],
    ['UTF-16 as PowerShell writes it', utf16(TEXT), TEXT],
    ['UTF-16 without its mark', utf16(TEXT, ''), TEXT],
    ['UTF-16, the other way round', swapped(utf16(TEXT)), TEXT],
    ['UTF-16, the other way round, without its mark', swapped(utf16(TEXT, '')), TEXT],
    ['gzip', gzipSync(TEXT), TEXT],
    ['gzip of UTF-16', gzipSync(utf16(TEXT)), TEXT],
    ['gzip files that were joined', twice, TEXT + TEXT],
    ['gzip in gzip', gzipSync(gzipSync(TEXT)), TEXT],
    ['gzip that is padded with zeros', Buffer.concat([twice, Buffer.alloc(512)]), TEXT + TEXT],
    ['gzip of nothing', gzipSync(''), ''],
    ['nothing', Buffer.alloc(0), ''],
    ['one byte', Buffer.from('1'), '1'],
  ])('%s is read', async (_, bytes, text) => {
    expect(await read(bytes, size)).toBe(text);
    expect(Buffer.from(plainBytes(bytes, 1_000_000)).toString()).toBe(text);
  });

  test.each([
    ['gzip that is cut off', twice.subarray(0, -3), 'is a gzip file that is cut off'],
    ['gzip that is cut off within its head', twice.subarray(0, 5), 'is a gzip file that is cut off'],
    ['gzip with something behind it', Buffer.concat([twice, Buffer.from(TEXT)]), 'is a damaged gzip file'],
    ['gzip with something behind zeros', Buffer.concat([twice, Buffer.alloc(9), twice]), 'is a damaged gzip file'],
    ['gzip with a flipped bit', flipped(twice, 14), 'is a damaged gzip file'],
    ['gzip in too many layers', gzipSync(gzipSync(gzipSync(gzipSync(TEXT)))), 'is gzip in more layers than three'],
    ['UTF-16 with half a character', utf16('{"a":"\ud83d"}'), 'is neither UTF-8 nor UTF-16 text'],
    ['UTF-16 with half a unit', utf16(TEXT).subarray(0, -1), 'is neither UTF-8 nor UTF-16 text'],
  ])('%s is refused', async (_, bytes, problem) => {
    await expect(read(bytes, size)).rejects.toThrow(problem);
    expect(() => plainBytes(bytes, 1_000_000)).toThrow();
  });
});

test('gzip in memory that comes to more than it may is refused before it is there', () => {
  expect(() => plainBytes(gzipSync(Buffer.alloc(10_000_000)), 1_000_000)).toThrow('damaged or too large');
});

test('what the source throws is thrown as it is', async () => {
  const failure = Object.assign(new Error('EIO'), { code: 'EIO' });
  async function* source() {
    yield gzipSync(TEXT).subarray(0, 12);
    throw failure;
  }

  await expect(plainText(source()).next()).rejects.toBe(failure);
});

test('a reading that is given up closes the source', async () => {
  let isClosed = false;
  async function* source() {
    try {
      for (;;) yield gzipSync(Buffer.alloc(1_000_000, '{}'));
    } finally {
      isClosed = true;
    }
  }

  for await (const _ of plainText(source())) break;

  expect(isClosed).toBe(true);
});

function flipped(bytes: Buffer, at: number): Buffer {
  const damaged = Buffer.from(bytes);
  damaged[at] = (damaged[at] ?? 0) ^ 1;
  return damaged;
}
