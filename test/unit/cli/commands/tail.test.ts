import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { tail } from '../../../../cli/commands/tail/tail.ts';
import type { Clock } from '../../../../src/clock.ts';
import type { TableDescription } from '../../../../src/source/table-reader.ts';
import { newCheckpoint } from '../../../../src/stream/checkpoint.ts';
import { encodeCheckpoint } from '../../../../src/stream/checkpoint-format.ts';
import { fastClock, hurriedClock } from '../../../support/clock/simple-clocks.ts';
import { MemoryChangelog } from '../../../support/memory/changelog.ts';
import { commandStage, INVOCATION } from '../../../support/stages/command-stage.ts';
import { oneShardStream } from '../../../support/stream/one-shard-stream.ts';
import { STREAM_ARN, streamRecord } from '../../../support/stream/record.ts';
import { tableDescription } from '../../../support/stream/table-description.ts';
import { publishedReading } from '../../../support/values/published.ts';

const PUBLISHED = publishedReading('20260103t090000z0123', 0, {
  streamLabel: STREAM_ARN.slice(STREAM_ARN.lastIndexOf('/') + 1),
});

const NOW = 1_767_323_046_000;

let state: string;
beforeEach(async () => {
  state = await mkdtemp(join(tmpdir(), 'tailrace-tail-'));
});
afterEach(() => rm(state, { recursive: true }));

type Scene = {
  readonly records?: readonly unknown[];
  readonly closed?: boolean;
  readonly description?: Partial<TableDescription>;
  readonly streamLabel?: string | null;
  readonly clock?: Clock;
  readonly isTerminal?: boolean;
};

function stageOf({
  records = [],
  closed = true,
  description = {},
  streamLabel = PUBLISHED.streamLabel,
  clock = hurriedClock(NOW),
  isTerminal = false,
}: Scene = {}) {
  const changelog = new MemoryChangelog();
  const interruption = new AbortController();
  const stage = commandStage({
    clock,
    isTerminal,
    signal: interruption.signal,
    tables: { describe: async () => tableDescription(description) },
    streams: oneShardStream(STREAM_ARN, [records], { closed }),
    destination: {
      prepare: async () => ({ created: [] }),
      published: async () => ({ ...PUBLISHED, streamLabel }),
      append: (table, rows) => changelog.append(table, rows),
    },
  });
  const run = (json = false) =>
    tail({ ...INVOCATION, state, table: 'Orders', compact: false }, stage.dependencies, stage.output(json));
  return { ...stage, changelog, interruption, run };
}

describe('tail', () => {
  test('follows the stream through the stream handler, and saves its checkpoint in the state directory', async () => {
    const stage = stageOf({ records: [streamRecord(), streamRecord()] });

    expect(await stage.run()).toBe(0);

    expect(stage.changelog.rows.map(({ origin }) => origin)).toEqual(['tail', 'tail']);
    expect(await readFile(join(state, 'tail.json'), 'utf8')).toContain(STREAM_ARN);
    expect(stage.stdout.lines).toEqual([
      'The stream is off and read to its end: 2 records of Orders read, 0 set aside.',
    ]);
    expect(stage.stderr.lines[0]).toBe(
      `Following Orders into duckdb:test.duckdb. No progress is in ${join(state, 'tail.json')}: tail begins with the oldest change that the stream holds. \`kill ${process.pid}\` stops it.`,
    );
  });

  test('on a terminal it says that Ctrl-C stops it', async () => {
    const stage = stageOf({ records: [], isTerminal: true });

    await stage.run();

    expect(stage.stderr.text).toContain('Ctrl-C stops it.');
  });

  test('idle away from a terminal, it writes a line at most once in ten minutes', async () => {
    const clock = hurriedClock(NOW);
    const stage = stageOf({ records: [], closed: false, clock });
    const beganAt = clock.now();

    const ending = stage.run();
    await expect.poll(() => clock.now() - beganAt, { timeout: 20_000 }).toBeGreaterThan(65 * 60_000);
    stage.interruption.abort();
    await ending;
    const hours = (clock.now() - beganAt) / 3_600_000;

    const lines = stage.stderr.lines.filter((line) => line.includes('up to date'));
    expect(lines.length).toBeGreaterThanOrEqual(6);
    expect(lines.length).toBeLessThanOrEqual(hours * 6 + 1);
  });

  test('stopped by a signal, it ends with 0', async () => {
    const stage = stageOf({ records: [streamRecord()], closed: false });

    const ending = stage.run();
    await expect.poll(() => stage.changelog.rows.length).toBe(1);
    stage.interruption.abort();

    expect(await ending).toBe(0);
    expect(stage.stdout.lines).toEqual(['Stopped: 1 record of Orders read, 0 set aside.']);
    expect(stage.doings.slice(-2)).toEqual(['close', 'disconnect']);
  });

  test('stopped by a signal before it follows, it ends with 0 without waiting for what hangs', async () => {
    const interruption = new AbortController();
    const stage = commandStage({
      signal: interruption.signal,
      tables: { describe: () => new Promise(() => {}) },
      destination: {},
    });

    const ending = tail({ ...INVOCATION, state, table: 'Orders', compact: false }, stage.dependencies, stage.output());
    interruption.abort();

    expect(await ending).toBe(0);
    expect(stage.stdout.lines).toEqual(['Stopped: 0 records of Orders read, 0 set aside.']);
    expect(stage.doings.at(-1)).toBe('disconnect');
  });

  test('started again, it resumes where it stopped', async () => {
    await stageOf({ records: [streamRecord()] }).run();
    const stage = stageOf({ records: [streamRecord()] });

    expect(await stage.run()).toBe(0);

    expect(stage.changelog.rows).toEqual([]);
    expect(stage.stderr.text).toContain('resuming where it stopped');
  });

  test('gives a script one event per line, the last with the totals', async () => {
    const stage = stageOf({ records: [streamRecord()] });

    await stage.run(true);

    const events = stage.stdout.lines.map((line) => JSON.parse(line));
    expect(events[0]).toEqual({
      event: 'started',
      table: 'Orders',
      stream_arn: STREAM_ARN,
      destination: 'duckdb:test.duckdb',
      resumed: false,
      checkpoint: join(state, 'tail.json'),
    });
    expect(events.at(-1)).toEqual({ event: 'ended', table: 'Orders', records: 1, set_aside: 0, lost: [] });
    expect(stage.stderr.text).toBe('');
  });

  test('stops once the reader of its events is gone', async () => {
    const stage = stageOf({ closed: false });

    const ending = stage.run(true);
    await expect.poll(() => stage.stdout.text).not.toBe('');
    stage.stdout.emit('error', Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }));

    expect(await ending).toBe(0);
  });

  test('stores records that can never be written as dead letters, and reports where, without their values', async () => {
    // A letter is written within a minute, which takes a second here.
    const clock = fastClock(60, NOW);
    const records = [streamRecord({ newImage: { id: { N: 'planted' } } }), streamRecord()];
    const stage = stageOf({ clock, records });

    expect(await stage.run()).toBe(1);

    expect(stage.changelog.rows).toHaveLength(1);
    expect(await readdir(join(state, 'dead-letters'))).toHaveLength(1);
    expect(stage.stderr.text).toContain(join(state, 'dead-letters'));
    expect(stage.stderr.text).not.toContain('planted');
  });

  test.each([
    ['before the first snapshot', null, /No snapshot of Orders is published/],
    ['when its stream is a later one than the snapshot was read under', '2025-01-01T00:00:00.000', /are unproven/],
  ])('warns %s that a backfill is needed', async (_, streamLabel, message) => {
    const stage = stageOf({ streamLabel });

    await stage.run();

    expect(stage.stderr.lines).toContainEqual(expect.stringMatching(message));
    expect(stage.stderr.text).toContain('Run `tailrace backfill Orders`');
  });

  test('refuses a table without a stream before anything is created', async () => {
    const stage = stageOf({ description: { stream: null } });

    await expect(stage.run()).rejects.toMatchObject({ kind: 'stream-missing' });

    expect(stage.doings).toEqual(['connect {}', 'open duckdb:test.duckdb', 'close', 'disconnect']);
  });

  test("refuses another destination's checkpoint before anything is created", async () => {
    await writeFile(join(state, 'tail.json'), encodeCheckpoint(newCheckpoint(STREAM_ARN, 'duckdb:other.duckdb')));
    const stage = stageOf();

    await expect(stage.run()).rejects.toMatchObject({ kind: 'state-invalid' });

    expect(stage.changelog.calls).toBe(0);
  });

  test('a second tail with the same state is refused by name while the first one runs, and then resumes', async () => {
    const first = stageOf({ records: [streamRecord()], closed: false });
    const ending = first.run();
    await expect.poll(() => first.changelog.rows.length).toBe(1);
    const second = stageOf();

    await expect(second.run()).rejects.toMatchObject({
      kind: 'state-busy',
      message: `A tail of Orders is running: process ${process.pid}`,
    });
    first.interruption.abort();
    await ending;

    expect(second.changelog.calls).toBe(0);
    expect(await second.run()).toBe(0);
    expect(await readdir(state)).toEqual(['tail.json']);
  });

  test('starts over if the table was created again, even if its stream, shard and sequence numbers have the same names', async () => {
    const records = [streamRecord({ sequenceNumber: '1' })];
    await stageOf({ records }).run();
    const { table } = tableDescription();
    const stage = stageOf({ records, description: { table: { ...table, tableId: 'another' } } });

    expect(await stage.run()).toBe(0);

    expect(stage.changelog.rows).toHaveLength(1);
    expect(stage.stderr.text).toContain(
      'Table Orders was created again since; the checkpoint of the earlier one is copied to',
    );
    expect(await readdir(state)).toHaveLength(2);
  });
});
