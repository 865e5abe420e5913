import type { ListObjectsV2CommandOutput, S3Client } from '@aws-sdk/client-s3';
import { nameOf, TailraceError } from '../errors.ts';
import type { FailedBatch, FailedBatches } from './failed-batch.ts';
import { prefetch } from './prefetch.ts';
import { serviceError } from './service-error.ts';

/** A bucket, and what the keys of its objects begin with. */
export type BucketLocation = { readonly bucket: string; readonly prefix: string };

/** What is larger is read as it comes, and again where it is needed again. Failure objects are hardly ever larger. */
const MAX_HELD_BYTES = 8 * 1024 * 1024;

/** Objects that are fetched while the one before is delivered. */
const AHEAD = 4;

/** An object, with the tag of its content if the server gives one. */
type ListedObject = { readonly key: string; readonly bytes: number; readonly tag: string | undefined };

/** Reads `s3://bucket/prefix`, or gives `undefined` if it isn't one. */
export function parseBucketLocation(url: string): BucketLocation | undefined {
  const [, bucket, prefix = ''] = /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:\/(.*))?$/s.exec(url) ?? [];
  return bucket === undefined ? undefined : { bucket, prefix };
}

/** The objects of a bucket. All stay where they are, delivered or not: what became of them is for their owner. */
export class FailureBucket implements FailedBatches {
  readonly name: string;
  readonly #client: Pick<S3Client, 'send'>;
  readonly #place: BucketLocation;

  constructor(client: Pick<S3Client, 'send'>, place: BucketLocation) {
    this.name = `s3://${place.bucket}/${place.prefix}`;
    this.#client = client;
    this.#place = place;
  }

  /** @throws {TailraceError} `usage-invalid` if there is no such bucket, `source-denied`, `source-unavailable`. */
  async *all(signal: AbortSignal): AsyncIterable<FailedBatch> {
    yield* prefetch(this.#objects(signal), AHEAD, async ({ key, bytes, tag }) => {
      const name = `s3://${this.#place.bucket}/${key}`;
      const held = bytes > MAX_HELD_BYTES ? undefined : this.#held(key, name);
      if (held) await Promise.allSettled([held]);
      const read = async function* (chunk: Promise<Uint8Array>) {
        yield await chunk;
      };
      return {
        name,
        bytes: (signal) => (held ? read(held) : this.#streamed(key, tag, name, signal)),
        acknowledge: async () => {},
        leave: async () => {},
      };
    });
  }

  async close(): Promise<void> {}

  async *#objects(signal: AbortSignal): AsyncGenerator<ListedObject> {
    const { bucket, prefix } = this.#place;
    const { ListObjectsV2Command } = await import('@aws-sdk/client-s3');
    let token: string | undefined;
    do {
      const command = new ListObjectsV2Command({ Bucket: bucket, Prefix: prefix, ContinuationToken: token });
      const page: ListObjectsV2CommandOutput = await this.#client
        .send(command, { abortSignal: signal })
        .catch(failure('s3:ListBucket', `bucket ${bucket}`));
      for (const { Key: key = '', Size: bytes = 0, ETag: tag } of page.Contents ?? []) {
        // What the console makes to show a folder.
        if (!(key.endsWith('/') && bytes === 0)) yield { key, bytes, tag };
      }
      token = page.NextContinuationToken;
    } while (token !== undefined && !signal.aborted);
  }

  async #held(key: string, name: string): Promise<Uint8Array> {
    const { GetObjectCommand } = await import('@aws-sdk/client-s3');
    const fail = objectFailure(name);
    const { Body } = await this.#client
      .send(new GetObjectCommand({ Bucket: this.#place.bucket, Key: key }))
      .catch(fail);
    return (await Body?.transformToByteArray().catch(fail)) ?? new Uint8Array();
  }

  /** The same object each time: another that was put in its place meanwhile is refused. */
  async *#streamed(
    key: string,
    tag: string | undefined,
    name: string,
    signal: AbortSignal,
  ): AsyncGenerator<Uint8Array> {
    const { GetObjectCommand } = await import('@aws-sdk/client-s3');
    const command = new GetObjectCommand({ Bucket: this.#place.bucket, Key: key, ...(tag && { IfMatch: tag }) });
    try {
      const { Body } = await this.#client.send(command, { abortSignal: signal });
      if (Body) yield* Body as unknown as AsyncIterable<Uint8Array>;
    } catch (error) {
      objectFailure(name)(error);
    }
  }
}

/** What is wrong with one object keeps no other out: it is gone, archived, or not what it was. */
function objectFailure(name: string) {
  return (error: unknown): never => {
    const isReplaced = nameOf(error) === 'PreconditionFailed';
    const named = isReplaced
      ? undefined
      : serviceError(error, { action: 's3:GetObject', subject: name, endpoint: 'S3' });
    if (named && named.kind !== 'usage-invalid') throw named;
    const problem = named?.message.slice(name.length) ?? ' was replaced while it was read';
    throw new TailraceError('event-invalid', `${name}${problem}`, {
      context: { name },
      remedy: 'See that it can be read, and run it again.',
      cause: error,
    });
  };
}

function failure(action: string, subject: string) {
  return (error: unknown): never => {
    throw serviceError(error, { action, subject, endpoint: 'S3' });
  };
}
