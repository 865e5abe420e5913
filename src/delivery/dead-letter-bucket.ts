import type { ListObjectsV2CommandOutput, S3Client } from '@aws-sdk/client-s3';
import { nameOf, TailraceError } from '../errors.ts';
import { awsDenial } from '../source/aws-denial.ts';
import { awsUnusable } from '../source/aws-error.ts';
import type { DeadLetter, DeadLetterStore } from './dead-letter.ts';
import { deadLetterName, fileNameOf, idOf } from './dead-letter-name.ts';

/** The folder of a bucket's letters, in a folder for each table. */
export const DEAD_LETTER_PREFIX = 'dead-letters/';

/** The folder to which a letter moves once its record is delivered, with the same path below. Its objects expire. */
export const REPLAYED_PREFIX = 'replayed/';

export type DeadLetterBucketOptions = {
  readonly bucket: string;
  /** Goes before {@link DEAD_LETTER_PREFIX}: empty, or a path that ends in a slash. @default '' */
  readonly prefix?: string;
  /** The account that must own the bucket; another account's is neither written nor read. `null` takes any. */
  readonly owner: string | null;
  /** @default a client with the environment's region and credentials, made for the first letter */
  readonly client?: Pick<S3Client, 'send'>;
};

type Sdk = typeof import('@aws-sdk/client-s3');

/**
 * Stores each dead letter as an object of its own in S3. Records in letters are raw, so they stay in the account that runs the
 * function. The bucket encrypts them; only a replay or a person removes them.
 */
export class DeadLetterBucket implements DeadLetterStore {
  readonly name: string;
  readonly #bucket: { readonly Bucket: string; readonly ExpectedBucketOwner?: string };
  readonly #prefix: string;
  #client: Pick<S3Client, 'send'> | undefined;

  constructor({ bucket, prefix = '', owner, client }: DeadLetterBucketOptions) {
    this.name = `s3://${bucket}/${prefix}${DEAD_LETTER_PREFIX}`;
    this.#bucket = { Bucket: bucket, ...(owner !== null && { ExpectedBucketOwner: owner }) };
    this.#prefix = prefix;
    this.#client = client;
  }

  /**
   * Writes the letter to `dead-letters/<table>/` under a name that its record decides: a record that is set aside again replaces
   * its letter.
   *
   * @throws {TailraceError} `dead-letter-failed` if S3 didn't confirm it.
   */
  async put(letter: DeadLetter): Promise<void> {
    const Key = `${this.#folder(letter.table)}${deadLetterName(letter)}`;
    const context = { table: letter.table, sequence_number: letter.sequence_number, key: Key };
    await this.#attempt('PutObject', 'did not take a dead letter', context, ({ PutObjectCommand }, client) => {
      const Body = JSON.stringify(letter, null, 2);
      return client.send(new PutObjectCommand({ ...this.#bucket, Key, ContentType: 'application/json', Body }));
    });
  }

  list(table: string): Promise<readonly string[]> {
    const Prefix = this.#folder(table);
    return this.#attempt('ListBucket', 'did not list dead letters', { table }, async (sdk, client) => {
      const ids: string[] = [];
      let from: { readonly ContinuationToken?: string } | undefined = {};
      while (from !== undefined) {
        const request = new sdk.ListObjectsV2Command({ ...this.#bucket, Prefix, ...from });
        const page: ListObjectsV2CommandOutput = await client.send(request);
        for (const { Key = '' } of page.Contents ?? []) {
          const id = idOf(Key.slice(Prefix.length));
          if (id !== undefined) ids.push(id);
        }
        const { NextContinuationToken: next } = page;
        from = next === undefined ? undefined : { ContinuationToken: next };
      }
      return ids.sort();
    });
  }

  read(table: string, id: string): Promise<Uint8Array | undefined> {
    const Key = this.#keyOf(table, id);
    return this.#attempt('GetObject', 'did not give a dead letter', { key: Key }, async (sdk, client) => {
      const { Body } = await client.send(new sdk.GetObjectCommand({ ...this.#bucket, Key }));
      return Body?.transformToByteArray();
    }).catch(unlessMissing);
  }

  /** Moves it to {@link REPLAYED_PREFIX}: that leaves time to notice that a replay went wrong. */
  async archive(table: string, id: string): Promise<void> {
    const Key = this.#keyOf(table, id);
    const target = `${this.#prefix}${REPLAYED_PREFIX}${Key.slice(this.#prefix.length)}`;
    const CopySource = [this.#bucket.Bucket, ...Key.split('/')].map(encodeURIComponent).join('/');
    const what = 'did not move a replayed dead letter';
    const copied = await this.#attempt('PutObject', what, { key: target }, (sdk, client) =>
      client.send(new sdk.CopyObjectCommand({ ...this.#bucket, CopySource, Key: target })),
    ).catch(unlessMissing);
    if (copied === undefined) return;
    await this.#attempt('DeleteObject', what, { key: Key }, (sdk, client) =>
      client.send(new sdk.DeleteObjectCommand({ ...this.#bucket, Key })),
    );
  }

  async remove(table: string, id: string): Promise<void> {
    const Key = this.#keyOf(table, id);
    await this.#attempt('DeleteObject', 'did not remove a dead letter', { key: Key }, (sdk, client) =>
      client.send(new sdk.DeleteObjectCommand({ ...this.#bucket, Key })),
    );
  }

  #folder(table: string): string {
    return `${this.#prefix}${DEAD_LETTER_PREFIX}${table}/`;
  }

  #keyOf(table: string, id: string): string {
    return `${this.#folder(table)}${fileNameOf(id)}`;
  }

  /** @param action The permission that it needs, without `s3:`. */
  async #attempt<T>(
    action: string,
    what: string,
    context: Readonly<Record<string, string | null>>,
    work: (sdk: Sdk, client: Pick<S3Client, 'send'>) => Promise<T>,
  ): Promise<T> {
    try {
      // Loaded here and not at the top: it slows down every cold start, and most functions never set a record aside.
      const sdk = await import('@aws-sdk/client-s3');
      // A function's environment has a region and credentials; `createS3Client`, which looks for them, would only make its bundle larger.
      this.#client ??= new sdk.S3Client();
      return await work(sdk, this.#client);
    } catch (cause) {
      const { Bucket: bucket } = this.#bucket;
      const subject = context['key'] === undefined ? `bucket ${bucket}` : `s3://${bucket}/${context['key']}`;
      const call = { action: `s3:${action}`, subject, endpoint: 'S3' };
      const why = awsDenial(cause, call) ?? awsUnusable(cause, call);
      throw new TailraceError('dead-letter-failed', `S3 ${what}: ${why?.message ?? nameOf(cause)}`, {
        context: { bucket, ...context },
        ...(why && { remedy: why.remedy }),
        cause,
      });
    }
  }
}

/** A missing object is no failure; a missing bucket is one. */
function unlessMissing(error: unknown): undefined {
  if (error instanceof TailraceError && nameOf(error.cause) === 'NoSuchKey') return undefined;
  throw error;
}
