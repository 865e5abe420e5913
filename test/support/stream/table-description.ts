import type { TableDescription } from '../../../src/source/table-reader.ts';
import { STREAM_ARN, TABLE_ARN } from './record.ts';

/** DescribeTable's answer for the table Orders, with a usable stream. */
export function tableDescription(parts: Partial<TableDescription> = {}): TableDescription {
  return {
    table: { name: 'Orders', arn: TABLE_ARN, tableId: '11111111-2222-3333-4444-555555555555' },
    createdAt: Date.UTC(2026, 0, 2),
    keys: [{ name: 'id', type: 'S' }],
    itemCount: 100,
    sizeBytes: 10_000,
    readCapacity: null,
    isInfrequentAccess: false,
    isGlobal: false,
    stream: { arn: STREAM_ARN, viewType: 'NEW_AND_OLD_IMAGES' },
    ...parts,
  };
}
