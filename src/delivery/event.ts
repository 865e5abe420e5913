import { TailraceError } from '../errors.ts';
import { isObject } from '../value/is-object.ts';

/**
 * What Lambda is answered. An empty list means that all is well; otherwise Lambda goes on at the lowest number.
 *
 * An identifier is always a sequence number: AWS takes an empty or missing one as failure of the whole batch.
 * Source: <https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-batchfailurereporting.html>
 */
export type BatchResponse = { readonly batchItemFailures: readonly { readonly itemIdentifier: string }[] };

/**
 * The records of an event of a DynamoDB stream.
 *
 * @throws {TailraceError} `event-invalid` if it is something else: another service's, a time window's, no event at all.
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
    const place = `${index + 1} of ${records.length}`;
    throw new TailraceError('event-invalid', `Record ${place} is not of a DynamoDB stream`, {
      context: { record: index + 1 },
    });
  });
  return records;
}
