import type { ListObjectsV2CommandOutput, S3Client } from '@aws-sdk/client-s3';
import { nameOf, TailraceError } from '../errors.ts';
import { awsDenial } from '../source/aws-denial.ts';
import { awsUnusable } from '../source/aws-error.ts';
import type { DeadLetter, DeadLetterStore } from './dead-letter.ts';
import { deadLetterName, fileNameOf, idOf } from './dead-letter-name.ts';

/** Where the letters of a bucket lie: below this and their table's name. */
export const DEAD_LETTER_PREFIX = 'dead-letters/';

/** Where a letter goes once its record is delivered: the same path below this. The bucket expires what lies here. */
export const REPLAYED_PREFIX = 'replayed/';

export type DeadLetterBucketOptions = {
  readonly bucket: string;
  /** What stands before {@link DEAD_LETTER_PREFIX}: empty, or a path that ends in a slash. @default '' */
  readonly prefix?: string;
  /**
   * The account that must own the bucket. In another's hands it is neither written nor read.
   * `null` takes whoever's it is.
   */
  readonly owner: string | null;
  /** @default a client with the environment's region and credentials, made for the first letter */
  readonly client?: Pick<S3Client, 'send'>;
};

type Sdk = typeof import('@aws-sdk/client-s3');

/**
 * Keeps each dead letter as an object of its own in S3. What it holds is raw, so it stays in the account of whoever runs
 * the function. The bucket encrypts it; nothing but a replay or a person removes it.
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
   * Writes the letter to `dead-letters/<table>/` under a name that its record decides: set aside again, it replaces its
   * earlier letter.
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

  /** Moves it to where the bucket expires it: time to notice that a replay went wrong. */
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

  /** @param action What it needs to be allowed, of S3's. */
  async #attempt<T>(
    action: string,
    what: string,
    context: Readonly<Record<string, string | null>>,
    work: (sdk: Sdk, client: Pick<S3Client, 'send'>) => Promise<T>,
  ): Promise<T> {
    try {
      // Loaded here and not at the top: most functions never set a record aside, and would pay for it at every start.
      const sdk = await import('@aws-sdk/client-s3');
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

/** That something isn't there any more is no failure; that the bucket isn't is one. */
function unlessMissing(error: unknown): undefined {
  if (error instanceof TailraceError && nameOf(error.cause) === 'NoSuchKey') return undefined;
  throw error;
}
