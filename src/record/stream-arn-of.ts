import { parseStreamArn, type StreamArn } from '../order/stream-arn.ts';
import { isObject } from '../value/is-object.ts';

/** The stream that a record names, if it names one, however broken the rest of it is. */
export function streamArnOf(record: unknown): StreamArn | undefined {
  return parseStreamArn(isObject(record) ? record['eventSourceARN'] : undefined);
}
