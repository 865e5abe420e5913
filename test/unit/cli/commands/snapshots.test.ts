import { describe, expect, test } from 'vitest';
import { TailraceError } from '../../../../src/errors.ts';
import { positionOf } from '../../../../src/order/position.ts';
import type { LedgerEvent } from '../../../../src/snapshot/ledger.ts';
import { type Published, unpublished } from '../../../../src/snapshot/published.ts';
import { compact } from '../../../support/memory/compact.ts';
import { MemorySnapshots } from '../../../support/memory/snapshots.ts';
import { commandStage } from '../../../support/stages/command-stage.ts';
import { publishedReading } from '../../../support/values/published.ts';
import { scannedRow } from '../../../support/values/rows.ts';
import { SHOP, snapshotId } from '../../../support/values/shop.ts';

const AT = Date.UTC(2026, 2, 4, 5);
const LABEL = '2026-01-02T03:04:05.678';

/** What a backfill leaves in the ledger. */
function eventsOf(n: number, names: readonly LedgerEvent['event'][], label = LABEL): readonly LedgerEvent[] {
  return names.map((event, index) => ({
    at: AT + n * 60_000 + index * 1_000,
    event,
    tableName: SHOP.name,
    tableArn: SHOP.arn,
    tableId: SHOP.tableId,
    snapshotId: snapshotId(n),
    kind: 'scan',
    streamArn: `${SHOP.arn}/stream/${label}`,
    startedAt: AT + n * 60_000,
    floor: over(n).floor,
    from: over(n).from ?? 0,
    reading: snapshotId(n),
    folded: null,
    generation: 1,
    baseSnapshotId: null,
    itemCount: event === 'started' ? null : 10 * n,
    actor: `reader-${n}@host`,
  }));
}

const PUBLISHED = ['started', 'finished', 'published'] as const;

const over = (n: number): Published => publishedReading(snapshotId(n), AT + n * 60_000 - 300_000);

/** Two published snapshots, the second in force, one that was left to a person, one unfinished and one dropped. */
function stageOf({
  newestLabel = LABEL,
  view = over(2),
  items,
  ...props
}: {
  newestLabel?: string | null;
  view?: Published;
  answer?: boolean;
  width?: number | undefined;
  items?: number;
  launcher?: string;
} = {}) {
  const store = new MemorySnapshots();
  for (const n of [1, 2, 3, 4]) {
    // Each has one item of its own, and one that all have.
    (n === 4 ? store.loads : store.snapshots).set(snapshotId(n), [scannedRow('kept'), scannedRow(`only in ${n}`)]);
  }
  for (const { at: _at, event, actor: _actor, ...facts } of [1, 2, 3].flatMap((n) => eventsOf(n, ['finished']))) {
    store.made.set(facts.snapshotId, { ...facts, itemCount: facts.itemCount ?? 0 });
  }
  const events = [
    ...eventsOf(1, PUBLISHED),
    ...eventsOf(2, PUBLISHED),
    ...eventsOf(3, ['started', 'finished']),
    ...eventsOf(4, ['started']),
    ...eventsOf(5, ['started', 'dropped']),
  ];
  store.events.push(...events.map((event) => ({ ...event, itemCount: event.itemCount && (items ?? event.itemCount) })));
  store.view = view;
  const stage = commandStage({
    ...props,
    now: AT + 3_600_000,
    destination: {
      sources: async () => [SHOP],
      published: () => store.published(),
      ledger: () => store.ledger(),
      snapshotBytes: async (_table, id) => (id === snapshotId(4) ? null : 84_000_000),
      describeSnapshot: (...args) => store.describeSnapshot(...args),
      compareStates: (...args) => store.compareStates(...args),
      publish: (...args) => store.publish(...args),
      dropSnapshot: (...args) => store.dropSnapshot(...args),
      record: (event) => store.record(event),
      async changelogStatus(_table, since) {
        if (since !== store.view.from) throw new Error('Reads history');
        const newestPosition = newestLabel === null ? null : positionOf(newestLabel, '1');
        return { rows: 1, recentRows: 1, newestChangedAt: AT, newestIngestedAt: AT, newestPosition };
      },
    },
  });
  const snapshots = (...args: readonly string[]) =>
    stage.tailrace('snapshots', ...args, '--destination', 'duckdb:test.duckdb');
  return { ...stage, store, snapshots };
}

describe('snapshots list', () => {
  test('shows what became of each, oldest first, and not what was dropped', async () => {
    const stage = stageOf();

    expect(await stage.snapshots('list', SHOP.name)).toBe(0);

    const rows = stage.stdout.text.split('\n').filter((line) => /\dt\d/.test(line));
    expect(rows.map((line) => /published|kept|unfinished/.exec(line)?.[0])).toEqual([
      'kept',
      'published',
      'kept',
      'unfinished',
    ]);
    expect(rows[0]).toContain(' not seen ');
    expect(stage.stdout.lines.at(-1)).toBe(`4 snapshots of ${SHOP.name} in duckdb:test.duckdb.`);
    expect(rows.map((line) => / 84 MB /.test(line))).toEqual([true, true, true, false]);
  });

  test.each([undefined, 100])('is a table of at most 100 columns, on a terminal of %s', async (width) => {
    const stage = stageOf({ width, items: 999_999_999 });

    await stage.snapshots('list', SHOP.name, '--all');

    const lines = stage.stdout.text.split('\n').filter((line) => /[│┌└]/.test(line));
    expect(lines).toHaveLength(8);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(100);
  });

  test('gives a script an object a snapshot and a closing summary, with --all those that were dropped', async () => {
    const stage = stageOf();

    await stage.snapshots('list', SHOP.name, '--all', '--json');

    const objects = stage.stdout.lines.map((line) => JSON.parse(line));
    expect(objects.pop()).toEqual({
      table: SHOP.name,
      destination: 'duckdb:test.duckdb',
      snapshots: 5,
      published_snapshot_id: snapshotId(2),
      newest_stream_label: LABEL,
    });
    expect(objects.map(({ state }) => state)).toEqual(['kept', 'published', 'kept', 'unfinished', 'dropped']);
    expect(objects[1]).toEqual({
      snapshot_id: snapshotId(2),
      state: 'published',
      kind: 'scan',
      reading: snapshotId(2),
      started_at: '2026-03-04T05:02:00Z',
      floor: '2026-03-04T04:57:00Z',
      items: 20,
      bytes: 84_000_000,
      actor: 'reader-2@host',
      published_at: '2026-03-04T05:02:02Z',
      dropped_at: null,
      table_id: SHOP.tableId,
      stream_arn: `${SHOP.arn}/stream/${LABEL}`,
      generation: 1,
      newer_stream_seen: false,
    });
  });

  test.each([
    ['a newer stream has brought changes', '2026-02-02T03:04:05.678', true],
    ['none has, and that is all that is known', LABEL, false],
    ['nothing of its stream is there to vouch for it', '2025-12-31T00:00:00.000', null],
    ['nothing is there at all', null, null],
  ])('says whether a newer stream was seen: %s', async (_, newestLabel, expected) => {
    const stage = stageOf({ newestLabel });

    await stage.snapshots('list', SHOP.name, '--json');

    const [first, summary] = [stage.stdout.lines.at(0), stage.stdout.lines.at(-1)].map((line) =>
      JSON.parse(line ?? ''),
    );
    expect(first).toMatchObject({ newer_stream_seen: expected });
    expect(summary).toMatchObject({ newest_stream_label: newestLabel });
  });

  test('has a newer stream for the snapshots of an earlier one, though no change has come since the published', async () => {
    const stage = stageOf({ newestLabel: null, view: { ...over(2), streamLabel: '2026-02-02T03:04:05.678' } });

    await stage.snapshots('list', SHOP.name, '--json');

    expect(JSON.parse(stage.stdout.lines[0] ?? '')).toMatchObject({ newer_stream_seen: true });
  });

  test('of nothing is a summary all the same', async () => {
    const stage = stageOf({ view: unpublished(1) });
    stage.store.events.splice(0);

    expect(await stage.snapshots('list', SHOP.name, '--json')).toBe(0);

    expect(stage.stdout.lines.map((line) => JSON.parse(line))).toEqual([
      expect.objectContaining({ table: SHOP.name, snapshots: 0, published_snapshot_id: null }),
    ]);
  });

  test('shows a published snapshot that the ledger does not know', async () => {
    const stage = stageOf({ view: over(9) });

    await stage.snapshots('list', SHOP.name, '--json');

    expect(JSON.parse(stage.stdout.lines.at(-2) ?? '')).toMatchObject({
      snapshot_id: snapshotId(9),
      state: 'published',
      kind: null,
      newer_stream_seen: null,
    });
  });

  test('one that was finished behind its drop is there again', async () => {
    const stage = stageOf();
    stage.store.events.push(...eventsOf(5, ['finished']).map((event) => ({ ...event, at: event.at + 30_000 })));

    await stage.snapshots('list', SHOP.name, '--json');

    expect(JSON.parse(stage.stdout.lines.at(4) ?? '')).toMatchObject({
      snapshot_id: snapshotId(5),
      state: 'kept',
      dropped_at: null,
    });
  });

  test('a table that the destination does not have is named', async () => {
    const stage = stageOf();

    expect(await stage.snapshots('list', 'Nothing')).toBe(2);
    expect(stage.stderr.text).toContain('Nothing of table Nothing is in duckdb:test.duckdb');
  });
});

describe('snapshots publish', () => {
  test.each([1, 3])('makes the view stand on snapshot %d, and says so in the ledger', async (n) => {
    const stage = stageOf();

    expect(await stage.snapshots('publish', SHOP.name, snapshotId(n))).toBe(0);

    expect(stage.store.view).toEqual(over(n));
    expect(stage.store.events.at(-1)).toMatchObject({
      event: 'published',
      snapshotId: snapshotId(n),
      baseSnapshotId: snapshotId(2),
      actor: 'someone@somewhere',
      itemCount: 10 * n,
      at: AT + 3_600_000,
    });
    expect(stage.stdout.lines).toEqual([
      `Published: ${snapshotId(n)}, in place of ${snapshotId(2)}.`,
      'Compared with the state before: 1 added, 1 removed, 0 different, 1 unchanged.',
    ]);
  });

  test('replaces a compaction that was published in between: it shows the same', async () => {
    const stage = stageOf();
    let folded: Promise<string> | undefined;
    stage.store.before = async (step) => {
      if (step !== 'publish' || folded !== undefined) return;
      folded = compact(stage.store, SHOP);
      await folded;
    };

    expect(await stage.snapshots('publish', SHOP.name, snapshotId(1))).toBe(0);

    expect(stage.store.view).toEqual(over(1));
    expect(stage.store.events.at(-1)).toMatchObject({ event: 'published', baseSnapshotId: await folded });
    expect(stage.stdout.lines.at(0)).toBe(`Published: ${snapshotId(1)}, in place of ${await folded}.`);
  });

  test('refuses one that has lost the comment by which it is known, and names the way out', async () => {
    const stage = stageOf();
    stage.store.made.delete(snapshotId(1));

    expect(await stage.snapshots('publish', SHOP.name, snapshotId(1))).toBe(2);

    expect(stage.store.view).toEqual(over(2));
    expect(stage.stderr.text).toContain(`\`tailrace backfill ${SHOP.name} `);
  });

  test('refuses one whose rows the changelog has dropped', async () => {
    const stage = stageOf();
    stage.store.keptSince = (over(1).from ?? 0) + 1;

    expect(await stage.snapshots('publish', SHOP.name, snapshotId(1))).toBe(2);

    expect(stage.store.view).toEqual(over(2));
    expect(stage.stderr.text).toContain(
      `Snapshot ${snapshotId(1)} of ${SHOP.name} needs rows that were ingested since`,
    );
  });

  test('is compare-and-swap: what was published in between stays', async () => {
    const stage = stageOf();
    stage.store.before = (step) => {
      if (step === 'publish') stage.store.view = over(3);
    };

    expect(await stage.snapshots('publish', SHOP.name, snapshotId(1))).toBe(2);

    expect(stage.store.view).toEqual(over(3));
  });

  test.each([
    ['one that is not whole', snapshotId(4), "isn't whole"],
    ['one that was dropped', snapshotId(5), 'was dropped'],
    ['one that never was', snapshotId(8), 'There is no'],
    ['what is no id', 'latest; DROP', 'There is no snapshot "latest; DROP"'],
  ])('refuses %s', async (_, id, words) => {
    const stage = stageOf();

    expect(await stage.snapshots('publish', SHOP.name, id)).toBe(2);

    expect(stage.stderr.text).toContain(words);
    expect(stage.store.view).toEqual(over(2));
  });

  test('of what is published already changes nothing', async () => {
    const stage = stageOf();

    expect(await stage.snapshots('publish', SHOP.name, snapshotId(2))).toBe(0);

    expect(stage.store.steps).not.toContain('publish');
    expect(stage.stderr.text).toContain('is published already');
  });

  test('publishes with a warning where the changes can not be counted: the snapshot before was dropped by hand', async () => {
    const stage = stageOf();
    stage.store.before = (step) => {
      if (step === 'compare') throw new TailraceError('destination-missing', 'Injected');
    };

    expect(await stage.snapshots('publish', SHOP.name, snapshotId(1), '--json')).toBe(0);

    expect(stage.store.view).toEqual(over(1));
    expect(JSON.parse(stage.stdout.text)).toMatchObject({ difference: null });
    expect(stage.stderr.text).toContain('could not be counted');
  });

  test('is published, and says so, where the ledger can not be written: the view is the truth', async () => {
    const stage = stageOf();
    stage.store.record = () => Promise.reject(new TailraceError('destination-unavailable', 'Away'));

    expect(await stage.snapshots('publish', SHOP.name, snapshotId(1))).toBe(0);

    expect(stage.store.view).toEqual(over(1));
    expect(stage.stdout.text).toContain(`Published: ${snapshotId(1)}`);
    expect(stage.stderr.text).toContain('snapshot published, but not in the ledger');
  });

  test('warns where changes since its stream are unproven', async () => {
    const stage = stageOf({ newestLabel: '2026-02-02T03:04:05.678' });

    await stage.snapshots('publish', SHOP.name, snapshotId(1));

    expect(stage.stderr.text).toContain('are unproven');
  });
});

test('a snapshot of an earlier stream than the published one is unproven, though no change has come since', async () => {
  const stage = stageOf({ newestLabel: null, view: { ...over(2), streamLabel: '2026-02-02T03:04:05.678' } });

  await stage.snapshots('publish', SHOP.name, snapshotId(1));

  expect(stage.stderr.text).toContain('are unproven');
});

describe('snapshots rollback', () => {
  test('goes back to one that was published, and not to one that never was', async () => {
    const stage = stageOf({ view: over(3) });

    expect(await stage.snapshots('rollback', SHOP.name, '--json')).toBe(0);

    expect(stage.store.view).toEqual(over(2));
    expect(JSON.parse(stage.stdout.text)).toEqual({
      table: SHOP.name,
      snapshot_id: snapshotId(2),
      replaced_snapshot_id: snapshotId(3),
      difference: { added: 1, removed: 1, different: 0, unchanged: 1 },
    });
  });

  const publishing = (stage: ReturnType<typeof stageOf>, n: number) =>
    stage.snapshots('publish', SHOP.name, snapshotId(n));

  test('goes to the newest other reading, whenever that was published', async () => {
    const stage = stageOf();
    for (const n of [3, 2, 1]) await publishing(stage, n);

    expect(await stage.snapshots('rollback', SHOP.name)).toBe(0);
    expect(stage.store.view).toEqual(over(3));
  });

  test('passes over the reading that a published compaction goes back to: it shows the same', async () => {
    const stage = stageOf();
    await compact(stage.store, SHOP);

    expect(await stage.snapshots('rollback', SHOP.name)).toBe(0);
    expect(stage.store.view).toEqual(over(1));
  });

  test('goes to the newest compaction of the other reading', async () => {
    const stage = stageOf();
    const folded = await compact(stage.store, SHOP);
    await publishing(stage, 3);

    expect(await stage.snapshots('rollback', SHOP.name)).toBe(0);
    expect(stage.store.view).toMatchObject({ snapshotId: folded, reading: snapshotId(2) });
  });

  test('twice is where it was: the second undoes the first', async () => {
    const stage = stageOf();
    await stage.snapshots('rollback', SHOP.name);
    expect(stage.store.view).toEqual(over(1));

    await stage.snapshots('rollback', SHOP.name);
    expect(stage.store.view).toEqual(over(2));
  });

  test('passes over what was dropped, to the newest reading before that', async () => {
    const stage = stageOf();
    await publishing(stage, 3);
    await publishing(stage, 1);
    await stage.snapshots('drop', SHOP.name, snapshotId(3), '--yes');

    expect(await stage.snapshots('rollback', SHOP.name)).toBe(0);
    expect(stage.store.view).toEqual(over(2));
  });

  test.each([
    ['the one in force', 3, 2],
    ['the one before it', 1, 3],
  ])('is right where the ledger misses that %s was published', async (_, missed, before) => {
    const stage = stageOf();
    await publishing(stage, 3);
    if (missed === 1) {
      await publishing(stage, 1);
      stage.store.events.splice(-2, 1);
    } else stage.store.events.pop();

    expect(await stage.snapshots('rollback', SHOP.name)).toBe(0);
    expect(stage.store.view).toEqual(over(before));
  });

  test('is refused where there is none before', async () => {
    const stage = stageOf({ view: over(1) });
    stage.store.events.splice(0, Infinity, ...eventsOf(1, PUBLISHED), ...eventsOf(3, ['started', 'finished']));

    expect(await stage.snapshots('rollback', SHOP.name)).toBe(2);

    expect(stage.store.view).toEqual(over(1));
    expect(stage.stderr.text).toContain('no snapshot of another reading');
  });
});

describe('snapshots drop', () => {
  test('drops one, and says so in the ledger', async () => {
    const stage = stageOf();

    expect(await stage.snapshots('drop', SHOP.name, snapshotId(4), '--yes')).toBe(0);

    expect(stage.store.stored).not.toContain(snapshotId(4));
    expect(stage.store.events.at(-1)).toMatchObject({ event: 'dropped', snapshotId: snapshotId(4) });
  });

  test('asks first, and drops nothing where the answer is no', async () => {
    const stage = stageOf({ answer: false });

    expect(await stage.snapshots('drop', SHOP.name, snapshotId(3))).toBe(1);
    expect(await stage.snapshots('drop', SHOP.name, snapshotId(4))).toBe(1);

    expect(stage.doings.filter((doing) => doing.startsWith('ask '))).toEqual([
      `ask This drops snapshot ${snapshotId(3)} of ${SHOP.name} (30 items) for good. Continue?`,
      `ask This drops snapshot ${snapshotId(4)} of ${SHOP.name} for good. The backfill that reads it is not finished, and reports the loss when it resumes. Continue?`,
    ]);
    expect(stage.stderr.lines).toEqual(['Nothing was dropped.', 'Nothing was dropped.']);
    expect(stage.store.stored).toHaveLength(4);
  });

  test('says of a compaction that is not finished what dropping it ends, and what makes another', async () => {
    const stage = stageOf({ answer: false });
    const { store } = stage;
    store.events.splice(
      0,
      store.events.length,
      ...store.events.map((event) =>
        event.snapshotId === snapshotId(4) ? { ...event, kind: 'compaction' as const } : event,
      ),
    );

    expect(await stage.snapshots('drop', SHOP.name, snapshotId(4))).toBe(1);
    expect(await stage.snapshots('publish', SHOP.name, snapshotId(4))).toBe(2);

    expect(stage.doings.join()).toContain('The compaction that makes it is not finished: if it runs, it fails');
    expect(stage.stderr.text).toContain(`tailrace compact ${SHOP.name}`);
    expect(stage.stderr.text).not.toContain('tailrace backfill');
  });

  test('drops what it asked about where the answer is yes', async () => {
    const stage = stageOf({ answer: true });

    expect(await stage.snapshots('drop', SHOP.name, snapshotId(3))).toBe(0);

    expect(stage.store.snapshots.has(snapshotId(3))).toBe(false);
  });

  test('drops nothing without a terminal, and names the whole command that does', async () => {
    const stage = stageOf({ launcher: 'npx tailrace' });

    expect(await stage.snapshots('drop', SHOP.name, snapshotId(3))).toBe(2);

    expect(stage.store.stored).toHaveLength(4);
    expect(stage.stderr.lines).toEqual([
      `tailrace: This would drop snapshot ${snapshotId(3)} of ${SHOP.name} (30 items) for good. Nothing was dropped. ` +
        `To confirm it, run \`npx tailrace snapshots drop ${SHOP.name} ${snapshotId(3)} --destination duckdb:test.duckdb --yes\`.`,
    ]);
  });

  test('never drops the published one, and does not ask', async () => {
    const stage = stageOf({ answer: true });

    expect(await stage.snapshots('drop', SHOP.name, snapshotId(2))).toBe(2);
    expect(stage.doings.join()).not.toContain('ask ');

    expect(stage.store.snapshots.has(snapshotId(2))).toBe(true);
  });
});

describe('a snapshot of an earlier table of the name', () => {
  /** The first of two snapshots, which a rollback would go to, was read before the table was deleted and created again. */
  function recreated(of: Partial<LedgerEvent> = { tableId: 'of the earlier table' }) {
    const stage = stageOf();
    stage.store.events.splice(0, 3, ...eventsOf(1, PUBLISHED).map((event) => ({ ...event, ...of })));
    return stage;
  }

  test('is listed as foreign', async () => {
    const stage = recreated();

    expect(await stage.snapshots('list', SHOP.name)).toBe(0);

    const rows = stage.stdout.text.split('\n').filter((line) => /\dt\d/.test(line));
    expect(rows.map((line) => / (published|kept|foreign) /.exec(line)?.[1]).slice(0, 2)).toEqual([
      'foreign',
      'published',
    ]);
    expect(stage.stderr.text).toContain('1 snapshot of another table of this name: never published.');
  });

  test.for([
    ['one that was deleted', { tableId: 'of the earlier table' }],
    ['one of another account', { tableArn: SHOP.arn.replace('123456789012', '210987654321') }],
  ] as const)('is never published nor rolled back to: %s', async ([, of]) => {
    const stage = recreated(of);
    const before = stage.store.view;

    expect(await stage.snapshots('publish', SHOP.name, snapshotId(1))).toBe(2);
    expect(stage.stderr.lines.at(-1)).toContain(`Snapshot ${snapshotId(1)} is of `);
    expect(stage.stderr.lines.at(-1)).toContain(`tailrace snapshots drop ${SHOP.name} ${snapshotId(1)}`);
    expect(await stage.snapshots('rollback', SHOP.name)).toBe(2);
    expect(stage.stderr.lines.at(-1)).toContain('There is no snapshot of another reading');
    expect(stage.stderr.lines.at(-1)).toContain(`of another table of the name: ${snapshotId(1)}`);
    expect(stage.store.view).toEqual(before);
  });

  test('can be dropped', async () => {
    const stage = recreated();

    expect(await stage.snapshots('drop', SHOP.name, snapshotId(1), '--yes')).toBe(0);

    expect(stage.store.snapshots.has(snapshotId(1))).toBe(false);
    expect(stage.store.events.at(-1)).toMatchObject({ event: 'dropped', tableId: 'of the earlier table' });
  });
});
