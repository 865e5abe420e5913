import type { ErrorKind } from '../errors.ts';

/**
 * A record that can never be written, set aside with its reason: the same envelope wherever dead letters are kept.
 *
 * Field names are the envelope's own, in `snake_case`, because it is a file format.
 */
export type DeadLetter = {
  readonly version: 1;
  /** Name of the source table. */
  readonly table: string;
  readonly stream_arn: string | null;
  readonly shard_id: string | null;
  readonly sequence_number: string | null;
  /**
   * The time that its batch gave a record which has none of its own, ISO 8601 in UTC: alone, it could never be delivered.
   * Absent if there is no such time, or no need of one.
   */
  readonly changed_at?: string;
  readonly kind: ErrorKind;
  /** Why, in words that hold no attribute value. */
  readonly reason: string;
  /** When it was set aside, ISO 8601 in UTC. */
  readonly at: string;
  /** The privacy rules that `record` has been through; `null` if it is raw. */
  readonly rules: string | null;
  /** The record in Lambda's shape. */
  readonly record: unknown;
};

export interface DeadLetters {
  /** Keeps a letter. When it resolves, the letter is durable. The same record set aside again is kept once. */
  put(letter: DeadLetter): Promise<void>;
}

/** Where dead letters are kept, for those who look through them. Their own text is given as it lies there, unchecked. */
export interface DeadLetterStore extends DeadLetters {
  /** As a person names it: a directory, or `s3://bucket`. */
  readonly name: string;

  /**
   * The ids of what may be letters of `table`, in order of their text: one place may hold several tables' letters, and
   * what lies there is known only when it is read.
   *
   * @throws {TailraceError} `dead-letter-failed`, here and below, if the place can't be used.
   */
  list(table: string): Promise<readonly string[]>;

  /** The bytes of a letter; `undefined` if there is none of that id. */
  read(table: string, id: string): Promise<Uint8Array | undefined>;

  /** Puts away a letter whose record is durable in the destination. None of that id is no error. */
  archive(table: string, id: string): Promise<void>;

  /** Destroys a letter and the record in it. None of that id is no error. */
  remove(table: string, id: string): Promise<void>;
}
