import { parseStreamArn, type StreamArn } from '../order/stream-arn.ts';
import { isObject } from '../value/is-object.ts';

/**
 * The stream of a record, by its `eventSourceARN`. If that is absent, as in the output of get-records, or the ARN of the
 * table, as some tools write it, the given stream counts.
 *
 * @returns `undefined` if the ARN is absent and no stream is given, or if it isn't the ARN of a DynamoDB stream.
 */
export function streamOf(record: unknown, given: StreamArn | null): StreamArn | undefined {
  const arn = isObject(record) ? record['eventSourceARN'] : undefined;
  if (arn === undefined) return given ?? undefined;
  return given !== null && arn === given.tableArn ? given : parseStreamArn(arn);
}

/** A record with the ARN of its stream, as Lambda delivers it. The ARN of another stream is left as it is. */
export function withStreamOf(record: unknown, given: StreamArn | null): unknown {
  if (given === null || !isObject(record)) return record;
  const arn = record['eventSourceARN'];
  return arn === undefined || arn === given.tableArn ? { ...record, eventSourceARN: given.text } : record;
}

/** The table's ARN, if a record has that in place of its stream's. */
export function tableArnOf(record: unknown): string | undefined {
  const arn = isObject(record) ? record['eventSourceARN'] : undefined;
  return typeof arn === 'string' ? parseStreamArn(`${arn}/stream/x`)?.tableArn : undefined;
}
