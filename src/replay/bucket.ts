import type { ListObjectsV2CommandOutput, S3Client } from '@aws-sdk/client-s3';
import { TailraceError } from '../errors.ts';
import { ahead } from './ahead.ts';
import type { Leftover, Leftovers } from './leftover.ts';
import { serviceError } from './service-error.ts';

/** A bucket, and what the keys of its objects begin with. */
export type BucketPrefix = { readonly bucket: string; readonly prefix: string };

/**
 * The largest that a failure object can be, and more: 6 MB of event, escaped as text within text.
 * Source: <https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html>
 */
const MAX_BYTES = 32 * 1024 * 1024;

/** Objects that are fetched while the one before is delivered. */
const AHEAD = 4;

/** Reads `s3://bucket/prefix`, or gives `undefined` if it isn't one. */
export function parseBucketPrefix(url: string): BucketPrefix | undefined {
  const [, bucket, prefix = ''] = /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:\/(.*))?$/s.exec(url) ?? [];
  return bucket === undefined ? undefined : { bucket, prefix };
}

/** The objects of a bucket. All stay where they are, delivered or not: what became of them is for their owner. */
export class BucketLeftovers implements Leftovers {
  readonly name: string;
  readonly #client: Pick<S3Client, 'send'>;
  readonly #place: BucketPrefix;

  constructor(client: Pick<S3Client, 'send'>, place: BucketPrefix) {
    this.name = `s3://${place.bucket}/${place.prefix}`;
    this.#client = client;
    this.#place = place;
  }

  /** @throws {TailraceError} `usage-invalid` if there is no such bucket, `source-denied`, `source-unavailable`. */
  async *all(signal: AbortSignal): AsyncIterable<Leftover> {
    yield* ahead(this.#objects(signal), AHEAD, async ({ key, bytes }) => {
      const name = `s3://${this.#place.bucket}/${key}`;
      const text = bytes > MAX_BYTES ? tooLarge(name, bytes) : this.#text(key, name);
      text.catch(() => {});
      await Promise.allSettled([text]);
      return { name, text: () => text, settle: async () => {}, keep: async () => {} };
    });
  }

  async close(): Promise<void> {}

  async *#objects(signal: AbortSignal): AsyncGenerator<{ readonly key: string; readonly bytes: number }> {
    const { bucket, prefix } = this.#place;
    const { ListObjectsV2Command } = await import('@aws-sdk/client-s3');
    let token: string | undefined;
    do {
      const command = new ListObjectsV2Command({ Bucket: bucket, Prefix: prefix, ContinuationToken: token });
      const page: ListObjectsV2CommandOutput = await this.#client
        .send(command, { abortSignal: signal })
        .catch(failure('s3:ListBucket', `bucket ${bucket}`));
      for (const { Key: key = '', Size: bytes = 0 } of page.Contents ?? []) {
        // What the console makes to show a folder.
        if (!(key.endsWith('/') && bytes === 0)) yield { key, bytes };
      }
      token = page.NextContinuationToken;
    } while (token !== undefined && !signal.aborted);
  }

  async #text(key: string, name: string): Promise<string> {
    const { GetObjectCommand } = await import('@aws-sdk/client-s3');
    const fail = failure('s3:GetObject', name);
    const { Body } = await this.#client
      .send(new GetObjectCommand({ Bucket: this.#place.bucket, Key: key }))
      .catch(fail);
    const bytes = (await Body?.transformToByteArray().catch(fail)) ?? new Uint8Array();
    try {
      return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    } catch (cause) {
      throw new TailraceError('event-invalid', `${name} is not UTF-8 text`, { context: { name }, cause });
    }
  }
}

async function tooLarge(name: string, bytes: number): Promise<never> {
  throw new TailraceError('event-invalid', `${name} is too large for what a failure leaves behind`, {
    context: { name, bytes },
  });
}

function failure(action: string, subject: string) {
  return (error: unknown): never => {
    throw serviceError(error, { action, subject, place: 'S3' });
  };
}
