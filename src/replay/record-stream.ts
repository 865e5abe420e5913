import { parseStreamArn, type StreamArn } from '../order/stream-arn.ts';
import { isObject } from '../value/is-object.ts';

/**
 * The stream that a record is of, by its `eventSourceARN`. Where it has none, or no more than its table's, the one that was
 * given counts: output of get-records has none, and some tools write the table's.
 *
 * @returns `undefined` if it says nothing and none is given, or if what it says is no stream's of DynamoDB.
 */
export function streamOf(record: unknown, given: StreamArn | null): StreamArn | undefined {
  const arn = isObject(record) ? record['eventSourceARN'] : undefined;
  if (arn === undefined) return given ?? undefined;
  return given !== null && arn === given.tableArn ? given : parseStreamArn(arn);
}

/** A record with the ARN of its stream, as Lambda delivers it. One whose ARN says another stream keeps it. */
export function withStreamOf(record: unknown, given: StreamArn | null): unknown {
  if (given === null || !isObject(record)) return record;
  const arn = record['eventSourceARN'];
  return arn === undefined || arn === given.tableArn ? { ...record, eventSourceARN: given.text } : record;
}

/** ARN of a table that a record names where its stream's should stand. */
export function tableArnOf(record: unknown): string | undefined {
  const arn = isObject(record) ? record['eventSourceARN'] : undefined;
  return typeof arn === 'string' ? parseStreamArn(`${arn}/stream/x`)?.tableArn : undefined;
}
