import { expect, test } from 'vitest';
import { snapshotBefore, snapshotHistory } from '../../../src/snapshot/history.ts';
import { type LedgerEvent, type LedgerEventName, publishedOver } from '../../../src/snapshot/ledger.ts';
import { unpublished } from '../../../src/snapshot/published.ts';
import { LABEL } from '../../support/values/rows.ts';
import { SHOP, snapshotId } from '../../support/values/shop.ts';

const AT = Date.UTC(2026, 2, 4, 5);
const WHOLE = ['started', 'finished'] as const;
const PUBLISHED = [...WHOLE, 'published'] as const;

/** Events of the nth snapshot: a scan, unless it goes back to another reading or to none. */
function eventsOf(
  n: number,
  names: readonly LedgerEventName[],
  { reading = n, ...parts }: Partial<Omit<LedgerEvent, 'reading'>> & { readonly reading?: number | null } = {},
): readonly LedgerEvent[] {
  return names.map((event, index) => ({
    at: AT + n * 60_000 + index * 1_000,
    event,
    tableName: SHOP.name,
    tableArn: SHOP.arn,
    tableId: SHOP.tableId,
    snapshotId: snapshotId(n),
    kind: reading === n ? 'scan' : 'compaction',
    streamArn: reading === null ? null : `${SHOP.arn}/stream/${LABEL}`,
    startedAt: AT + n * 60_000,
    floor: reading === null ? null : AT + reading * 60_000 - 300_000,
    from: AT + n * 60_000 - 7_500_000,
    reading: reading === null ? null : snapshotId(reading),
    folded: reading === n || event === 'started' ? null : `${LABEL}/${String(n).padStart(40, '0')}`,
    generation: 1,
    baseSnapshotId: null,
    itemCount: event === 'started' ? null : n,
    actor: 'someone@somewhere',
    ...parts,
  }));
}

/** Where a rollback goes from the nth snapshot. */
function beforeOf(n: number, ...events: readonly (readonly LedgerEvent[])[]) {
  const ledger = events.flat();
  const facts = ledger.findLast((event) => event.snapshotId === snapshotId(n));
  if (facts === undefined) throw new Error(`The ledger doesn't know snapshot ${n}`);
  const published = publishedOver(facts);
  return snapshotBefore(ledger, snapshotHistory(ledger, published, SHOP), published)?.id;
}

test.each<[string, number, readonly (readonly LedgerEvent[])[], number | undefined]>([
  ['to the newest other reading', 3, [eventsOf(1, PUBLISHED), eventsOf(2, PUBLISHED), eventsOf(3, PUBLISHED)], 2],
  ['to a younger one, from the oldest', 1, [eventsOf(1, PUBLISHED), eventsOf(2, PUBLISHED), eventsOf(3, PUBLISHED)], 3],
  [
    'not to the reading that is published as its compaction',
    3,
    [eventsOf(1, PUBLISHED), eventsOf(2, PUBLISHED), eventsOf(3, PUBLISHED, { reading: 2 })],
    1,
  ],
  [
    'not to a compaction of the reading that is published',
    1,
    [eventsOf(1, PUBLISHED), eventsOf(2, PUBLISHED, { reading: 1 })],
    undefined,
  ],
  [
    'to the newest compaction of the newest other reading',
    5,
    [
      eventsOf(1, PUBLISHED),
      eventsOf(2, PUBLISHED),
      eventsOf(3, PUBLISHED, { reading: 1 }),
      eventsOf(4, PUBLISHED, { reading: 2 }),
      eventsOf(5, PUBLISHED),
    ],
    4,
  ],
  [
    'to a newer reading rather than to a younger compaction of an older one',
    4,
    [eventsOf(1, PUBLISHED), eventsOf(2, PUBLISHED), eventsOf(3, PUBLISHED, { reading: 1 }), eventsOf(4, PUBLISHED)],
    2,
  ],
  [
    'not to a compaction of the changes alone, which lacks what no change brought',
    2,
    [eventsOf(1, PUBLISHED, { reading: null }), eventsOf(2, PUBLISHED)],
    undefined,
  ],
  ['not to one that never was published', 3, [eventsOf(1, PUBLISHED), eventsOf(2, WHOLE), eventsOf(3, PUBLISHED)], 1],
  [
    'not to a compaction that never was published',
    3,
    [eventsOf(1, PUBLISHED), eventsOf(2, WHOLE, { reading: 1 }), eventsOf(3, PUBLISHED)],
    1,
  ],
  [
    'not to one that was dropped',
    3,
    [eventsOf(1, PUBLISHED), eventsOf(2, [...PUBLISHED, 'dropped']), eventsOf(3, PUBLISHED)],
    1,
  ],
  [
    'not to one of another table of the name',
    3,
    [eventsOf(1, PUBLISHED), eventsOf(2, PUBLISHED, { tableId: 'earlier' }), eventsOf(3, PUBLISHED)],
    1,
  ],
  [
    'to one whose publication the ledger misses, by what replaced it',
    3,
    [eventsOf(1, PUBLISHED), eventsOf(2, WHOLE), eventsOf(3, PUBLISHED, { baseSnapshotId: snapshotId(2) })],
    2,
  ],
  ['nowhere from the only one', 1, [eventsOf(1, PUBLISHED)], undefined],
])('a rollback goes %s', (_, published, events, expected) => {
  expect(beforeOf(published, ...events)).toBe(expected === undefined ? undefined : snapshotId(expected));
});

test('a rollback goes to a reading where the state stands on the changes alone', () => {
  const ledger = eventsOf(1, PUBLISHED);
  const history = snapshotHistory(ledger, unpublished(1), SHOP);

  expect(snapshotBefore(ledger, history, unpublished(1))?.id).toBe(snapshotId(1));
});

test('what is known of a snapshot at its end counts, where it is whole', () => {
  const [started, whole] = snapshotHistory(
    [...eventsOf(1, ['started']), ...eventsOf(2, WHOLE, { reading: 1 })],
    undefined,
    SHOP,
  );

  expect(started).toMatchObject({ facts: { event: 'started', folded: null }, isWhole: false, items: null });
  expect(whole).toMatchObject({ facts: { event: 'finished', itemCount: 2 }, isWhole: true, items: 2 });
  expect(whole?.facts?.folded).not.toBeNull();
});
