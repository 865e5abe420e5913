import type { ListObjectsV2CommandOutput, S3Client } from '@aws-sdk/client-s3';
import { nameOf, TailraceError } from '../errors.ts';
import type { FailedBatch, FailedBatches } from './failed-batch.ts';
import { prefetch } from './prefetch.ts';
import { serviceError } from './service-error.ts';

/** A bucket, and the beginning of its objects' keys. */
export type BucketLocation = { readonly bucket: string; readonly prefix: string };

/** A larger object isn't buffered: it is streamed, each time that it is read. Failure objects are hardly ever larger. */
const MAX_BUFFERED_BYTES = 8 * 1024 * 1024;

/** Objects that are fetched before they are needed. */
const PREFETCHED = 4;

/** An object, with the tag of its content if the server gives one. */
type ListedObject = { readonly key: string; readonly bytes: number; readonly tag: string | undefined };

/** Parses `s3://bucket/prefix`; `undefined` if it isn't one. */
export function parseBucketLocation(url: string): BucketLocation | undefined {
  const [, bucket, prefix = ''] = /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:\/(.*))?$/s.exec(url) ?? [];
  return bucket === undefined ? undefined : { bucket, prefix };
}

/** The objects of a bucket. All stay where they are, delivered or not: removing them is up to their owner. */
export class FailureBucket implements FailedBatches {
  readonly name: string;
  readonly #client: Pick<S3Client, 'send'>;
  readonly #location: BucketLocation;

  constructor(client: Pick<S3Client, 'send'>, location: BucketLocation) {
    this.name = `s3://${location.bucket}/${location.prefix}`;
    this.#client = client;
    this.#location = location;
  }

  /** @throws {TailraceError} `usage-invalid` if there is no such bucket, `source-denied`, `source-unavailable`. */
  async *all(signal: AbortSignal): AsyncIterable<FailedBatch> {
    yield* prefetch(this.#objects(signal), PREFETCHED, async ({ key, bytes, tag }) => {
      const name = `s3://${this.#location.bucket}/${key}`;
      const buffered = bytes > MAX_BUFFERED_BYTES ? undefined : this.#buffered(key, name);
      if (buffered) await Promise.allSettled([buffered]);
      const read = async function* (chunk: Promise<Uint8Array>) {
        yield await chunk;
      };
      return {
        name,
        bytes: (signal) => (buffered ? read(buffered) : this.#streamed(key, tag, name, signal)),
        acknowledge: async () => {},
        leave: async () => {},
      };
    });
  }

  async close(): Promise<void> {}

  async *#objects(signal: AbortSignal): AsyncGenerator<ListedObject> {
    const { bucket, prefix } = this.#location;
    const { ListObjectsV2Command } = await import('@aws-sdk/client-s3');
    let token: string | undefined;
    do {
      const command = new ListObjectsV2Command({ Bucket: bucket, Prefix: prefix, ContinuationToken: token });
      const page: ListObjectsV2CommandOutput = await this.#client
        .send(command, { abortSignal: signal })
        .catch(failure('s3:ListBucket', `bucket ${bucket}`));
      for (const { Key: key = '', Size: bytes = 0, ETag: tag } of page.Contents ?? []) {
        // The console makes such an object to show a folder.
        if (!(key.endsWith('/') && bytes === 0)) yield { key, bytes, tag };
      }
      token = page.NextContinuationToken;
    } while (token !== undefined && !signal.aborted);
  }

  async #buffered(key: string, name: string): Promise<Uint8Array> {
    const { GetObjectCommand } = await import('@aws-sdk/client-s3');
    const fail = objectFailure(name);
    const { Body } = await this.#client
      .send(new GetObjectCommand({ Bucket: this.#location.bucket, Key: key }))
      .catch(fail);
    return (await Body?.transformToByteArray().catch(fail)) ?? new Uint8Array();
  }

  /** Reads the same object each time: one that has replaced it since is refused. */
  async *#streamed(
    key: string,
    tag: string | undefined,
    name: string,
    signal: AbortSignal,
  ): AsyncGenerator<Uint8Array> {
    const { GetObjectCommand } = await import('@aws-sdk/client-s3');
    const command = new GetObjectCommand({ Bucket: this.#location.bucket, Key: key, ...(tag && { IfMatch: tag }) });
    try {
      const { Body } = await this.#client.send(command, { abortSignal: signal });
      if (Body) yield* Body as unknown as AsyncIterable<Uint8Array>;
    } catch (error) {
      objectFailure(name)(error);
    }
  }
}

/** Throws `event-invalid` for an object that is gone, archived or replaced: the others are read all the same. */
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
