import { describe, expect, test } from 'vitest';
import { type LedgerEventName, publishedOver } from '../../../../src/snapshot/ledger.ts';
import { unpublished } from '../../../../src/snapshot/published.ts';
import { MemorySnapshots } from '../../../support/memory/snapshots.ts';
import { commandStage } from '../../../support/stages/command-stage.ts';
import { SHOP, STORAGE, snapshotId } from '../../../support/values/shop.ts';
import { factsOf } from '../../../support/values/snapshot-facts.ts';

const DAY = 24 * 60 * 60_000;
const NOW = Date.UTC(2026, 6, 1, 12);
const FROM = NOW - 3 * DAY;

/**
 * A table of which two readings and a compaction of the second were published, and a backfill is begun. The published
 * compaction needs the rows of three days, and so does the kept reading.
 */
function stageOf({ historyDays = 2, ...props }: { historyDays?: number; answer?: boolean; signal?: AbortSignal } = {}) {
  const store = new MemorySnapshots();
  store.now = NOW;
  store.ingested = [NOW - 40 * DAY, NOW - 9 * DAY, FROM - DAY, FROM, NOW];
  const add = (n: number, names: readonly LedgerEventName[], reading = n) => {
    const facts = factsOf({
      snapshotId: snapshotId(n),
      kind: reading === n ? 'scan' : 'compaction',
      from: FROM,
      reading: snapshotId(reading),
      itemCount: names.includes('finished') ? 1_000 * n : null,
    });
    if (names.includes('finished')) store.made.set(facts.snapshotId, { ...facts, itemCount: 1_000 * n });
    for (const event of names) store.events.push({ ...facts, at: NOW - 3 * DAY, event, actor: 'somebody' });
    return publishedOver(facts);
  };
  add(1, ['started', 'finished', 'published']);
  add(2, ['started', 'finished', 'published']);
  store.view = add(3, ['started', 'finished', 'published'], 2);
  add(4, ['started']);
  const stage = commandStage({
    ...props,
    now: NOW,
    destination: {
      known: async (name) =>
        name === SHOP.name
          ? { source: SHOP, seen: null, changelog: { ...STORAGE, historyDays, keptSince: store.keptSince } }
          : undefined,
      sources: async () => [SHOP],
      published: () => store.published(),
      ledger: () => store.ledger(),
      describeSnapshot: (...args) => store.describeSnapshot(...args),
      ingestedWithin: (...args) => store.ingestedWithin(...args),
      countRowsBefore: (...args) => store.countRowsBefore(...args),
      dropRows: (...args) => store.dropRows(...args),
      dropSnapshot: (...args) => store.dropSnapshot(...args),
      record: (event) => store.record(event),
    },
  });
  const retention = (...args: readonly string[]) =>
    stage.tailrace('retention', SHOP.name, ...args, '--destination', 'duckdb:test.duckdb');
  return { ...stage, store, retention };
}

const BEFORE = '2026-06-28T00:00:00Z';

describe('retention', () => {
  test('drops what nothing needs, snapshots first, and records it', async () => {
    const stage = stageOf();

    expect(await stage.retention('--yes')).toBe(0);

    expect(stage.store.ingested).toEqual([FROM, NOW]);
    expect(stage.store.keptSince).toBe(Date.parse(BEFORE));
    expect([...stage.store.made.keys()]).toEqual([snapshotId(1), snapshotId(3)]);
    expect(stage.store.events.at(-1)).toMatchObject({
      snapshotId: snapshotId(2),
      event: 'dropped',
      at: NOW,
      actor: 'someone@somewhere',
    });
    expect(stage.store.steps.slice(-4)).toEqual(['drop', 'record dropped', 'raise kept since', 'drop rows']);
    expect(stage.stdout.lines).toEqual([
      `Dropped: snapshot ${snapshotId(2)} (scan, 2,000 items): another snapshot of its reading stays.`,
      `Stays: snapshot ${snapshotId(1)} (scan, 1,000 items): \`tailrace snapshots publish ${SHOP.name} ${snapshotId(1)} --destination duckdb:test.duckdb\` goes back to it.`,
      `Stays: snapshot ${snapshotId(3)} (compaction, 3,000 items): it is published.`,
      `Stays: snapshot ${snapshotId(4)} (scan, unfinished): it may be published yet. If not, ` +
        `\`tailrace snapshots drop ${SHOP.name} ${snapshotId(4)} --destination duckdb:test.duckdb\` drops it.`,
      `Dropped: 3 changes, ingested before ${BEFORE}.`,
      `Changes that were ingested since ${BEFORE} stay: snapshot ${snapshotId(1)} needs them.`,
    ]);
  });

  test('asks what is lost before it drops anything', async () => {
    const stage = stageOf({ answer: false });

    expect(await stage.retention()).toBe(1);

    expect(stage.doings).toContain(
      `ask This drops for good of ${SHOP.name}: 1 snapshot and 3 changes, ingested before ${BEFORE}. Continue?`,
    );
    expect(stage.store.ingested).toHaveLength(5);
    expect(stage.store.made.size).toBe(3);
    expect(stage.stderr.text).toContain('Nothing was dropped.');
  });

  test('without a person to ask drops nothing, unless --yes is given', async () => {
    const stage = stageOf();

    expect(await stage.retention()).toBe(2);

    expect(stage.stderr.text).toContain('--yes');
    expect(stage.store.ingested).toHaveLength(5);
    expect(stage.store.made.size).toBe(3);
  });

  test('--dry-run says what would go and what stays, asks nothing and changes nothing', async () => {
    const stage = stageOf();

    expect(await stage.retention('--dry-run', '--keep', '1')).toBe(0);

    expect(stage.store.steps.filter((step) => /drop|record|raise/.test(step))).toEqual([]);
    expect(stage.doings.filter((doing) => doing.startsWith('ask'))).toEqual([]);
    expect(stage.stdout.text).toContain(
      `Would be dropped: snapshot ${snapshotId(1)} (scan, 1,000 items): enough newer readings stay.`,
    );
    expect(stage.stdout.text).toContain(`Would be dropped: 3 changes, ingested before ${BEFORE}.`);
    expect(stage.stdout.lines.at(-1)).toBe('Nothing was changed.');
  });

  test('--json is one object', async () => {
    const stage = stageOf();

    expect(await stage.retention('--dry-run', '--json')).toBe(0);

    expect(JSON.parse(stage.stdout.text)).toEqual({
      table: SHOP.name,
      dropped: [{ snapshot_id: snapshotId(2), kind: 'scan', items: 2000, reason: 'superseded' }],
      stays: [
        { snapshot_id: snapshotId(1), kind: 'scan', items: 1000, reason: 'kept' },
        { snapshot_id: snapshotId(3), kind: 'compaction', items: 3000, reason: 'published' },
        { snapshot_id: snapshotId(4), kind: 'scan', items: null, reason: 'begun' },
      ],
      changes: 3,
      before: BEFORE,
      limited_by: 'snapshot',
      limiting_snapshot_id: snapshotId(1),
      dry_run: true,
    });
  });

  test('leaves changes that history is promised for', async () => {
    const stage = stageOf({ historyDays: 10 });

    await stage.retention('--yes');

    expect(stage.store.ingested).toEqual([NOW - 9 * DAY, FROM - DAY, FROM, NOW]);
    expect(stage.stdout.text).toContain('10 days of history are promised.');
  });

  test('drops no changes while no snapshot is published, and says so', async () => {
    const stage = stageOf();
    stage.store.view = unpublished(1);

    expect(await stage.retention()).toBe(0);

    expect(stage.store.ingested).toHaveLength(5);
    expect(stage.store.made.size).toBe(3);
    expect(stage.stdout.text).toContain('All changes stay: no snapshot is published.');
    expect(stage.stdout.lines.at(-1)).toBe(`Nothing of ${SHOP.name} is to be dropped.`);
  });

  test.each(['drop', 'record', 'drop rows'] as const)('that is killed at "%s" is done by the next', async (step) => {
    for (const when of ['before', 'after'] as const) {
      const stage = stageOf();
      stage.store[when] = (now) => {
        if (now === step) throw new Error('Injected: killed');
      };
      await stage.retention('--yes').catch(() => {});
      stage.store[when] = () => {};

      expect(await stage.retention('--yes')).toBe(0);

      expect(stage.store.ingested).toEqual([FROM, NOW]);
      expect([...stage.store.made.keys()]).toEqual([snapshotId(1), snapshotId(3)]);
      expect(stage.store.events.at(-1)).toMatchObject({ snapshotId: snapshotId(2), event: 'dropped' });
      expect(await stage.retention()).toBe(0);
    }
  });

  test('drops no rows if a snapshot that it drops was published meanwhile', async () => {
    const stage = stageOf();
    stage.store.before = (step) => {
      const made = stage.store.made.get(snapshotId(2));
      if (step === 'drop' && made) stage.store.view = publishedOver(made);
    };

    expect(await stage.retention('--yes')).toBe(2);

    expect(stage.store.ingested).toHaveLength(5);
    expect(stage.stderr.text).toContain(`stands on snapshot ${snapshotId(2)}`);
  });

  test('that is interrupted says that it can be run again', async () => {
    const stage = stageOf({ signal: AbortSignal.abort() });

    expect(await stage.retention('--yes')).toBe(2);

    expect(stage.store.made.size).toBe(3);
    expect(stage.stderr.text).toContain(`tailrace retention ${SHOP.name}`);
  });

  test('drops nothing while the published snapshot is missing: the others are the way back', async () => {
    const stage = stageOf();
    stage.store.made.delete(snapshotId(3));

    expect(await stage.retention('--yes')).toBe(2);

    expect([...stage.store.made.keys()]).toEqual([snapshotId(1), snapshotId(2)]);
    expect(stage.stderr.text).toContain(`isn't there`);
    expect(stage.stderr.text).toContain(`tailrace snapshots publish ${SHOP.name} ID`);
  });

  test('of a table that the destination does not have is refused', async () => {
    const stage = stageOf();

    expect(await stage.tailrace('retention', 'other', '--destination', 'duckdb:test.duckdb')).toBe(2);

    expect(stage.stderr.text).toContain('Nothing of table other');
  });
});
