import { Buffer } from 'node:buffer';
import { type ApiAnswer, ApiFailure, type Purpose } from './api.ts';
import type { Call, Caller } from './caller.ts';
import { hasStatus } from './errors.ts';

/** A block of a file, and whether it is its last. All others are {@link BLOCK_BYTES} long. */
type Block = { readonly bytes: Buffer; readonly isLast: boolean };

/**
 * A multiple of 256 KB, which blocks must be.
 * Source: <https://docs.cloud.google.com/bigquery/docs/reference/api-uploads#resumable>
 */
export const BLOCK_BYTES = 8 * 1024 * 1024;

/** MIME type of a block, sent at the start of an upload and with each block. */
export const BLOCK_TYPE = 'application/octet-stream';

/** Attempts to send a file whose session BigQuery loses. */
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
        // A new buffer: an attempt to send the last block may still use it.
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
 * Sends a file of any size, with one block in memory. If the answer to a block gets lost, it resumes where BigQuery
 * says.
 *
 * @param start The request that starts the upload, with the resource as its body.
 * @param blocks Gives the file's blocks, each time that it is sent from its beginning.
 * @returns The resource once the file has arrived.
 * @throws {TailraceError} as {@link Caller.call} does.
 */
export async function uploadBlocks(caller: Caller, start: Call, blocks: () => Iterable<Block>): Promise<object> {
  for (let sessions = 1; ; sessions++) {
    const session = await caller.retry(start, async (until) => {
      const { location } = await caller.exchange({ ...start, until });
      if (location === null) throw new ApiFailure({ reason: 'noUploadSession' });
      return location;
    });
    try {
      return await sendAll(caller, start, session, blocks());
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
  throw new Error('BigQuery asks for more than the file has');
}

/** Gives the resource once the whole file has arrived; `undefined` once the block has. */
async function sendBlock(
  caller: Caller,
  put: Call,
  { bytes, isLast }: Block,
  start: number,
): Promise<object | undefined> {
  const end = start + bytes.length;
  const total = isLast ? `${end}` : '*';
  let arrived: number | undefined = start;
  return caller.retry(put, async (until) => {
    for (;;) {
      const from: number | undefined = arrived;
      // If this attempt fails, the next one first asks how much has arrived.
      arrived = undefined;
      const isQuestion = from === undefined || from === end;
      const answer = await caller.exchange({
        ...put,
        until,
        headers: { 'Content-Range': `bytes ${isQuestion ? '*' : `${from}-${end - 1}`}/${total}` },
        body: { type: BLOCK_TYPE, bytes: isQuestion ? '' : bytes.subarray(from - start) },
      });
      if (answer.status !== 308) return answer.json;
      arrived = lengthIn(answer);
      if (arrived < start || arrived > end) throw new ApiFailure({ status: 410, reason: 'uploadLost' });
      if (arrived === end && !isLast) return undefined;
      if (arrived === from) throw new ApiFailure({ status: 503, reason: 'backendError' });
    }
  });
}

/**
 * How many bytes of the file have arrived.
 *
 * Google's page has `Range: 0-42`, its servers were seen to send `bytes=0-42`.
 * Source: <https://docs.cloud.google.com/bigquery/docs/reference/api-uploads#resume-upload>
 */
function lengthIn({ range }: ApiAnswer): number {
  const last = /^(?:bytes=)?0-([0-9]+)$/.exec(range ?? '')?.[1];
  return last === undefined ? 0 : Number(last) + 1;
}
