import type { TableDescription as SdkTable } from '@aws-sdk/client-dynamodb';
import { TailraceError } from '../errors.ts';
import type { KeyAttribute } from '../value/key-attribute.ts';
import type { StreamViewType, TableDescription } from './table-reader.ts';

const VIEW_TYPES = new Set<string>([
  'NEW_AND_OLD_IMAGES',
  'NEW_IMAGE',
  'OLD_IMAGE',
  'KEYS_ONLY',
] satisfies StreamViewType[]);

/**
 * Reads the answer to DescribeTable.
 *
 * It has the ARN of a stream that is off for another day, so `StreamEnabled` decides.
 *
 * @throws {TailraceError} `source-invalid` if it lacks a field that every table of DynamoDB has.
 */
export function toTableDescription(table: SdkTable, endpoint: string): TableDescription {
  const { TableName: name, TableArn: arn, TableId: tableId, StreamSpecification: specification } = table;
  if (!name || !arn) throw new TailraceError('source-invalid', `${endpoint} describes a table without a name or ARN`);
  const viewType = specification?.StreamViewType;
  const createdAt = table.CreationDateTime?.getTime() ?? null;
  const streamArn = table.LatestStreamArn;
  return {
    table: { name, arn, tableId: tableId || idOf(createdAt) },
    createdAt,
    keys: keysOf(table, name, endpoint),
    itemCount: table.ItemCount ?? 0,
    sizeBytes: table.TableSizeBytes ?? 0,
    readCapacity: table.ProvisionedThroughput?.ReadCapacityUnits || null,
    isInfrequentAccess: table.TableClassSummary?.TableClass === 'STANDARD_INFREQUENT_ACCESS',
    isGlobal: (table.Replicas ?? []).length > 0,
    stream: specification?.StreamEnabled && streamArn && isViewType(viewType) ? { arn: streamArn, viewType } : null,
  };
}

/** Tells a table from an earlier one of its name where the server, such as moto, gives no TableId. */
function idOf(createdAt: number | null): string | null {
  return createdAt === null || Number.isNaN(createdAt) ? null : `created ${new Date(createdAt).toISOString()}`;
}

function keysOf(
  { KeySchema, AttributeDefinitions }: SdkTable,
  table: string,
  endpoint: string,
): readonly KeyAttribute[] {
  return (KeySchema ?? []).map(({ AttributeName: name }) => {
    const type = AttributeDefinitions?.find(({ AttributeName }) => AttributeName === name)?.AttributeType;
    if (name !== undefined && (type === 'S' || type === 'N' || type === 'B')) return { name, type };
    throw new TailraceError('source-invalid', `${endpoint} describes ${table} without the types of its keys`);
  });
}

function isViewType(value: string | undefined): value is StreamViewType {
  return value !== undefined && VIEW_TYPES.has(value);
}
