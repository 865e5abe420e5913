import { expect, test } from 'vitest';
import { runVerify } from '../../../../backfill/verify/verify.ts';
import type { RunVerifyOptions, VerifyFinding } from '../../../../backfill/verify/verify-options.ts';
import { identity } from '../../../../src/privacy/transform.ts';
import { toSnapshotRow } from '../../../../src/snapshot/row.ts';
import type { GetRequest, ScanRequest } from '../../../../src/source/table-reader.ts';
import type { AttributeMap } from '../../../../src/value/attribute-value.ts';
import { VirtualClock } from '../../../support/clock/virtual-clock.ts';
import { MemoryLatest } from '../../../support/memory/latest.ts';
import { MemoryTable } from '../../../support/memory/table.ts';
import { seededRandom } from '../../../support/values/seeded-random.ts';
import { kind } from '../../../support/vitest/kind.ts';
import { temporaryFolder } from '../../../support/vitest/temporary-folder.ts';

const LAG_MS = 10_000;

function order(id: string, more: AttributeMap = {}): AttributeMap {
  return { id: { S: id }, ...more };
}

const latestAs = (latest: MemoryLatest): RunVerifyOptions['destination'] => ({
  known: (tableName) => latest.known(tableName),
  published: () => latest.published(),
  compare: () => latest.compare(),
  compareSnapshot: () => latest.compareSnapshot(),
  lookup: (table, keys) => latest.lookup(table, keys),
});

/** A table and a latest view that shows all of it. */
function stage(items = ['a', 'b', 'c', 'd'].map((id) => order(id))) {
  const table = new MemoryTable(items);
  const latest = new MemoryLatest();
  const clock = new VirtualClock();
  const spool = temporaryFolder();
  const show = (item: AttributeMap) => latest.show(toSnapshotRow(item, ['id'], identity));
  const stopping = new AbortController();
  const verify = async (options: Partial<RunVerifyOptions> = {}) => {
    const findings: VerifyFinding[] = [];
    const result = await clock.run(
      runVerify({
        table: 'Orders',
        reader: table,
        destination: latest,
        transform: identity,
        clock,
        random: seededRandom(1),
        segments: 2,
        spool,
        lagMs: LAG_MS,
        maxRecheckMs: 60_000,
        signal: stopping.signal,
        onFinding: (finding) => findings.push(finding),
        ...options,
      }),
    );
    return { ...result, findings };
  };
  for (const item of items) show(item);
  return { table, latest, clock, show, stopping, verify };
}

test('a key that the source gives more than once is counted and named, whatever the view shows of it', async () => {
  const { table, verify } = stage();
  // Under an identity of their own, as where a server stores `1` and `1.0` apart and gives both as `1`.
  table.items.set('apart', order('b', { n: { N: '2' } }));
  table.items.set('apart too', order('b'));

  const result = await verify();

  expect(result).toMatchObject({ verdict: 'differ', repeated: 2, missing: 0, extra: 0, different: 0, sourceItems: 4 });
  expect(result.findings).toEqual([{ key: '["b"]', finding: 'repeated' }]);
});

test('equal sides agree at once, with nothing to wait for', async () => {
  const { verify, latest } = stage();

  expect(await verify()).toEqual({
    verdict: 'agree',
    findings: [],
    missing: 0,
    extra: 0,
    different: 0,
    repeated: 0,
    unlisted: 0,
    changing: 0,
    unsettled: 0,
    unexamined: 0,
    isCapped: false,
    sourceItems: 4,
    latestItems: 4,
    isOverSnapshot: false,
    whole: 4,
    // Two pages, and four items by key.
    units: 5,
    durationMs: 0,
  });
  expect(latest.open).toBe(0);
});

test('other set order, number text and name order are no difference', async () => {
  const { verify, show } = stage([order('a', { n: { N: '1' }, tags: { SS: ['x', 'y'] }, big: { N: '1E+2' } })]);
  show(order('a', { big: { N: '100.0' }, tags: { SS: ['y', 'x'] }, n: { N: '1.00' } }));

  expect(await verify()).toMatchObject({ verdict: 'agree' });
});

test('missing, extra and different are found by key, once the stream had its time', async () => {
  const { verify, latest, show, table } = stage();
  latest.rows.delete('["a"]');
  show(order('b', { state: { S: 'old' } }));
  table.items.delete('["c"]');

  const result = await verify();

  expect(result.verdict).toBe('differ');
  expect(result.findings).toEqual([
    { key: '["a"]', finding: 'missing' },
    { key: '["b"]', finding: 'different' },
    { key: '["c"]', finding: 'extra' },
  ]);
  expect(result.durationMs).toBeGreaterThanOrEqual(LAG_MS);
  expect(result.durationMs).toBeLessThan(LAG_MS * 1.5);
});

test('a change that is on its way is no finding', async () => {
  const { verify, latest, show, clock } = stage();
  latest.rows.delete('["a"]');
  const arrivesAt = clock.now() + LAG_MS / 2;
  latest.beforeLookup = () => {
    if (clock.now() >= arrivesAt) show(order('a'));
  };

  expect(await verify()).toMatchObject({ verdict: 'agree', unsettled: 0 });
});

test('without any lag to wait for, what differs is found all the same', async () => {
  const { verify, latest } = stage();
  latest.rows.delete('["a"]');

  const result = await verify({ lagMs: 0, maxRecheckMs: undefined });

  expect(result).toMatchObject({ verdict: 'differ', missing: 1, unsettled: 0 });
});

test('where each observation takes longer than a recheck may, what differs is found all the same', async () => {
  const { verify, latest, clock } = stage();
  latest.rows.delete('["a"]');
  const destination = {
    ...latestAs(latest),
    lookup: async (...asked: Parameters<typeof latest.lookup>) => {
      await clock.sleep(20 * LAG_MS);
      return latest.lookup(...asked);
    },
  };

  const result = await verify({ destination, maxRecheckMs: undefined });

  expect(result).toMatchObject({ verdict: 'differ', missing: 1, unsettled: 0 });
});

test('a key that changes all the time agrees when the view arrives where it was', async () => {
  const version = (number: number) => order('a', { version: { N: `${number}` } });
  const { verify, latest, show, table } = stage([version(0)]);
  let now = 5;
  table.put(version(now));
  latest.beforeLookup = () => {
    // Never the same on both sides: the view is always three versions behind.
    now += 3;
    table.put(version(now));
    show(version(now - 6));
  };

  expect(await verify()).toMatchObject({ verdict: 'agree', unsettled: 0 });
  expect(latest.lookups.length).toBeGreaterThan(1);
});

test('a key that changes all the time before a view that stands still can’t be settled', async () => {
  const { verify, latest, table } = stage([order('a', { version: { N: '0' } })]);
  let version = 0;
  latest.rows.delete('["a"]');
  latest.beforeLookup = () => table.put(order('a', { version: { N: `${++version}` } }));

  const result = await verify();

  expect(result).toMatchObject({ verdict: 'unfinished', findings: [], unsettled: 1 });
  expect(result.durationMs).toBeGreaterThanOrEqual(60_000);
});

test('a key that both sides are never met in the same state of is changing, which is no difference', async () => {
  const { verify, latest, table, show } = stage();
  let version = 0;
  table.put(order('a', { version: { N: '-1' } }));
  latest.beforeLookup = () => {
    table.put(order('a', { version: { N: `${++version}` } }));
    // From before the first look, and moving.
    show(order('a', { version: { N: `${-1_000_000 + version}` } }));
  };

  const result = await verify();

  expect(result).toMatchObject({ verdict: 'agree', changing: 1, unsettled: 0, findings: [] });
  expect(result.durationMs).toBeLessThan(3 * LAG_MS);
});

test('the read cap is never passed: what was read by then is compared, and the rest is not', async () => {
  const { verify, table, latest } = stage(Array.from({ length: 20 }, (_, id) => order(`order-${id}`)));
  table.unitsPerPage = 100;
  latest.rows.delete('["order-0"]');
  latest.rows.delete('["order-19"]');

  const result = await verify({ maxUnits: 600, whole: 0, segments: 1 });

  expect(result).toMatchObject({
    verdict: 'differ',
    isCapped: true,
    sourceItems: 8,
    latestItems: 7,
    missing: 1,
    extra: 0,
  });
  expect(result.findings).toEqual([{ key: '["order-0"]', finding: 'missing' }]);
  expect(result.units).toBeLessThanOrEqual(600);
});

test('a cap that is reached where nothing differs so far is no agreement', async () => {
  const { verify, table } = stage(Array.from({ length: 20 }, (_, id) => order(`order-${id}`)));
  table.unitsPerPage = 100;

  expect(await verify({ maxUnits: 400, segments: 1 })).toMatchObject({
    verdict: 'capped',
    sourceItems: 4,
    isCapped: true,
  });
});

test('a cap that is reached while keys are looked at again leaves them unexamined', async () => {
  const { verify, latest, table } = stage(Array.from({ length: 50 }, (_, id) => order(`order-${id}`)));
  latest.rows.clear();

  const result = await verify({ maxUnits: 400 });

  expect(result).toMatchObject({ verdict: 'capped', isCapped: true, sourceItems: 50, unexamined: 50, missing: 0 });
  expect(result.units).toBeLessThanOrEqual(400);
  expect(table.calls.filter((call) => call.startsWith('get')).length).toBeGreaterThan(1);
});

test('findings of many batches are reported as they become certain, in order, and are never collected', async () => {
  const ids = Array.from({ length: 5_200 }, (_, id) => order(`order-${String(id).padStart(5, '0')}`));
  const { verify, latest, table } = stage(ids);
  latest.rows.clear();
  const reported: (string | null)[] = [];
  let greatest = 0;
  const beforeGet = table.get.bind(table);
  table.get = (request) => {
    greatest = Math.max(greatest, reported.length);
    return beforeGet(request);
  };

  const result = await verify({ maxFindings: 100_000, onFinding: ({ key }) => reported.push(key) });

  expect(result.missing).toBe(5_200);
  expect(reported).toEqual(reported.toSorted());
  expect(greatest).toBeGreaterThanOrEqual(5_000);
});

test('an item of another text than its digest’s is found by the sample', async () => {
  const { verify, latest } = stage();
  const row = latest.rows.get('["a"]');
  if (row) latest.rows.set('["a"]', { ...row, item: '{"id":"A"}' });

  expect(await verify()).toMatchObject({
    verdict: 'differ',
    findings: [{ key: '["a"]', finding: 'different', reason: expect.stringContaining('digest') }],
  });
  expect(await verify({ whole: 0 })).toMatchObject({ verdict: 'agree', whole: 0 });
});

test('a destination may give an item back with other spacing and order of names', async () => {
  const { verify, latest } = stage([order('a', { 10: { N: '1' }, 9: { N: '1.5E+2' }, ['__proto__']: { S: 'p' } })]);
  const row = latest.rows.get('["a"]');
  if (row) latest.rows.set('["a"]', { ...row, item: '{"id": "a", "9":150, "__proto__": "p",\n "10": 1}' });

  expect(await verify()).toMatchObject({ verdict: 'agree', whole: 1 });
});

test('an item past its time to live counts as present until DynamoDB deletes it', async () => {
  const { verify, latest } = stage([order('a', { expires: { N: '1' } })]);
  expect(await verify()).toMatchObject({ verdict: 'agree' });

  latest.rows.clear();
  expect(await verify()).toMatchObject({ verdict: 'differ', findings: [{ finding: 'missing' }] });
});

test('DynamoDB’s own count of items has no say', async () => {
  const { verify, table } = stage();
  table.description = { ...table.description, itemCount: 0 };

  expect(await verify()).toMatchObject({ verdict: 'agree', sourceItems: 4 });
});

test('an item that can’t be carried is a finding with its reason', async () => {
  const { verify, table, latest, show } = stage();
  table.put(order('a', { note: { S: '\ud800' } }));
  table.put(order('new', { note: { S: '\ud800' } }));
  show(order('a'));

  const result = await verify();

  expect(result.findings).toEqual([
    { key: '["a"]', finding: 'different', reason: expect.stringContaining('Item.note') },
    { key: '["new"]', finding: 'missing', reason: expect.stringContaining('Item.note') },
  ]);
  expect(latest.open).toBe(0);
});

test('an item whose key can’t be carried is a finding without a key', async () => {
  const { verify, table } = stage();
  table.items.set('unreadable', order('\ud800'));

  expect(await verify()).toMatchObject({ verdict: 'differ', findings: [{ key: null, finding: 'missing' }] });
});

test('no more findings are reported than were asked for, few more keys are rechecked, and all are counted', async () => {
  const { verify, latest } = stage(Array.from({ length: 3_000 }, (_, id) => order(`order-${id}`)));
  latest.rows.clear();

  const result = await verify({ maxFindings: 10 });

  expect(Math.max(...latest.lookups)).toBe(100);
  expect(result.verdict).toBe('differ');
  expect(result.findings).toHaveLength(10);
  expect(result.missing - result.unlisted).toBe(10);
  expect(result.missing + result.unexamined).toBe(3_000);
});

test.each([
  ['different', (id: number) => order(`order-${id}`, { n: { N: '1' }, text: { S: 'x'.repeat(300_000) } })],
  ['extra', () => null],
])('however large items are, no look-up has more than a few megabytes of them: %s', async (finding, itemOf) => {
  const { verify, latest, table, show } = stage([]);
  for (let id = 0; id < 90; id++) {
    show(order(`order-${id}`, { text: { S: 'x'.repeat(300_000) } }));
    const item = itemOf(id);
    if (item) table.put(item);
  }
  let most = 0;
  const lookup: MemoryLatest['lookup'] = async (source, keys) => {
    const rows = await latest.lookup(source, keys);
    most = Math.max(
      most,
      [...rows.values()].reduce((sum, { item }) => sum + item.length, 0),
    );
    return rows;
  };

  const result = await verify({ destination: { ...latestAs(latest), lookup }, lagMs: 0 });

  expect(result).toMatchObject({ verdict: 'differ', [finding]: 90 });
  expect(most).toBeLessThan(17 * 1024 * 1024);
  expect(most).toBeGreaterThan(4 * 1024 * 1024);
});

test('without a latest view there is nothing to compare with', async () => {
  const { verify, latest } = stage();
  latest.view = undefined;

  await expect(verify()).rejects.toMatchObject(kind('destination-missing'));
});

test.each([
  ['another account’s table of the name', { arn: 'arn:aws:dynamodb:eu-west-1:999999999999:table/Orders' }],
  ['a table that was deleted and created again', { tableId: '99999999-2222-3333-4444-555555555555' }],
])('%s is not compared with the view, though they would agree', async (_, other) => {
  const { verify, latest, table } = stage();
  latest.source = { ...latest.source, ...other };

  await expect(verify()).rejects.toMatchObject(kind('destination-conflict'));
  expect(table.calls).toEqual(['describe']);
});

test('a table whose name becomes that of another one’s view is not compared with it', async () => {
  const { verify, latest } = stage();
  latest.source = { ...latest.source, name: 'orders' };

  await expect(verify()).rejects.toMatchObject(kind('destination-missing'));
});

test('an interruption is named, and leaves nothing in the destination', async () => {
  const { verify, latest, stopping } = stage();
  latest.rows.clear();
  latest.beforeLookup = () => stopping.abort();

  await expect(verify()).rejects.toMatchObject(kind('interrupted'));

  expect(latest.open).toBe(0);
});

test('progress reports items read, then keys that are rechecked', async () => {
  const { verify, latest } = stage();
  latest.rows.delete('["a"]');
  const seen: unknown[] = [];

  await verify({ onProgress: (progress) => seen.push(progress) });

  expect(seen[0]).toMatchObject({ phase: 'scanning', items: 2, aboutItems: 100 });
  expect(seen).toContainEqual(expect.objectContaining({ phase: 'rechecking', items: 4, open: 1 }));
});

test('a rate holds for the scan and for the looks behind it, together', async () => {
  const items = Array.from({ length: 120 }, (_, id) => order(`order-${String(id).padStart(3, '0')}`));
  const { table, latest, clock, verify } = stage(items);
  table.pageSizes = [10];
  table.unitsPerPage = 10;
  for (const { key } of [...latest.rows.values()].slice(0, 30)) latest.rows.delete(key);
  const asked: { readonly at: number; readonly units: number }[] = [];
  const reader = {
    describe: () => table.describe('Orders'),
    scan: (request: ScanRequest) => counted(table.scan(request)),
    get: (request: GetRequest) => counted(table.get(request)),
  };
  const counted = async <T extends { readonly consumedUnits: number }>(answer: Promise<T>): Promise<T> => {
    asked.push({ at: clock.now(), units: (await answer).consumedUnits });
    return answer;
  };

  const result = await verify({ reader, unitsPerSecond: 5, whole: 20, maxRecheckMs: 600_000 });

  expect(result).toMatchObject({ verdict: 'differ', missing: 30 });
  expect(result.units).toBeGreaterThan(300);
  expect(result.durationMs).toBeGreaterThan((result.units / 5) * 1_000 * 0.95 - 5_000);
  // Of any ten seconds, once it has begun: what the rate allows, and a page or a look more.
  for (const { at } of asked) {
    const within = asked.filter((other) => other.at >= at && other.at < at + 10_000);
    expect(within.reduce((sum, { units }) => sum + units, 0)).toBeLessThanOrEqual(50 + 30);
  }
});

test('throttled, it goes slower than the rate that was asked for', async () => {
  const { table, clock, verify } = stage(Array.from({ length: 200 }, (_, id) => order(`order-${id}`)));
  table.unitsPerPage = 10;
  const began = clock.now();
  let throttles = 0;
  const scan = async (request: ScanRequest) => {
    if (clock.now() - began < 5_000 && throttles++ % 2 === 0) await request.onRetry?.('throttled');
    return table.scan(request);
  };

  const { verdict, units, durationMs } = await verify({
    reader: { describe: () => table.describe('Orders'), scan, get: (request) => table.get(request) },
    unitsPerSecond: 100,
    whole: 0,
  });

  expect(verdict).toBe('agree');
  expect(throttles).toBeGreaterThan(0);
  expect((units * 1_000) / durationMs).toBeLessThan(85);
});
