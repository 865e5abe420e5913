/**
 * What others build on: the stream handler and what it is made of.
 *
 * It holds no destination, so that a bundle holds only the one that it imports: `tailrace/bigquery`, or any by its
 * name from `tailrace/destinations`. A handler configured by its environment is at `tailrace/lambda`.
 */

export { CHANGELOG_COLUMNS } from './changelog/columns.ts';
export { type ChangelogRow, type Origin, type RowContext, toRow } from './changelog/row.ts';
export { type Clock, systemClock } from './clock.ts';
export type { DeadLetter, DeadLetters } from './delivery/dead-letter.ts';
export { DeadLetterBucket, type DeadLetterBucketOptions } from './delivery/dead-letter-bucket.ts';
export { DeadLetterDirectory } from './delivery/dead-letter-directory.ts';
export type { BatchResponse } from './delivery/event.ts';
export {
  createStreamHandler,
  type DeliveryContext,
  type StreamHandler,
  type StreamHandlerOptions,
} from './delivery/stream-handler.ts';
export type {
  AppendOptions,
  ChangelogAppender,
  Destination,
  Rejection,
  SqlResult,
  SqlValue,
} from './destination/destination.ts';
export type { ErrorPolicy } from './error-policy.ts';
export { type ErrorContext, type ErrorKind, isKind, policyFor, TailraceError } from './errors.ts';
export { jsonLog, type Log, type LogFields, silentLog } from './log.ts';
export { type Position, positionOf } from './order/position.ts';
export { parseStreamArn, type StreamArn, streamArn } from './order/stream-arn.ts';
export { identity, type Transform } from './privacy/transform.ts';
export { type Random, systemRandom } from './random.ts';
export type { Change, Operation } from './record/change.ts';
export { decode, earliestTime, type RecordDefaults } from './record/decode.ts';
export type { SourceTable } from './source/source-table.ts';
export type { AttributeMap } from './value/attribute-value.ts';
export { canonicalJson } from './value/canonical-json.ts';
export { digestOf } from './value/digest.ts';
export { canonicalKey, type KeyText } from './value/key.ts';
