import { Buffer } from 'node:buffer';
import { type ApiAnswer, ApiFailure, type Purpose } from './api.ts';
import type { Call, Caller } from './caller.ts';
import { hasStatus } from './errors.ts';

/** A block of a file, and whether it is its last. All others are {@link BLOCK_BYTES} long. */
export type Block = { readonly bytes: Buffer; readonly isLast: boolean };

/**
 * A multiple of 256 KB, which blocks must be.
 * Source: <https://docs.cloud.google.com/bigquery/docs/reference/api-uploads#resumable>
 */
export const BLOCK_BYTES = 8 * 1024 * 1024;

/** MIME type of a block, said when an upload is begun and with each block. */
export const BLOCK_TYPE = 'application/octet-stream';

/** How often a file is sent from its beginning whose session BigQuery has lost. */
const MAX_SESSIONS = 3;
const BLOCK_TIMEOUT_MS = 2 * 60 * 1000;

/** A file as blocks, one of them in memory. An empty file is one empty block. */
export function* blocksOf(parts: Iterable<Buffer>): Generator<Block> {
  let block = Buffer.allocUnsafe(BLOCK_BYTES);
  let filled = 0;
  for (const part of parts) {
    for (let taken = 0; taken < part.length; ) {
      if (filled === BLOCK_BYTES) {
        yield { bytes: block, isLast: false };
        // Another one: an attempt to send the last may not have let go of it.
        block = Buffer.allocUnsafe(BLOCK_BYTES);
        filled = 0;
      }
      const copied = part.copy(block, filled, taken);
      filled += copied;
      taken += copied;
    }
  }
  yield { bytes: block.subarray(0, filled), isLast: true };
}

/**
 * Sends a file of any size, a block of it in memory. A block whose answer was lost is asked about and gone on with.
 *
 * @param begin The request that begins it, with the resource as its body.
 * @param blocks Gives the file's blocks each time that it is sent from its beginning.
 * @returns The resource as it is when the file has come.
 * @throws {TailraceError} as {@link Caller.call} does.
 */
export async function uploadBlocks(caller: Caller, begin: Call, blocks: () => Iterable<Block>): Promise<object> {
  for (let sessions = 1; ; sessions++) {
    const session = await caller.retry(begin, async (until) => {
      const { location } = await caller.exchange({ ...begin, until });
      if (location === null) throw new ApiFailure({ reason: 'noUploadSession' });
      return location;
    });
    try {
      return await sendAll(caller, begin, session, blocks());
    } catch (error) {
      const isLost = hasStatus(error, 404) || hasStatus(error, 410);
      if (!isLost || sessions === MAX_SESSIONS) throw error;
    }
  }
}

async function sendAll(
  caller: Caller,
  { doing, permission }: Purpose,
  session: string,
  blocks: Iterable<Block>,
): Promise<object> {
  const put: Call = { doing, permission, method: 'PUT', path: '', session, timeoutMs: BLOCK_TIMEOUT_MS };
  let start = 0;
  for (const block of blocks) {
    const resource = await sendBlock(caller, put, block, start);
    if (resource) return resource;
    start += block.bytes.length;
  }
  throw new Error('BigQuery waits for more than the file holds');
}

/** Gives the resource once the whole file has come; `undefined` when the block has. */
async function sendBlock(
  caller: Caller,
  put: Call,
  { bytes, isLast }: Block,
  start: number,
): Promise<object | undefined> {
  const end = start + bytes.length;
  const total = isLast ? `${end}` : '*';
  let come: number | undefined = start;
  return caller.retry(put, async (until) => {
    for (;;) {
      const from: number | undefined = come;
      // What became of an attempt that fails isn't known: then that is asked first.
      come = undefined;
      const isAsked = from === undefined || from === end;
      const answer = await caller.exchange({
        ...put,
        until,
        headers: { 'Content-Range': `bytes ${isAsked ? '*' : `${from}-${end - 1}`}/${total}` },
        body: { type: BLOCK_TYPE, bytes: isAsked ? '' : bytes.subarray(from - start) },
      });
      if (answer.status !== 308) return answer.json;
      come = lengthIn(answer);
      if (come < start || come > end) throw new ApiFailure({ status: 410, reason: 'uploadLost' });
      if (come === end && !isLast) return undefined;
      if (come === from) throw new ApiFailure({ status: 503, reason: 'backendError' });
    }
  });
}

/**
 * How many bytes of the file have come.
 *
 * Google's page has `Range: 0-42`, its servers were seen to send `bytes=0-42`.
 * Source: <https://docs.cloud.google.com/bigquery/docs/reference/api-uploads#resume-upload>
 */
function lengthIn({ range }: ApiAnswer): number {
  const last = /^(?:bytes=)?0-([0-9]+)$/.exec(range ?? '')?.[1];
  return last === undefined ? 0 : Number(last) + 1;
}
