import { describe, expect, test } from 'vitest';
import { type LedgerEvent, type LedgerEventName, publishedOver } from '../../../src/snapshot/ledger.ts';
import { type Published, unpublished } from '../../../src/snapshot/published.ts';
import { type RetentionFacts, retentionPlan } from '../../../src/snapshot/retention-rule.ts';
import { SHOP, snapshotId } from '../../support/values/shop.ts';
import { type FactParts, factsOf } from '../../support/values/snapshot-facts.ts';

const HOUR = 60 * 60_000;
const DAY = 24 * HOUR;
const NOW = Date.UTC(2026, 6, 1, 12);
const PUBLISHED = ['started', 'finished', 'published'] as const;

/** Events of the nth snapshot, which needs the rows of the last `10 - n` days: a scan, unless it goes back to another. */
function eventsOf(
  n: number,
  names: readonly LedgerEventName[],
  {
    reading = n,
    at = NOW - (10 - n) * DAY,
    ...parts
  }: Omit<FactParts, 'reading'> & { reading?: number; at?: number } = {},
): readonly LedgerEvent[] {
  const kind = reading === n ? 'scan' : 'compaction';
  const facts = factsOf({
    snapshotId: snapshotId(n),
    kind,
    reading: snapshotId(reading),
    from: at,
    startedAt: at,
    ...parts,
  });
  return names.map((event) => ({ ...facts, itemCount: event === 'started' ? null : 1, at, event, actor: 'somebody' }));
}

/** What becomes of the snapshots where the nth is published, by their numbers; and of the rows. */
function decide(
  published: number | Published,
  events: readonly (readonly LedgerEvent[])[],
  parts: Partial<RetentionFacts> = {},
) {
  const ledger = events.flat();
  const facts = ledger.find(({ snapshotId: id }) => id === snapshotId(Number(published)));
  const plan = retentionPlan({
    ledger,
    table: SHOP,
    published: typeof published === 'object' ? published : publishedOver(facts ?? factsOf()),
    keep: 2,
    promisedFrom: NOW - HOUR,
    keptSince: NOW - 100 * DAY,
    partition: 'day',
    now: NOW,
    ...parts,
  });
  const numbered = (fates: readonly { readonly snapshot: { readonly id: string }; readonly reason: string }[]) =>
    Object.fromEntries(fates.map(({ snapshot: { id }, reason }) => [Number(id.at(14)), reason]));
  return { stays: numbered(plan.stays), dropped: numbered(plan.dropped), before: plan.before, limit: plan.limit };
}

const midnight = (time: number) => Math.floor(time / DAY) * DAY;

describe('snapshots', () => {
  test('of the newest readings are kept, the newest of each', () => {
    const events = [
      eventsOf(1, PUBLISHED),
      eventsOf(2, PUBLISHED),
      eventsOf(3, PUBLISHED, { reading: 2 }),
      eventsOf(4, PUBLISHED, { reading: 2 }),
      eventsOf(5, PUBLISHED),
      eventsOf(6, PUBLISHED, { reading: 5 }),
    ];

    expect(decide(6, events)).toMatchObject({
      stays: { 4: 'kept', 6: 'published' },
      dropped: { 1: 'old-reading', 2: 'superseded', 3: 'superseded', 5: 'superseded' },
    });
    expect(decide(6, events, { keep: 1 })).toMatchObject({ stays: { 6: 'published' } });
    expect(decide(6, events, { keep: 3 })).toMatchObject({ stays: { 1: 'kept', 4: 'kept', 6: 'published' } });
  });

  test('that are published stay, however old their reading is', () => {
    const events = [eventsOf(1, PUBLISHED), eventsOf(2, PUBLISHED), eventsOf(3, PUBLISHED)];

    expect(decide(1, events)).toMatchObject({ stays: { 1: 'published', 3: 'kept' }, dropped: { 2: 'old-reading' } });
    expect(decide(1, events, { keep: 1 })).toMatchObject({ stays: { 1: 'published' } });
  });

  test('that are begun stay, but for a compaction that was begun more than a day ago', () => {
    const events = [
      eventsOf(1, ['started'], { at: NOW - 30 * DAY }),
      eventsOf(2, PUBLISHED),
      eventsOf(3, ['started'], { reading: 2, at: NOW - 25 * HOUR }),
      eventsOf(4, ['started', 'finished'], { reading: 2, at: NOW - 25 * HOUR }),
      eventsOf(5, ['started'], { reading: 2, at: NOW - 23 * HOUR }),
      eventsOf(6, ['started', 'finished'], { reading: 2, at: NOW - 23 * HOUR }),
    ];

    expect(decide(2, events)).toMatchObject({
      stays: { 1: 'begun', 2: 'published', 5: 'begun', 6: 'begun' },
      dropped: { 3: 'left-behind', 4: 'left-behind' },
    });
  });

  test('that were never published stay while they are younger than what is published', () => {
    const events = [eventsOf(1, ['started', 'finished']), eventsOf(2, PUBLISHED), eventsOf(3, ['started', 'finished'])];

    expect(decide(2, events)).toMatchObject({ stays: { 2: 'published', 3: 'begun' }, dropped: { 1: 'old-reading' } });
  });

  test('of another table of the name stay, and need no rows; those that were dropped are not there', () => {
    const events = [
      eventsOf(1, PUBLISHED, { tableId: 'another' }),
      eventsOf(2, [...PUBLISHED, 'dropped']),
      eventsOf(3, PUBLISHED),
    ];

    expect(decide(3, events)).toMatchObject({
      stays: { 1: 'foreign', 3: 'published' },
      dropped: {},
      before: midnight(NOW - 7 * DAY),
    });
  });

  test('need their rows where it is not known of which table they are', () => {
    const events = [eventsOf(1, PUBLISHED), eventsOf(3, PUBLISHED)];

    expect(decide(3, events, { table: { ...SHOP, tableId: null } })).toMatchObject({
      stays: { 1: 'foreign', 3: 'published' },
      before: midnight(NOW - 9 * DAY),
    });
  });

  test('are known as published by the ledger of a later one, and what is published by the state itself', () => {
    const [one, two] = [
      eventsOf(1, ['started', 'finished']),
      eventsOf(2, PUBLISHED, { baseSnapshotId: snapshotId(1) }),
    ];

    expect(decide(2, [one, two])).toMatchObject({ stays: { 1: 'kept', 2: 'published' } });
    const published = { ...publishedOver(factsOf({ snapshotId: snapshotId(2) })), from: NOW - 20 * DAY };
    expect(decide(published, [])).toMatchObject({ stays: { 2: 'published' }, before: midnight(NOW - 20 * DAY) });
  });
});

describe('rows', () => {
  test.each<[string, number, readonly (readonly LedgerEvent[])[], number, RetentionFacts['partition'], number]>([
    ['the published snapshot', 4, [eventsOf(4, PUBLISHED)], 6, 'day', 4],
    ['a kept one', 4, [eventsOf(2, PUBLISHED), eventsOf(4, PUBLISHED)], 8, 'day', 2],
    ['a backfill that is begun', 4, [eventsOf(1, ['started']), eventsOf(4, PUBLISHED)], 9, 'day', 1],
    ['no snapshot that is dropped', 4, [eventsOf(1, PUBLISHED, { reading: 4 }), eventsOf(4, PUBLISHED)], 6, 'day', 4],
    ['whole partitions of an hour', 4, [eventsOf(4, PUBLISHED, { at: NOW - 6 * DAY + 1 })], 6, 'hour', 4],
  ])('stay that are needed by %s', (_name, published, events, days, partition, by) => {
    const unit = partition === 'hour' ? HOUR : DAY;

    expect(decide(published, events, { partition })).toMatchObject({
      before: Math.floor((NOW - days * DAY) / unit) * unit,
      limit: { snapshotId: snapshotId(by) },
    });
  });

  test('stay that history is promised for', () => {
    const promisedFrom = NOW - 50 * DAY;

    expect(decide(4, [eventsOf(4, PUBLISHED)], { promisedFrom })).toMatchObject({
      before: midnight(promisedFrom),
      limit: 'history',
    });
  });

  test('that were to be dropped before are dropped still', () => {
    expect(decide(4, [eventsOf(4, PUBLISHED)], { keptSince: NOW - 3 * DAY })).toMatchObject({ before: NOW - 3 * DAY });
  });

  test('stay, and snapshots too, while none is published', () => {
    const events = [1, 2, 3].map((n) => eventsOf(n, PUBLISHED));

    expect(decide(unpublished(1), events, { keep: 1 })).toMatchObject({
      stays: { 1: 'kept', 2: 'kept', 3: 'kept' },
      dropped: {},
      before: NOW - 100 * DAY,
      limit: 'nothing-published',
    });
  });
});
