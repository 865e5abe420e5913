import { expect, test } from 'vitest';
import { randomParts } from '../../../../backfill/verify/random-parts.ts';
import type { VerifyFinding } from '../../../../backfill/verify/verify-options.ts';
import { runSample, type SampleOptions } from '../../../../backfill/verify/verify-sample.ts';
import { identity } from '../../../../src/privacy/transform.ts';
import { toSnapshotRow } from '../../../../src/snapshot/row.ts';
import { VirtualClock } from '../../../support/clock/virtual-clock.ts';
import { MemoryLatest } from '../../../support/memory/latest.ts';
import { MemoryTable } from '../../../support/memory/table.ts';
import { order } from '../../../support/stages/backfill-stage.ts';
import { seededRandom } from '../../../support/values/seeded-random.ts';
import { kind } from '../../../support/vitest/kind.ts';
import { temporaryFolder } from '../../../support/vitest/temporary-folder.ts';

/** A table and a latest view that shows all of it. */
function stage(count = 2_000) {
  const items = Array.from({ length: count }, (_, id) => order(`order-${String(id).padStart(4, '0')}`));
  const table = new MemoryTable(items);
  table.pageSizes = [50];
  const latest = new MemoryLatest();
  for (const item of items) latest.show(toSnapshotRow(item, ['id'], identity));
  const clock = new VirtualClock();
  const spool = temporaryFolder();
  const verify = async (options: Partial<SampleOptions> = {}) => {
    const findings: VerifyFinding[] = [];
    const result = await clock.run(
      runSample({
        table: 'Orders',
        reader: table,
        destination: latest,
        transform: identity,
        clock,
        random: seededRandom(7),
        segments: 3,
        spool,
        share: 0.25,
        lagMs: 10_000,
        signal: new AbortController().signal,
        onFinding: (finding) => findings.push(finding),
        ...options,
      }),
    );
    return { ...result, findings };
  };
  return { table, latest, verify };
}

test('about the share that was asked for is compared, from both sides', async () => {
  const { verify, latest } = stage();

  const result = await verify();

  expect(result).toMatchObject({ verdict: 'agree', findings: [], totalRows: 2_000, parts: 32, totalParts: 128 });
  expect(result.sourceItems).toBeGreaterThan(400);
  expect(result.sourceItems).toBeLessThan(600);
  expect(result.latestItems).toBeGreaterThan(400);
  expect(result.latestItems).toBeLessThan(600);
  expect(latest.open).toBe(0);
});

test.each([1, 3, 100])(
  'of the parts that are scanned no more are read at once than was asked for: %d',
  async (segments) => {
    const { verify, table } = stage();
    let open = 0;
    let most = 0;
    const reader: SampleOptions['reader'] = {
      describe: (name) => table.describe(name),
      get: (request) => table.get(request),
      async scan(request) {
        most = Math.max(most, ++open);
        const page = await table.scan(request);
        await Promise.resolve();
        open--;
        return page;
      },
    };

    const result = await verify({ segments, reader });

    expect(result).toMatchObject({ verdict: 'agree', parts: 32 });
    expect(most).toBe(Math.min(segments, 32));
    expect(new Set(table.calls.filter((call) => call.startsWith('scan'))).size).toBeGreaterThanOrEqual(32);
  },
);

test('what is missing, extra or different is found in about the share that was asked for', async () => {
  const { verify, latest, table } = stage();
  const keys = [...latest.rows.keys()];
  for (const key of keys.slice(0, 200)) latest.rows.delete(key);
  for (const key of keys.slice(200, 400)) table.items.delete(key);
  for (const key of keys.slice(400, 600)) {
    latest.show(toSnapshotRow(order(JSON.parse(key)[0], { old: { BOOL: true } }), ['id'], identity));
  }

  const { missing, extra, different, findings } = await verify({ maxFindings: 10_000 });

  for (const found of [missing, extra]) {
    expect(found).toBeGreaterThan(25);
    expect(found).toBeLessThan(75);
  }
  // What is different can be seen from either side.
  expect(different).toBeGreaterThan(60);
  expect(different).toBeLessThan(120);
  const found = findings.map(({ key }) => key);
  expect(new Set(found).size).toBe(found.length);
  expect(found).toHaveLength(missing + extra + different);
});

test('all of it may be asked for, and then all is found', async () => {
  const { verify, latest, table } = stage(300);
  const [first = '', second = ''] = latest.rows.keys();
  latest.rows.delete(first);
  table.items.delete(second);

  const result = await verify({ share: 1 });

  expect(result.findings).toEqual([
    { key: first, finding: 'missing' },
    { key: second, finding: 'extra' },
  ]);
  expect(result).toMatchObject({ sourceItems: 299, latestItems: 299 });
});

test('the read cap is never passed, and what was compared is reported', async () => {
  const { verify, table } = stage();
  for (const maxUnits of [200, 400, 600]) {
    const result = await verify({ maxUnits });

    expect(result).toMatchObject({ verdict: 'capped', isCapped: true });
    expect(result.units).toBeLessThanOrEqual(maxUnits);
  }
  table.unitsPerPage = 100;
  const early = await verify({ maxUnits: 1_000 });
  expect(early).toMatchObject({ verdict: 'capped', latestItems: 0 });
  expect(early.sourceItems).toBeLessThan(500);
});

test('a row whose item is not what its digest says is found among those that are compared whole', async () => {
  const { verify, latest } = stage(50);
  for (const [key, row] of latest.rows) latest.rows.set(key, { ...row, item: '{"id":"other"}' });

  expect(await verify({ share: 1, whole: 10 })).toMatchObject({ verdict: 'differ', different: 10, whole: 10 });
});

test('the rough cost of a whole comparison is reported if the server counts', async () => {
  const { verify, table } = stage(50);
  table.description = { ...table.description, sizeBytes: 81_920 };
  expect(await verify()).toMatchObject({ wholeUnits: 10 });

  table.description = { ...table.description, sizeBytes: 0 };
  expect(await verify()).toMatchObject({ wholeUnits: null });
});

test('without a latest view there is nothing to compare with', async () => {
  const { verify, latest } = stage(1);
  latest.view = undefined;

  await expect(verify()).rejects.toMatchObject(kind('destination-missing'));
});

test.each([0.0001, 0.01, 0.03, 0.25, 0.5, 0.9, 1])('random parts are together the share %d of all', (share) => {
  const { total, chosen } = randomParts(share, seededRandom(1));

  expect(chosen.length / total).toBeCloseTo(share, 1);
  expect(new Set(chosen).size).toBe(chosen.length);
  expect(Math.max(...chosen)).toBeLessThan(total);
  expect(total).toBeLessThanOrEqual(1_000_000);
  expect(randomParts(share, seededRandom(2)).chosen).not.toEqual(share === 1 ? [] : chosen);
});

test('random parts are distinct, whatever is drawn', () => {
  const { chosen } = randomParts(0.25, { next: () => 0.5, hex: () => '' });

  expect(new Set(chosen).size).toBe(32);
});
