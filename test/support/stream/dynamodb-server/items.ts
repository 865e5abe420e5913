import type { AttributeMap } from '../../../../src/value/attribute-value.ts';
import type { ModelDynamoDb } from '../../../model/dynamodb.ts';
import type { KeyedTable } from '../../../model/keyed-table.ts';
import { ModelError } from '../../../model/model-error.ts';
import type { Operation } from '../../http/json-protocol.ts';
import { type Input, itemIn, listIn, objectIn, textIn } from './input.ts';

/** Source: <https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchWriteItem.html> */
const MAX_BATCH_WRITES = 25;

/** Source: <https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchGetItem.html> */
const MAX_BATCH_GETS = 100;

export type ItemsOptions = {
  /** How many keys of a BatchGetItem are answered; the others stay unprocessed. */
  readonly batchGets: number;
};

/** The operations on single items, or on several by their keys. */
export function itemOperations(
  dynamodb: ModelDynamoDb,
  { batchGets }: ItemsOptions,
): Readonly<Record<string, Operation>> {
  const tableIn = (input: Input) => dynamodb.table(textIn(input, 'TableName'));
  return {
    PutItem(input) {
      tableIn(input).put(itemIn(input, 'Item'));
      return {};
    },
    DeleteItem(input) {
      tableIn(input).remove(itemIn(input, 'Key'));
      return {};
    },
    GetItem(input) {
      const item = tableIn(input).get(itemIn(input, 'Key'));
      return item ? { Item: item } : {};
    },
    BatchWriteItem(input) {
      const writes = Object.entries(objectIn(input, 'RequestItems')).flatMap(([name, requests]) =>
        writesIn(dynamodb.table(name), { requests }),
      );
      if (writes.length > MAX_BATCH_WRITES) throw tooMany();
      for (const write of writes) write();
      return { UnprocessedItems: {} };
    },
    TransactWriteItems(input) {
      for (const one of listIn(input, 'TransactItems')) {
        if (one['Put']) tableIn(objectIn(one, 'Put')).put(itemIn(objectIn(one, 'Put'), 'Item'));
        if (one['Delete']) tableIn(objectIn(one, 'Delete')).remove(itemIn(objectIn(one, 'Delete'), 'Key'));
      }
      return {};
    },
    BatchGetItem(input) {
      const [[name, request] = ['', {}]] = Object.entries(objectIn(input, 'RequestItems'));
      const table = dynamodb.table(name);
      const keys = listIn(request as Input, 'Keys') as readonly AttributeMap[];
      if (keys.length > MAX_BATCH_GETS) throw tooMany();
      const read = keys.slice(0, batchGets);
      const left = keys.slice(batchGets);
      return {
        Responses: { [name]: read.map((key) => table.get(key)).filter((item) => item !== undefined) },
        UnprocessedKeys: left.length === 0 ? {} : { [name]: { Keys: left } },
        ConsumedCapacity: [{ TableName: name, CapacityUnits: read.length }],
      };
    },
  };
}

function writesIn(table: KeyedTable, input: Input): readonly (() => void)[] {
  return listIn(input, 'requests').map((one) =>
    one['PutRequest']
      ? () => void table.put(itemIn(objectIn(one, 'PutRequest'), 'Item'))
      : () => void table.remove(itemIn(objectIn(one, 'DeleteRequest'), 'Key')),
  );
}

function tooMany(): ModelError {
  return new ModelError('ValidationException', 'Too many items requested for the call');
}
