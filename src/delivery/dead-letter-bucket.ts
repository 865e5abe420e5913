import type { S3Client } from '@aws-sdk/client-s3';
import { nameOf, TailraceError } from '../errors.ts';
import type { DeadLetter, DeadLetters } from './dead-letter.ts';
import { deadLetterName } from './dead-letter-name.ts';

/** Where the letters of a bucket lie: below this and their table's name. */
export const DEAD_LETTER_PREFIX = 'dead-letters/';

export type DeadLetterBucketOptions = {
  readonly bucket: string;
  /** The account that must own the bucket: the source's own. In another's hands it is not written to. */
  readonly owner: string;
  /** @default a client with the environment's region and credentials, made for the first letter */
  readonly client?: Pick<S3Client, 'send'>;
};

/**
 * Keeps each dead letter as an object of its own in S3, in the source's own account: what it holds is raw, so it stays
 * where the source is. The bucket encrypts it; nothing but a replay removes it.
 */
export class DeadLetterBucket implements DeadLetters {
  readonly #bucket: string;
  readonly #owner: string;
  #client: Pick<S3Client, 'send'> | undefined;

  constructor({ bucket, owner, client }: DeadLetterBucketOptions) {
    this.#bucket = bucket;
    this.#owner = owner;
    this.#client = client;
  }

  /**
   * Writes the letter to `dead-letters/<table>/` under a name that its record decides: set aside again, it replaces its
   * earlier letter.
   *
   * @throws {TailraceError} `dead-letter-failed` if S3 didn't confirm it.
   */
  async put(letter: DeadLetter): Promise<void> {
    const key = `${DEAD_LETTER_PREFIX}${letter.table}/${deadLetterName(letter)}`;
    try {
      // Loaded here and not at the top: most functions never set a record aside, and would pay for it at every start.
      const { PutObjectCommand, S3Client } = await import('@aws-sdk/client-s3');
      this.#client ??= new S3Client();
      await this.#client.send(
        new PutObjectCommand({
          Bucket: this.#bucket,
          ExpectedBucketOwner: this.#owner,
          Key: key,
          ContentType: 'application/json',
          Body: JSON.stringify(letter, null, 2),
        }),
      );
    } catch (cause) {
      throw new TailraceError('dead-letter-failed', `S3 did not take a dead letter: ${nameOf(cause)}`, {
        context: { table: letter.table, sequence_number: letter.sequence_number, bucket: this.#bucket, key },
        cause,
      });
    }
  }
}
