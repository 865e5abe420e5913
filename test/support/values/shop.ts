import type { SnapshotId } from '../../../src/snapshot/snapshot-id.ts';
import type { SourceTable } from '../../../src/source/source-table.ts';

/** The source table of the contract tests. */
export const SHOP: SourceTable = sourceTable('my-app.shop');

/** A snapshot's id; `n` makes ids that follow one another. */
export function snapshotId(n = 1): SnapshotId {
  return `20260304t05060${n}zab0${n}`;
}

/** A source table of the given name. */
export function sourceTable(name: string, tableId: string | null = `id-of-${name}`): SourceTable {
  return { name, arn: `arn:aws:dynamodb:eu-central-1:123456789012:table/${name}`, tableId };
}
