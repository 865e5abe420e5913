import { expect, test } from 'vitest';
import { TailraceError } from '../../../../src/errors.ts';
import { digestOf } from '../../../../src/value/digest.ts';
import { MemoryCheckpoints } from '../../../support/memory/checkpoints.ts';
import { order } from '../../../support/stages/backfill-stage.ts';
import { repairStage } from '../../../support/stages/repair-stage.ts';
import { STREAM_ARN } from '../../../support/stream/record.ts';
import { changeRow } from '../../../support/values/rows.ts';
import { kind } from '../../../support/vitest/kind.ts';

const ITEMS = ['a', 'b', 'c', 'd', 'e', 'f'].map((id) => order(id));

const scansOf = (table: { readonly calls: readonly string[] }) =>
  table.calls.filter((call) => call.startsWith('scan')).length;

/** Three items that differ because their changes were lost. */
async function withLosses() {
  const stage = await repairStage(ITEMS);
  stage.table.put(order('new'));
  stage.table.put(order('b', { paid: { BOOL: true } }));
  stage.table.items.delete('["c"]');
  return stage;
}

test('what differs is found, published from what was read, and differs no more', async () => {
  const { repair, first, events, published, digestOf: digest, checkpoints } = await withLosses();

  const result = await repair();

  expect(result).toMatchObject({
    verdict: 'differ',
    missing: 1,
    extra: 1,
    different: 1,
    sourceItems: 6,
    latestItems: 6,
    isRepaired: true,
    replaced: first.snapshotId,
    difference: { added: 1, removed: 1, different: 1, unchanged: 4 },
    check: { missing: 0, extra: 0, different: 0, unsettled: 0, unexamined: 0 },
    stillFound: [],
  });
  expect(result.findings).toEqual([
    { key: '["b"]', finding: 'different' },
    { key: '["c"]', finding: 'extra' },
    { key: '["new"]', finding: 'missing' },
  ]);
  expect(await published()).toBe(result.snapshotId);
  expect(await digest('["b"]')).toBe(digestOf('{"id":"b","paid":true}'));
  expect(await events()).toEqual(['started scan', 'finished scan', 'published scan']);
  expect(checkpoints.text).toBeNull();
  expect(await repair()).toMatchObject({ verdict: 'agree', isRepaired: false });
});

test('where nothing differs, nothing is published and what was read is dropped', async () => {
  const { repair, first, events, published, checkpoints, destination, table } = await repairStage(ITEMS);

  const result = await repair();

  expect(result).toMatchObject({ verdict: 'agree', isRepaired: false, check: null, difference: null, whole: 6 });
  expect(await published()).toBe(first.snapshotId);
  expect(await events()).toEqual(['started scan', 'finished scan', 'dropped scan']);
  expect(checkpoints.text).toBeNull();
  expect(await destination.describeSnapshot(table.description.table, result.snapshotId)).toBeUndefined();
  expect(await destination.snapshotBytes(table.description.table, result.snapshotId)).toBeNull();
});

test('a change that is only on its way is no reason to publish', async () => {
  const { repair, table, destination, first, published } = await repairStage(ITEMS);
  table.put(order('late'));
  const lookup = destination.lookup.bind(destination);
  let looks = 0;
  destination.lookup = async (source, keys) => {
    const newImage = '{"id":"late"}';
    if (++looks === 3) {
      await destination.append(source, [changeRow('late', { newImage, changedAt: table.time })]);
    }
    return lookup(source, keys);
  };

  expect(await repair()).toMatchObject({ verdict: 'agree', isRepaired: false });
  expect(await published()).toBe(first.snapshotId);
});

test('the floor is five minutes before this reading began', async () => {
  const { repair, table, destination } = await withLosses();

  await repair();

  const view = await destination.published(table.description.table);
  expect(view?.floor).toBe(table.time - 5 * 60_000);
});

test('what a wrong change since the floor hides is reported: it still differs', async () => {
  const { repair, table, destination } = await withLosses();
  await destination.append(table.description.table, [changeRow('b', { changedAt: table.time })]);

  const result = await repair();

  expect(result).toMatchObject({ isRepaired: true, check: { different: 1, missing: 0, extra: 0 } });
  expect(result.stillFound).toEqual([{ key: '["b"]', finding: 'different' }]);
});

test('another snapshot that is published meanwhile stays, and what was read is left for a person to decide', async () => {
  const { repair, backfill, table, published, events } = await withLosses();
  let isFound = false;
  let other = '';
  const failed = repair({
    onFinding() {
      isFound = true;
    },
    streams: {
      async describe(arn) {
        if (isFound && other === '') {
          other = 'begun';
          other = (await backfill({ checkpoints: new MemoryCheckpoints() })).snapshotId;
        }
        return table.describe(arn);
      },
    },
  });

  await expect(failed).rejects.toMatchObject(kind('snapshot-superseded'));

  expect(await published()).toBe(other);
  expect(await events()).not.toContain('dropped scan');
});

test.each([
  ['the stream is switched off', { streamDescription: 'DISABLED' }],
  ['the stream is another one', { stream: `${STREAM_ARN}9` }],
])('while it looks, %s: nothing is published and what was read is discarded by name', async (_, change) => {
  const { repair, table, first, published, events } = await withLosses();

  const failed = repair({
    onFinding() {
      if ('streamDescription' in change) table.streamDescription.status = 'DISABLED';
      else table.description = { ...table.description, stream: { arn: change.stream, viewType: 'NEW_IMAGE' } };
    },
  });

  await expect(failed).rejects.toMatchObject(kind('stream-changed'));
  expect(await published()).toBe(first.snapshotId);
  expect(await events()).toEqual(['started scan', 'finished scan', 'dropped scan']);
});

test('stopped while it rechecks, the next run resumes without reading the table again', async () => {
  const { repair, table, destination, first, published, checkpoints } = await withLosses();
  const stopping = new AbortController();
  const stopped = repair({
    signal: stopping.signal,
    onComparison: ({ phase }) => phase === 'rechecking' && stopping.abort(),
  });
  await expect(stopped).rejects.toMatchObject(kind('interrupted'));
  expect(await published()).toBe(first.snapshotId);
  expect(checkpoints.text).not.toBeNull();
  table.calls.length = 0;
  let scansBefore = -1;
  const publish = destination.publish.bind(destination);
  destination.publish = (...publication) => {
    scansBefore = scansOf(table);
    return publish(...publication);
  };

  const result = await repair();

  expect(result).toMatchObject({ isRepaired: true, missing: 1, extra: 1, different: 1 });
  expect(scansBefore).toBe(0);
  expect(await published()).toBe(result.snapshotId);
});

/** A repair that its cap has stopped when four of six items were read, `a` among them. */
async function cappedRepair(stage: Awaited<ReturnType<typeof repairStage>>) {
  stage.table.unitsPerPage = 100;
  expect(await stage.repair({ maxUnits: 400 })).toMatchObject({
    verdict: 'capped',
    isCompared: false,
    isResumable: true,
  });
  stage.table.calls.length = 0;
}

/** No look at items whose digests agree: in a table this small it would see all of them. */
const BY_DIGEST = { whole: 0 };

test('what changed since an earlier run read it, and was lost, is found and repaired: the table is read again', async () => {
  const stage = await repairStage(ITEMS);
  const { repair, table, published, digestOf: digest, events } = stage;
  await cappedRepair(stage);
  table.put(order('a', { paid: { BOOL: true } }));

  const result = await repair(BY_DIGEST);

  expect(result).toMatchObject({ verdict: 'differ', isRepaired: true, different: 1 });
  expect(result.findings).toEqual([{ key: '["a"]', finding: 'different' }]);
  expect(result.check).toMatchObject({ verdict: 'agree', isRescanned: false });
  expect(await published()).toBe(result.snapshotId);
  expect(await digest('["a"]')).toBe(digestOf('{"id":"a","paid":true}'));
  expect((await events()).toSorted()).toEqual([
    ...['dropped scan', 'finished scan', 'finished scan', 'published scan', 'started scan', 'started scan'],
  ]);
  // Both readings, and the looks of the second.
  expect(result.units).toBeGreaterThan(800);
});

test('sides agree behind an earlier run only by a reading of now', async () => {
  const stage = await repairStage(ITEMS);
  await cappedRepair(stage);

  const result = await stage.repair();

  expect(result).toMatchObject({ verdict: 'agree', isRepaired: false, isResumable: false });
  expect(scansOf(stage.table)).toBe(1 + 1 + 4);
});

test('what was read in one unbroken run is read once, whether anything differs or not', async () => {
  const agreeing = await repairStage(ITEMS);
  expect(await agreeing.repair()).toMatchObject({ verdict: 'agree' });
  expect(scansOf(agreeing.table)).toBe(4);

  const { repair, table } = await withLosses();
  expect(await repair()).toMatchObject({ isRepaired: true, check: { verdict: 'agree', isRescanned: false } });
  expect(scansOf(table)).toBe(4);
});

test('after what an earlier run read is published, the table is read once more to say whether anything differs', async () => {
  const stage = await repairStage(ITEMS);
  const { repair, table } = stage;
  await cappedRepair(stage);
  table.put(order('a', { paid: { BOOL: true } }));
  table.put(order('z'));

  const result = await repair(BY_DIGEST);

  expect(result).toMatchObject({ verdict: 'differ', isRepaired: true, different: 0, missing: 1 });
  expect(result.check).toMatchObject({
    verdict: 'differ',
    isRescanned: true,
    sourceItems: 7,
    different: 1,
    missing: 0,
  });
  expect(result.stillFound).toEqual([{ key: '["a"]', finding: 'different' }]);
  expect(result.units).toBeGreaterThanOrEqual(800);
});

test('where the cap leaves no room to read the table once more, it isn’t reported to agree', async () => {
  const stage = await repairStage(ITEMS);
  const { repair, table, checkpoints } = stage;
  await cappedRepair(stage);
  table.put(order('a', { paid: { BOOL: true } }));

  const result = await repair({ ...BY_DIGEST, maxUnits: 800 });

  expect(result).toMatchObject({ verdict: 'capped', isCapped: true, isRepaired: false, isResumable: false });
  expect(result.units).toBeLessThanOrEqual(800);
  expect(checkpoints.text).toBeNull();
  expect(await repair({ ...BY_DIGEST, maxUnits: 2_000 })).toMatchObject({ isRepaired: true, different: 1 });
});

test('where the cap stops the last comparison, it isn’t reported that nothing differs any more', async () => {
  const stage = await withLosses();
  await cappedRepair(stage);

  const result = await stage.repair({ ...BY_DIGEST, maxUnits: 900 });

  expect(result).toMatchObject({ isRepaired: true, check: { verdict: 'capped', isCapped: true, isRescanned: true } });
  expect(result.units).toBeLessThanOrEqual(900);
});

test('stopped while it rechecks, a backfill resumes what was read, too', async () => {
  const { repair, backfill, published } = await withLosses();
  const stopping = new AbortController();
  const stopped = repair({
    signal: stopping.signal,
    onComparison: ({ phase }) => phase === 'rechecking' && stopping.abort(),
  });
  await expect(stopped).rejects.toMatchObject(kind('interrupted'));

  const result = await backfill();

  expect(result).toMatchObject({ isResumed: true, isPublished: true });
  expect(await published()).toBe(result.snapshotId);
});

test.each([
  ['other options', 'state-invalid'],
  ['another snapshot was published', 'snapshot-superseded'],
] as const)(
  'what can not be resumed (%s) names the command that drops it: a repair has no --restart',
  async (how, as) => {
    const stage = await withLosses();
    await cappedRepair(stage);
    if (as === 'snapshot-superseded') await stage.backfill({ checkpoints: new MemoryCheckpoints() });

    await expect(stage.repair({ segments: how === 'other options' ? 3 : 2 })).rejects.toMatchObject({
      ...kind(as),
      remedy: expect.stringContaining('tart over: `tailrace backfill TABLE --restart`.'),
    });
  },
);

test('the read cap holds over all runs: what was read is saved, and a higher cap resumes it', async () => {
  const { repair, table, first, published } = await withLosses();
  table.unitsPerPage = 100;

  const capped = await repair({ maxUnits: 400 });
  const again = await repair({ maxUnits: 400 });

  expect(capped).toMatchObject({ verdict: 'capped', isCapped: true, isCompared: false, isRepaired: false });
  expect(again).toMatchObject({ verdict: 'capped', units: capped.units });
  expect(again.units).toBeLessThanOrEqual(400);
  expect(await published()).toBe(first.snapshotId);
  expect(await repair({ maxUnits: 5_000 })).toMatchObject({ isRepaired: true, check: { missing: 0 } });
});

test('the cap counts what was read and dropped, too, where the reading behind it was stopped', async () => {
  const stage = await repairStage(ITEMS);
  const { repair, table, checkpoints } = stage;
  await cappedRepair(stage);
  const stopping = new AbortController();
  const stopped = repair({
    signal: stopping.signal,
    onProgress: ({ items, isResumed }) => !isResumed && items > 2 && stopping.abort(),
  });
  await expect(stopped).rejects.toMatchObject(kind('interrupted'));
  const { read_units: used } = JSON.parse(checkpoints.text ?? '{}');
  const scans = scansOf(table);

  expect(await repair({ maxUnits: used })).toMatchObject({ isCapped: true, isResumable: true, units: used });
  expect(scansOf(table)).toBe(scans);
  // Four items a run before, two when it went on, and the first pages of the second reading.
  expect(used).toBeGreaterThanOrEqual(600);
});

test('the cap counts what was read and is being dropped, until a restart', async () => {
  const { repair, backfill, table, checkpoints } = await repairStage(ITEMS);
  table.unitsPerPage = 100;
  const clear = checkpoints.clear.bind(checkpoints);
  checkpoints.clear = async () => {
    throw new Error('No room');
  };
  await expect(repair(BY_DIGEST)).rejects.toThrow('No room');
  checkpoints.clear = clear;
  table.calls.length = 0;

  const capped = await repair({ ...BY_DIGEST, maxUnits: 450 });
  expect(capped).toMatchObject({ isCapped: true, isResumable: true, units: 400 });
  expect(scansOf(table)).toBe(0);
  expect(await backfill({ restart: true, maxUnits: 500 })).toMatchObject({ isPublished: true, units: 400 });
});

test('a cap that is reached while it rechecks saves what was read, too', async () => {
  const { repair, checkpoints, table } = await withLosses();
  table.get = async ({ keys }) => ({ items: [], unprocessed: keys.slice(1), consumedUnits: 100 });

  const capped = await repair({ maxUnits: 500 });

  expect(capped).toMatchObject({ verdict: 'capped', isCompared: true, isRepaired: false, unexamined: 2 });
  expect(capped.units).toBeLessThanOrEqual(500);
  expect(JSON.parse(checkpoints.text ?? '{}')).toMatchObject({ read_units: capped.units });
});

test('an item that can not be carried is a dead letter, and no repair says that all is well', async () => {
  const { repair, table, deadLetters } = await repairStage(ITEMS);
  table.put(order('odd', { note: { S: '\ud800' } }));

  expect(await repair()).toMatchObject({ verdict: 'differ', setAside: 1, isRepaired: false });
  expect(deadLetters.letters).toHaveLength(1);
});

test('without a latest view there is nothing to repair, and nothing is made', async () => {
  const { repair, destination, table } = await repairStage(ITEMS);
  destination.known = async () => undefined;

  await expect(repair()).rejects.toMatchObject(kind('destination-missing'));
  expect(table.calls).toEqual(['describe']);
});

test('a destination that fails while it is compared publishes nothing and leaves what was read', async () => {
  const { repair, destination, first, published } = await withLosses();
  const lookup = destination.lookup.bind(destination);
  destination.lookup = () => Promise.reject(new TailraceError('destination-unavailable', 'Injected'));
  await expect(repair()).rejects.toMatchObject(kind('destination-unavailable'));
  expect(await published()).toBe(first.snapshotId);
  destination.lookup = lookup;

  expect(await repair()).toMatchObject({ isRepaired: true });
});
