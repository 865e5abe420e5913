import type { ChangelogStorage } from '../../../src/changelog/storage.ts';
import type { SnapshotId } from '../../../src/snapshot/snapshot-id.ts';
import type { SourceTable } from '../../../src/source/source-table.ts';

/** The source table of the contract tests. */
export const SHOP: SourceTable = sourceTable('my-app.shop');

/** How a changelog is stored by default. */
export const STORAGE: ChangelogStorage = { partition: 'day', historyDays: 400, keptSince: Date.UTC(2020, 0, 1) };

/** A snapshot's id; `n` makes ids that follow one another. */
export function snapshotId(n = 1): SnapshotId {
  return `20260304t05060${n}zab0${n}`;
}

/** A source table of the given name. */
export function sourceTable(name: string, tableId: string | null = `id-of-${name}`): SourceTable {
  return { name, arn: `arn:aws:dynamodb:eu-central-1:123456789012:table/${name}`, tableId };
}
