import type { DeadLetter } from '../../src/delivery/dead-letter.ts';
import { lambdaShape } from '../../src/delivery/lambda-shape.ts';
import type { TailraceError } from '../../src/errors.ts';
import type { Transform } from '../../src/privacy/transform.ts';
import type { TableDescription } from '../../src/source/table-reader.ts';
import type { AttributeMap } from '../../src/value/attribute-value.ts';

/**
 * The dead letter of an item that a scan read and that can't be carried exactly.
 *
 * Its record has Lambda's shape as far as a scan knows it: no operation and no sequence number, so that nothing can take
 * it for a change.
 *
 * @param time Milliseconds since the epoch.
 */
export function letterOfItem(
  item: AttributeMap,
  error: TailraceError,
  { table, keys, stream }: TableDescription,
  transform: Transform,
  time: number,
): DeadLetter {
  const names = new Set(keys.map(({ name }) => name));
  const key = Object.fromEntries(Object.entries(item).filter(([name]) => names.has(name)));
  return {
    version: 1,
    table: table.name,
    stream_arn: stream?.arn ?? null,
    shard_id: null,
    sequence_number: null,
    kind: error.kind,
    reason: error.message,
    at: new Date(time).toISOString(),
    rules: transform.rules,
    record: lambdaShape({
      eventSource: 'aws:dynamodb',
      dynamodb: { Keys: transform.keys(key), NewImage: transform.item(item) },
    }),
  };
}
