import fc from 'fast-check';
import type { StampedRow } from '../../../src/changelog/row.ts';
import type { StreamedChange } from '../../../src/changelog/streamed-change.ts';
import { publishedOver } from '../../../src/snapshot/ledger.ts';
import { type Published, unpublished } from '../../../src/snapshot/published.ts';
import type { KeyDigest, SnapshotRow } from '../../../src/snapshot/row.ts';
import { canonicalJson } from '../../../src/value/canonical-json.ts';
import { digestOf } from '../../../src/value/digest.ts';
import { item, plainNumber, spellItem, text } from './arbitraries.ts';
import { CHANGED_AT, changeRow, keyOf, LABEL, scannedRow } from './rows.ts';
import { factsOf } from './snapshot-facts.ts';

const LABELS = [LABEL, '2026-02-01T00:00:00.000', `o'label"\\\``];

/** The rows that two warehouses must agree on: of a changelog, snapshots, a scan and a stream. */
export type WarehouseRows = {
  readonly changes: readonly (StampedRow & { readonly ingestedAt: number })[];
  readonly snapshot: readonly SnapshotRow[];
  readonly published: Published;
  /** The publication before, and its snapshot. */
  readonly before: { readonly published: Published; readonly snapshot: readonly SnapshotRow[] };
  readonly scanned: readonly KeyDigest[];
  /** The changes of a stream: some are in the changelog, some aren't. */
  readonly streamed: readonly StreamedChange[];
};

/** Canonical JSON of an item of any kind. */
const image = item.map((value) =>
  canonicalJson(
    spellItem(value, {
      number: plainNumber,
      binary: (bytes) => Buffer.from(bytes).toString('base64'),
      order: (members) => members,
    }),
    'Item',
  ),
);

const id = fc.oneof(fc.constantFrom('a', 'b', 'c'), text);

const change = fc
  .record({
    id,
    label: fc.constantFrom(...LABELS),
    sequenceNumber: fc.oneof(fc.bigInt(0n, 20n), fc.bigInt(0n, 10n ** 40n - 1n)).map(String),
    operation: fc.constantFrom('INSERT', 'MODIFY', 'REMOVE'),
    newImage: image,
    changedAt: fc.integer({ min: -3, max: 3 }).map((seconds) => CHANGED_AT + seconds * 1000),
    ingestedAt: fc.integer({ min: 0, max: 3 }).map((seconds) => CHANGED_AT + 5000 + seconds * 1000),
    generation: fc.constantFrom(1, 1, 1, 2),
  })
  .map(({ id: of, ingestedAt, ...parts }) => ({ ...changeRow(of, parts), ingestedAt }));

const snapshotRow = fc.tuple(id, image).map(([of, json]) => scannedRow(of, json));

/** A state over no snapshot, or over one. */
function stateOver(snapshotId: string): fc.Arbitrary<Published> {
  return fc.oneof(
    fc.constant(unpublished(1)),
    fc
      .record({
        floor: fc.integer({ min: -2500, max: 2500 }).map((ms) => CHANGED_AT + ms),
        streamLabel: fc.constantFrom(...LABELS),
        generation: fc.constantFrom(1, 2),
      })
      .map((parts) => publishedOver(factsOf({ snapshotId, ...parts }))),
  );
}

const snapshot = fc.array(snapshotRow, { maxLength: 6 });

/** A change as its stream has it. */
const streamed = fc
  .record({ change, shardId: fc.constantFrom('shard-1', `o'shard"\\\``), parked: fc.constantFrom(0, 0, 1) })
  .map(({ change: { position, key, sequenceNumber, changedAt }, shardId, parked }): StreamedChange => {
    return { shardId, position, key, sequenceNumber, changedAt, parked: parked === 1 ? 1 : 0 };
  });

const rows = fc.record({
  changes: fc.array(change, { maxLength: 12 }),
  snapshot,
  published: stateOver('20260304t050607z1f3a'),
  before: fc.record({ published: stateOver('20260303t000000z00ff'), snapshot }),
  scanned: fc.array(
    fc.tuple(id, image).map(([of, json]) => ({ key: keyOf(of), digest: digestOf(json) })),
    { maxLength: 5 },
  ),
});

export const warehouseRows: fc.Arbitrary<WarehouseRows> = fc
  .tuple(rows, fc.array(streamed, { maxLength: 8 }))
  .map(([warehouse, others]) => ({
    ...warehouse,
    streamed: [
      ...others,
      ...warehouse.changes.map(({ position, key, sequenceNumber, changedAt }) => {
        return { shardId: 'shard-1', position, key, sequenceNumber, changedAt, parked: 0 } as const;
      }),
    ],
  }));
