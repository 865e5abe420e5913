import fc from 'fast-check';
import { publishedOver } from '../../../src/snapshot/ledger.ts';
import { unpublished } from '../../../src/snapshot/published.ts';
import type { SnapshotRow } from '../../../src/snapshot/row.ts';
import { CHANGED_AT, changeRow, LABEL, scannedRow } from './rows.ts';
import { snapshotId } from './shop.ts';
import { factsOf } from './snapshot-facts.ts';

const MINUTE = 60_000;
const LABELS = [LABEL, '2026-02-01T00:00:00.000'];

/** Rows of any order and time, of several streams and generations. They need not make a history. */
export const anyChange = fc
  .record({
    id: fc.constantFrom('a', 'b', 'c'),
    operation: fc.constantFrom('INSERT', 'MODIFY', 'REMOVE'),
    sequence: fc.bigInt({ min: 1n, max: 30n }),
    scale: fc.constantFrom(1n, 10n ** 20n, 10n ** 38n),
    label: fc.constantFrom(...LABELS),
    offset: fc.integer({ min: -3, max: 3 }),
    generation: fc.constantFrom(1, 1, 1, 2),
  })
  .map(({ id, operation, sequence, scale, label, offset, generation }) => {
    const sequenceNumber = String(sequence * scale);
    // A key and a position name one change, so its content follows from them.
    return changeRow(id, {
      operation: sequence % 3n === 0n ? 'REMOVE' : operation === 'REMOVE' ? 'MODIFY' : operation,
      label,
      sequenceNumber,
      changedAt: CHANGED_AT + offset * MINUTE,
      generation,
      newImage: JSON.stringify({ label, sequenceNumber, id }),
    });
  });

/** Rows of a scan, some of them doubled. */
export const anySnapshot: fc.Arbitrary<readonly SnapshotRow[]> = fc.array(
  fc.constantFrom('a', 'b', 'c', 'd').map((id) => scannedRow(id)),
  { maxLength: 6 },
);

/** Facts of the `n`th scan. */
export const anyScan = (n: number) =>
  fc
    .record({
      offset: fc.integer({ min: -3, max: 3 }),
      streamLabel: fc.constantFrom(...LABELS),
      generation: fc.constantFrom(1, 2),
    })
    .map(({ offset, ...parts }) =>
      factsOf({ ...parts, snapshotId: snapshotId(n), floor: CHANGED_AT + offset * MINUTE }),
    );

/** A publication: of nothing, or of the `n`th snapshot. */
export const anyPublishedOver = (n: number) => fc.oneof(fc.constant(unpublished(1)), anyScan(n).map(publishedOver));
