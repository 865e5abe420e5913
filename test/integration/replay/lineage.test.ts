import { describe, type TestContext, test, vi } from 'vitest';
import { VirtualClock } from '../../support/clock/virtual-clock.ts';
import { createWorkplace, type Ended } from '../../support/process/tailrace-process.ts';
import { ScriptedStreams } from '../../support/stream/scripted-streams.ts';
import { startStreamServer } from '../../support/stream/stream-server.ts';

// Each test runs several processes, and waits as long as descriptions may lag behind their stream.
vi.setConfig({ testTimeout: 90_000 });

const records = (...numbers: readonly string[]) => numbers.map((number) => [number, `key-${number}`] as const);

/** A scripted stream behind a server, and the real command. */
async function stageOf({ onTestFinished }: TestContext) {
  // Its time stands still a minute ago: no record is younger than the reading.
  const streams = new ScriptedStreams(new VirtualClock(Date.now() - 60_000));
  const server = await startStreamServer(streams);
  onTestFinished(() => server[Symbol.asyncDispose]());
  const workplace = await createWorkplace();
  onTestFinished(() => workplace[Symbol.asyncDispose]());
  const where = ['--json', '--destination', 'duckdb:shop.duckdb', '--endpoint-url', server.endpointUrl];
  const tailrace = (...args: readonly string[]) => workplace.tailrace([...args, ...where]);
  return {
    streams,
    tailrace,
    start: (...args: readonly string[]) => workplace.start([...args, ...where]),
    /** The sequence numbers of the changelog's rows, each once, in the order of their positions. */
    async appended(): Promise<readonly string[]> {
      const select = 'SELECT DISTINCT sequence_number, position FROM "Orders_changelog" ORDER BY position';
      const { stdout } = await tailrace('query', select);
      const lines = stdout.split('\n').filter((line) => line !== '');
      return lines.map((line) => (JSON.parse(line) as { sequence_number: string }).sequence_number);
    },
    /** The shards in the order in which their last page was read. */
    order: () => [...new Set(streams.calls.filter((call) => call.startsWith('records ')).toReversed())].reverse(),
  };
}

const summary = ({ stdout }: Ended): unknown => JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '');

/** Both commands that read a whole stream, to its end: it is switched off. */
describe.concurrent.each([
  ['replay', ['replay', 'Orders', '--stream'], { lost: 0 }],
  ['tail', ['tail', 'Orders'], { event: 'ended', lost: [] }],
] as const)('%s', (_name, args, ending) => {
  test('reads the shards of every page of the description, parents before their children', async (context) => {
    const { expect } = context;
    const { streams, tailrace, appended, order } = await stageOf(context);
    streams.status = 'DISABLED';
    // Listed children first, two to a page; numbers grow longer on the way, so that text order isn't their order.
    streams
      .shard('d', { parent: 'c', records: records('1000', '1001') })
      .shard('c', { parent: 'a', records: records('100', '101') })
      .shard('b', { parent: 'a', records: records('102') })
      .shard('a', { records: records('8', '9', '10', '11') })
      .shard('e', { records: records('50') });

    const ended = await tailrace(...args);

    expect([ended.code, ended.stderr]).toEqual([0, expect.not.stringMatching(/^tailrace: /m)]);
    expect(summary(ended)).toMatchObject({ records: 10, ...ending });
    expect(await appended()).toEqual(['8', '9', '10', '11', '50', '100', '101', '102', '1000', '1001']);
    const [first, ...rest] = order().filter((call) => call !== 'records e');
    expect(first).toBe('records a');
    expect(rest.indexOf('records c')).toBeLessThan(rest.indexOf('records d'));
  });

  test('passes empty pages and throttling, and resumes behind the last record when an iterator has expired', async (context) => {
    const { expect } = context;
    const { streams, tailrace, appended } = await stageOf(context);
    streams.status = 'DISABLED';
    streams.shard('a', { records: records('1', '2', '3', '4', '5', '6', '7') });
    streams.failNext('records', 'empty-page', 'expire', 'empty-page', 'throttle');

    const ended = await tailrace(...args);

    expect(ended.code, ended.stderr).toBe(0);
    expect(await appended()).toEqual(['1', '2', '3', '4', '5', '6', '7']);
    const iterators = streams.calls.filter((call) => call.startsWith('iterator '));
    expect(iterators[0]).toBe('iterator a TRIM_HORIZON');
    expect(iterators.length).toBeGreaterThan(1);
    expect(iterators.join()).not.toContain('LATEST');
  });

  test('takes shards whose parents are trimmed away for roots, and waits for no parent', async (context) => {
    const { expect } = context;
    const { streams, tailrace, appended } = await stageOf(context);
    streams.status = 'DISABLED';
    streams
      .shard('b', { parent: 'trimmed', records: records('1', '2') })
      .shard('c', { parent: 'trimmed', records: records('3') });

    const ended = await tailrace(...args);

    expect(ended.code, ended.stderr).toBe(0);
    expect(await appended()).toEqual(['1', '2', '3']);
  });

  test('waits for children that are listed later than their parent ends', async (context) => {
    const { expect } = context;
    const { streams, tailrace, appended } = await stageOf(context);
    streams.status = 'DISABLED';
    streams.shard('a', { records: records('1') });
    const late = setTimeout(() => streams.shard('b', { parent: 'a', records: records('2') }), 3_000);

    const ended = await tailrace(...args).finally(() => clearTimeout(late));

    expect(ended.code, ended.stderr).toBe(0);
    expect(await appended()).toEqual(['1', '2']);
  });
});

test.concurrent('an open shard that has children already is read on before they are begun', async (context) => {
  const { expect } = context;
  const { streams, start, appended } = await stageOf(context);
  streams.shard('a', { records: records('1', '2'), open: true }).shard('b', { parent: 'a', records: records('9') });
  const running = start('tail', 'Orders');
  await expect
    .poll(() => streams.calls.filter((call) => call === 'records a').length, { timeout: 20_000 })
    .toBeGreaterThan(3);
  expect(streams.calls).not.toContain('records b');
  streams.append('a', '3', 'key-3');
  streams.close('a');
  await expect.poll(() => streams.calls.includes('records b'), { timeout: 20_000 }).toBe(true);
  await expect.poll(appended, { timeout: 20_000 }).toEqual(['1', '2', '3', '9']);
  expect((await running.stop('SIGTERM')).code).toBe(0);
});

test.concurrent('a range whose beginning is trimmed is named with its lost records and the remedy, and the rest is delivered', async (context) => {
  const { expect } = context;
  const { streams, tailrace, appended } = await stageOf(context);
  streams.shard('a', { records: records('100', '101', '102', '103', '104'), open: true });
  streams.trim('a', '102');

  const ended = await tailrace('replay', 'Orders', '--shard', 'a', '--from', '100', '--to', '103');

  expect(ended.code).toBe(1);
  expect(ended.stdout).toContain('shard a from 100 to below 102');
  expect(await appended()).toEqual(['102', '103']);
});
