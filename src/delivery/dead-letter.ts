import type { ErrorKind } from '../errors.ts';

/**
 * A record that can never be written, set aside with its reason: the same envelope wherever dead letters are stored.
 *
 * Fields are in `snake_case` because this is a file format.
 */
export type DeadLetter = {
  readonly version: 1;
  /** Name of the source table. */
  readonly table: string;
  readonly stream_arn: string | null;
  readonly shard_id: string | null;
  readonly sequence_number: string | null;
  /**
   * The time that the batch gave to a record without one, ISO 8601 in UTC: the record alone could never be delivered.
   * Absent if the record has a time, or the batch had none.
   */
  readonly changed_at?: string;
  readonly kind: ErrorKind;
  /** Why, in words that hold no attribute value. */
  readonly reason: string;
  /** When it was set aside, ISO 8601 in UTC. */
  readonly at: string;
  /** The rules of a transform that `record` has been through; `null` if it is raw. */
  readonly rules: string | null;
  /** The record in Lambda's shape. */
  readonly record: unknown;
};

export interface DeadLetters {
  /** Stores a letter; when it resolves, the letter is durable. A record that is set aside again replaces its letter. */
  put(letter: DeadLetter): Promise<void>;
}

/** Dead letters in a directory or bucket, for commands that look through them. Their text is given as it is, unchecked. */
export interface DeadLetterStore extends DeadLetters {
  /** As a person names it: a directory, or `s3://bucket`. */
  readonly name: string;

  /**
   * The ids of possible letters of `table`, in order of their text: a location may have letters of several tables, and other
   * files, which shows only when they are read.
   *
   * @throws {TailraceError} `dead-letter-failed`, here and below, if the location can't be used.
   */
  list(table: string): Promise<readonly string[]>;

  /** The bytes of a letter; `undefined` if there is none of that id. */
  read(table: string, id: string): Promise<Uint8Array | undefined>;

  /** Archives a letter whose record is durable in the destination. A missing letter is no error. */
  archive(table: string, id: string): Promise<void>;

  /** Destroys a letter with its record. A missing letter is no error. */
  remove(table: string, id: string): Promise<void>;
}
