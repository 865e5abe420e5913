import type { StreamViewType } from '../../../../src/source/table-reader.ts';
import type { KeyAttribute } from '../../../../src/value/key-attribute.ts';
import type { ModelDynamoDb } from '../../../model/dynamodb.ts';
import type { KeyedTable } from '../../../model/keyed-table.ts';
import { ModelError } from '../../../model/model-error.ts';
import type { Operation } from '../../http/json-protocol.ts';
import { type Input, listIn, objectIn, textIn } from './input.ts';

export type TablesOptions = {
  readonly now: () => number;
  /** How long until a stream is ENABLED and its table ACTIVE again, and how much later the stream captures every change. */
  readonly enablingMs: number;
  readonly lateMs: number;
};

/** The operations on tables as a whole. */
export function tableOperations(dynamodb: ModelDynamoDb, options: TablesOptions): Readonly<Record<string, Operation>> {
  const { now, enablingMs, lateMs } = options;
  const switchStream = (table: KeyedTable, specification: Input, takesMs: number) => {
    const viewType = textIn(specification, 'StreamViewType') as StreamViewType;
    if (specification['StreamEnabled'] === true) table.enableStream(takesMs, takesMs === 0 ? 0 : lateMs, viewType);
    else if (specification['StreamEnabled'] === false) table.disableStream();
  };
  return {
    CreateTable(input) {
      const table = dynamodb.createTable(textIn(input, 'TableName'), keysIn(input));
      switchStream(table, objectIn(input, 'StreamSpecification'), 0);
      return { TableDescription: describeTable(table, now()) };
    },
    DeleteTable: (input) => ({
      TableDescription: {
        ...describeTable(dynamodb.deleteTable(textIn(input, 'TableName')), now()),
        TableStatus: 'DELETING',
      },
    }),
    DescribeTable: (input) => ({ Table: describeTable(dynamodb.table(textIn(input, 'TableName')), now()) }),
    ListTables: () => ({ TableNames: dynamodb.tables.map(({ name }) => name) }),
    UpdateTable(input) {
      const table = dynamodb.table(textIn(input, 'TableName'));
      const specification = objectIn(input, 'StreamSpecification');
      if (statusOf(table, now()) === 'UPDATING') {
        throw new ModelError('ResourceInUseException', `Attempt to change a resource which is still in use`);
      }
      if (specification['StreamEnabled'] === true && table.stream)
        throw new ModelError('ValidationException', 'Table already has an enabled stream');
      switchStream(table, specification, enablingMs);
      return { TableDescription: describeTable(table, now()) };
    },
  };
}

function describeTable(table: KeyedTable, now: number): object {
  const last = table.streams.at(-1);
  return {
    TableName: table.name,
    TableArn: table.arn,
    TableId: table.tableId,
    TableStatus: statusOf(table, now),
    CreationDateTime: table.createdAt / 1000,
    KeySchema: table.keys.map(({ name }, index) => ({ AttributeName: name, KeyType: index === 0 ? 'HASH' : 'RANGE' })),
    AttributeDefinitions: table.keys.map(({ name, type }) => ({ AttributeName: name, AttributeType: type })),
    BillingModeSummary: { BillingMode: 'PAY_PER_REQUEST' },
    ProvisionedThroughput: { NumberOfDecreasesToday: 0, ReadCapacityUnits: 0, WriteCapacityUnits: 0 },
    ItemCount: table.itemCountAt(now),
    TableSizeBytes: 100 * table.itemCountAt(now),
    ...(table.stream && { StreamSpecification: { StreamEnabled: true, StreamViewType: table.stream.viewType } }),
    // Also for a stream that is off.
    ...(last && { LatestStreamArn: last.arn, LatestStreamLabel: last.label }),
  };
}

function statusOf({ stream }: KeyedTable, now: number): 'ACTIVE' | 'UPDATING' {
  return stream && now < stream.enabledAt ? 'UPDATING' : 'ACTIVE';
}

function keysIn(input: Input): readonly KeyAttribute[] {
  const types = new Map(
    listIn(input, 'AttributeDefinitions').map((one) => [textIn(one, 'AttributeName'), textIn(one, 'AttributeType')]),
  );
  return listIn(input, 'KeySchema').map((one) => {
    const name = textIn(one, 'AttributeName');
    return { name, type: types.get(name) as KeyAttribute['type'] };
  });
}
