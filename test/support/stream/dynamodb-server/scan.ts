import type { AttributeMap } from '../../../../src/value/attribute-value.ts';
import type { ModelDynamoDb } from '../../../model/dynamodb.ts';
import { keysOf } from '../../../model/record.ts';
import type { Operation } from '../../http/json-protocol.ts';
import { itemIn, numberIn, textIn } from './input.ts';

export type ScanOptions = {
  readonly now: () => number;
  /** Bytes of items that a page holds. AWS: 1 MB. */
  readonly pageBytes: number;
  /** How far a read lags behind the table. */
  readonly staleMs: number;
};

/** The bytes of half a read unit. */
const HALF_UNIT_BYTES = 4_096;

export function scanOperation(dynamodb: ModelDynamoDb, { now, pageBytes, staleMs }: ScanOptions): Operation {
  return (input) => {
    const table = dynamodb.table(textIn(input, 'TableName'));
    const startKey = input['ExclusiveStartKey'] === undefined ? null : itemIn(input, 'ExclusiveStartKey');
    const names = table.namesBehind({
      segment: numberIn(input, 'Segment') ?? 0,
      totalSegments: numberIn(input, 'TotalSegments') ?? 1,
      after: startKey === null ? '' : table.nameOf(startKey),
    });
    const limit = numberIn(input, 'Limit') ?? Number.POSITIVE_INFINITY;
    const items: AttributeMap[] = [];
    let bytes = 0;
    let last: AttributeMap | undefined;
    for (const name of names) {
      const item = table.itemAt(name, now() - staleMs);
      if (!item) continue;
      if (items.length >= limit || bytes >= pageBytes) {
        last = items.at(-1);
        break;
      }
      items.push(item);
      bytes += JSON.stringify(item).length;
    }
    const select = projected(input, items);
    return {
      Items: select,
      Count: items.length,
      ScannedCount: items.length,
      ...(last && { LastEvaluatedKey: keysOf(last, table.keyNames) }),
      ConsumedCapacity: { TableName: table.name, CapacityUnits: Math.max(1, Math.ceil(bytes / HALF_UNIT_BYTES)) / 2 },
    };
  };
}

/** Top-level attributes alone: the product asks for no others. */
function projected(input: Readonly<Record<string, unknown>>, items: readonly AttributeMap[]): readonly AttributeMap[] {
  const expression = textIn(input, 'ProjectionExpression');
  if (expression === '') return items;
  const names = itemIn(input, 'ExpressionAttributeNames') as Readonly<Record<string, unknown>>;
  const wanted = expression.split(/\s*,\s*/).map((name) => String(names[name] ?? name));
  return items.map((item) => keysOf(item, wanted));
}
