import type { SnapshotFacts } from '../../../src/snapshot/ledger.ts';
import type { SourceTable } from '../../../src/source/source-table.ts';
import { CHANGED_AT, LABEL } from './rows.ts';
import { SHOP, snapshotId } from './shop.ts';

/** The parts of a snapshot's facts that a test sets; the others are ordinary. */
export type FactParts = Partial<SnapshotFacts> & {
  readonly table?: SourceTable;
  readonly streamLabel?: string;
};

/** Facts of a scan whose floor is {@link CHANGED_AT}, and which reads the whole changelog. */
export function factsOf({ table = SHOP, streamLabel = LABEL, ...parts }: FactParts = {}): SnapshotFacts {
  const id = parts.snapshotId ?? snapshotId();
  return {
    tableName: table.name,
    tableArn: table.arn,
    tableId: table.tableId,
    snapshotId: id,
    kind: 'scan',
    streamArn: `${table.arn}/stream/${streamLabel}`,
    startedAt: CHANGED_AT,
    floor: CHANGED_AT,
    from: 0,
    reading: id,
    folded: null,
    generation: 1,
    baseSnapshotId: null,
    itemCount: null,
    ...parts,
  };
}
