import { describe, expect, test } from 'vitest';
import type { CompactionEstimate } from '../../../../src/destination/snapshot-store.ts';
import { type LedgerEvent, publishedOver, type SnapshotFacts } from '../../../../src/snapshot/ledger.ts';
import { unpublished } from '../../../../src/snapshot/published.ts';
import { MemorySnapshots } from '../../../support/memory/snapshots.ts';
import { commandStage } from '../../../support/stages/command-stage.ts';
import { LABEL, scannedRow } from '../../../support/values/rows.ts';
import { SHOP, STORAGE, snapshotId } from '../../../support/values/shop.ts';

const AT = Date.UTC(2026, 2, 4, 5);
const DAY = 24 * 60 * 60_000;

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
  generation: 1,
  baseSnapshotId: null,
  itemCount: 2,
};

const FREE = { isFree: true, rows: null } as const;

const PRICED: CompactionEstimate['bill'] = {
  isFree: false,
  bytesProcessed: 3 * 2 ** 40,
  accuracy: 'at most',
  bytesBilled: 3 * 2 ** 40,
  dollars: 18.75,
  price: { tib: 6.25, locations: ['US', 'EU'], source: 'https://example.com', asOf: '2026-01-01' },
  location: 'EU',
  maxBytesBilled: 2 ** 40,
};

/** A table whose state stands on a scan of two items, with 7 changes since. */
function stageOf({
  bill = FREE,
  now = AT + DAY,
  serverNow = now,
}: {
  bill?: CompactionEstimate['bill'];
  now?: number;
  serverNow?: number;
} = {}) {
  const store = new MemorySnapshots();
  store.snapshots.set(SCAN.snapshotId, [scannedRow('a'), scannedRow('b')]);
  store.made.set(SCAN.snapshotId, { ...SCAN, itemCount: 2 });
  store.events.push({ ...SCAN, at: AT, event: 'published', actor: 'reader@host' });
  store.view = publishedOver(SCAN);
  const stage = commandStage({
    now,
    destination: {
      name: 'duckdb:test.duckdb',
      foldsInJobs: false,
      known: async () => ({ source: SHOP, seen: null, changelog: STORAGE }),
      published: () => store.published(),
      estimateFold: async (_table, { snapshotId: id }) => ({
        bill,
        tailRows: id === SCAN.snapshotId ? 7 : 1,
        snapshotRows: 0,
      }),
      foldFrom: async () => serverNow,
      foldSnapshot: (table, facts, base) => store.foldSnapshot(table, facts, base),
      describeSnapshot: (...args) => store.describeSnapshot(...args),
      dropSnapshot: (...args) => store.dropSnapshot(...args),
      publish: (...args) => store.publish(...args),
      ledger: () => store.ledger(),
      record: (event: LedgerEvent) => store.record(event),
    },
  });
  const compact = (...args: readonly string[]) =>
    stage.tailrace('compact', SHOP.name, '--destination', 'duckdb:test.duckdb', ...args);
  return { ...stage, store, compact };
}

describe('compact', () => {
  test('publishes a snapshot of the same items, and says what a query read before and reads now', async () => {
    const { compact, store, stdout } = stageOf();

    expect(await compact()).toBe(0);

    const { snapshotId: id } = store.view;
    expect(store.view).toMatchObject({ reading: SCAN.snapshotId, floor: SCAN.floor });
    expect(store.snapshots.get(id ?? '')).toEqual(store.snapshots.get(SCAN.snapshotId));
    expect(store.events.slice(1).map(({ event, kind, snapshotId }) => [event, kind, snapshotId])).toEqual([
      ['started', 'compaction', id],
      ['finished', 'compaction', id],
      ['published', 'compaction', id],
    ]);
    expect(stdout.lines).toEqual([
      expect.stringContaining(`snapshot ${id} has 2 items.`),
      `A query reads it and 1 change; before it read 7 changes over ${SCAN.snapshotId}.`,
    ]);
  });

  test('gives a script one object', async () => {
    const { compact, store, stdout } = stageOf();

    await compact('--json');

    expect(stdout.lines.map((line) => JSON.parse(line))).toEqual([
      {
        table: SHOP.name,
        snapshot_id: store.view.snapshotId,
        replaced_snapshot_id: SCAN.snapshotId,
        items: 2,
        changes_read_before: 7,
        changes_read_now: 1,
        duration_ms: 0,
      },
    ]);
  });

  test('raises the floor to the horizon, 90 days ago unless one is given', async () => {
    for (const [args, days] of [
      [[], 90],
      [['--horizon', '30'], 30],
    ] as const) {
      const now = AT + 200 * DAY;
      const { compact, store } = stageOf({ now });

      await compact(...args);

      expect(store.view.floor).toBe(now - days * DAY);
    }
  });

  test("takes the horizon from the destination's clock where this machine's is ahead of it", async () => {
    const { compact, store } = stageOf({ now: AT + 1_000 * DAY, serverNow: AT + 200 * DAY });

    await compact();

    expect(store.view.floor).toBe(AT + 110 * DAY);
  });

  test('with --dry-run says what it would fold, and changes nothing', async () => {
    const { compact, store, stdout } = stageOf();

    expect(await compact('--dry-run')).toBe(0);

    expect(stdout.lines[0]).toBe(`Would be folded: 7 changes of ${SHOP.name} over snapshot ${SCAN.snapshotId}.`);
    expect(store.view).toEqual(publishedOver(SCAN));
    expect(store.steps).toEqual(['published', 'describe']);
  });

  test('with --dry-run over the cap names the bytes and dollars, and ends with 1', async () => {
    const { compact, stdout } = stageOf({ bill: PRICED });

    expect(await compact('--dry-run')).toBe(1);

    expect(stdout.text).toMatch(/3 TiB.*\$18\.75/s);
    expect(stdout.text).toContain('--max-bytes-billed');
  });

  test('of changes alone is named so', async () => {
    const { compact, store, stdout } = stageOf();
    store.view = unpublished(1);

    await compact('--dry-run');

    expect(stdout.lines[0]).toBe(`Would be folded: 1 change of ${SHOP.name} over no snapshot.`);
  });

  test('does not replace what was published meanwhile, and leaves nothing of its own', async () => {
    const { compact, store, stderr, stdout } = stageOf();
    const other = { ...publishedOver(SCAN), snapshotId: snapshotId(2), reading: snapshotId(2) };
    store.after = (step) => {
      if (step === 'fold') store.view = other;
    };

    expect(await compact()).toBe(2);

    expect(store.view).toBe(other);
    expect(store.stored).toEqual([SCAN.snapshotId]);
    expect(stdout.text).toBe('');
    expect(stderr.text).toContain(`Table ${SHOP.name}: the state stands on snapshot ${snapshotId(2)}`);
  });

  test('refuses a snapshot that has lost its comment, by name', async () => {
    const { compact, store, stderr } = stageOf();
    store.made.clear();

    expect(await compact()).toBe(2);

    expect(stderr.text).toContain(`_snapshot_${SCAN.snapshotId}, which isn't there, or has lost the comment`);
    expect(store.events).toHaveLength(1);
  });
});
