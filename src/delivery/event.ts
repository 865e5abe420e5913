import { TailraceError } from '../errors.ts';
import { isObject } from '../value/is-object.ts';

/**
 * The answer to Lambda. An empty list acknowledges all records; otherwise Lambda delivers again from the lowest number on.
 *
 * An identifier is always a sequence number: for AWS, an empty or missing one means that the whole batch failed.
 * Source: <https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-batchfailurereporting.html>
 */
export type BatchResponse = { readonly batchItemFailures: readonly { readonly itemIdentifier: string }[] };

/**
 * The records of an event of a DynamoDB stream.
 *
 * @throws {TailraceError} `event-invalid` for another event: of another service, of a time window, or none at all.
 */
export function readEvent(event: unknown): readonly unknown[] {
  if (!isObject(event) || !Array.isArray(event['Records'])) {
    throw new TailraceError('event-invalid', 'The event has no Records');
  }
  if ('window' in event || 'state' in event || 'isFinalInvokeForWindow' in event) {
    throw new TailraceError('event-invalid', 'The event is of a tumbling time window', {
      remedy: "Remove TumblingWindowInSeconds from the function's event source mapping.",
    });
  }
  const records: readonly unknown[] = event['Records'];
  records.forEach((record, index) => {
    const eventSource = isObject(record) ? record['eventSource'] : undefined;
    if (eventSource === undefined || eventSource === 'aws:dynamodb') return;
    throw new TailraceError('event-invalid', `Record ${index + 1} of ${records.length} is not of a DynamoDB stream`, {
      context: { record: index + 1 },
    });
  });
  return records;
}
