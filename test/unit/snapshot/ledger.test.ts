import { expect, test } from 'vitest';
import { publishedOver, type SnapshotFacts } from '../../../src/snapshot/ledger.ts';
import { LABEL } from '../../support/values/rows.ts';
import { SHOP, snapshotId } from '../../support/values/shop.ts';

const AT = Date.UTC(2026, 2, 4, 5);

const SCAN: SnapshotFacts = {
  tableName: SHOP.name,
  tableArn: SHOP.arn,
  tableId: SHOP.tableId,
  snapshotId: snapshotId(1),
  kind: 'scan',
  streamArn: `${SHOP.arn}/stream/${LABEL}`,
  startedAt: AT,
  floor: AT - 300_000,
  from: AT - 7_500_000,
  reading: snapshotId(1),
  folded: null,
  generation: 2,
  baseSnapshotId: null,
  itemCount: 3,
};

test('a state over a scan stands on its literals, with the label of the stream that was on', () => {
  expect(publishedOver(SCAN)).toEqual({
    snapshotId: snapshotId(1),
    floor: AT - 300_000,
    streamLabel: LABEL,
    from: AT - 7_500_000,
    reading: snapshotId(1),
    folded: null,
    generation: 2,
  });
});

test('a state over a compaction goes back to the reading that it inherits', () => {
  const folded = `${LABEL}/${'7'.padStart(40, '0')}`;

  expect(publishedOver({ ...SCAN, snapshotId: snapshotId(2), kind: 'compaction', from: AT, folded })).toEqual({
    ...publishedOver(SCAN),
    snapshotId: snapshotId(2),
    from: AT,
    folded,
  });
});

test('a compaction of the changes alone leaves floor, label and reading open', () => {
  const facts = { ...SCAN, kind: 'compaction', streamArn: null, floor: null, reading: null } as const;

  expect(publishedOver(facts)).toMatchObject({ floor: null, streamLabel: null, reading: null, from: SCAN.from });
});
