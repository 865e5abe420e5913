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
