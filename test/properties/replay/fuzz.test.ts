import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { compareSequenceNumbers } from '../../../src/order/position.ts';
import { recogniseText } from '../../../src/replay/recognise.ts';
import { hurriedClock } from '../../support/clock/simple-clocks.ts';
import { MemoryChangelog } from '../../support/memory/changelog.ts';
import { commandStage } from '../../support/stages/command-stage.ts';
import { MemoryFailedBatches } from '../../support/stages/replay-stage.ts';
import { oneShardStream } from '../../support/stream/one-shard-stream.ts';
import { STREAM_ARN, streamRecord } from '../../support/stream/record.ts';
import { tableDescription } from '../../support/stream/table-description.ts';
import { mutatedFailureRecord } from '../../support/values/mutation.ts';
import { showsPlanted } from '../../support/values/planted-values.ts';
import { seededRandom } from '../../support/values/seeded-random.ts';
import { FUZZ } from '../../support/vitest/budget.ts';

const NOW = Date.parse('2026-01-02T04:00:00Z');
const NUMBERS = ['1', '2', '3', '4', '5', '6'];

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'tailrace-fuzz-'));
});
afterAll(() => rm(directory, { recursive: true }));

/** Things in a queue, and a stream of one shard that can be read from anywhere. */
function stageOf(things: Readonly<Record<string, string>>) {
  const changelog = new MemoryChangelog();
  const failedBatches = new MemoryFailedBatches(things);
  const pages = NUMBERS.map((sequenceNumber) => [
    streamRecord({ sequenceNumber, envelope: { eventSourceARN: undefined } }),
  ]);
  const stage = commandStage({
    clock: hurriedClock(NOW),
    failedBatches,
    tables: { describe: async () => tableDescription(), serverTime: async () => NOW },
    streams: {
      ...oneShardStream(STREAM_ARN, pages, { closed: false }),
      iterator: async (_arn, _shard, start) => {
        if (start.at === 'TRIM_HORIZON') return '0';
        const index = NUMBERS.findIndex((number) => compareSequenceNumbers(number, start.sequenceNumber) >= 0);
        return String(index === -1 ? NUMBERS.length : index);
      },
    },
    destination: {
      append: (table, rows) => changelog.append(table, rows),
      prepare: async () => ({ created: [] }),
      published: async () => undefined,
      sources: async () => [],
    },
  });
  return { ...stage, changelog, failedBatches };
}

/** A shard may have any name, and messages name it: it isn't a value. */
function batch(seed: number): string {
  const text = mutatedFailureRecord(seededRandom(seed));
  const found = recogniseText(text);
  const namesValue = 'items' in found && found.items.some(({ shardId }) => showsPlanted(shardId ?? ''));
  return namesValue ? 'a note' : text;
}

test('whatever lies in a queue, each message is deleted or left by name, and what is wrong with one holds up no other', async () => {
  const ends = new Map<string, number>();
  for (let run = 0; run < FUZZ.runs * 0.2; run++) {
    const seed = FUZZ.firstSeed + run;
    const count = 1 + (seed % 3);
    const texts = Array.from({ length: count }, (_, index) => batch(seed * 3 + index));
    const stage = stageOf(Object.fromEntries(texts.map((text, index) => [`message ${index}`, text])));
    const where = ['--state', join(directory, String(seed)), '--destination', 'duckdb:x.duckdb', '--json'];
    const alone = `Input ${seed}; alone: TAILRACE_FUZZ_SEED=${seed} TAILRACE_FUZZ_RUNS=1`;

    const code = await stage.tailrace('replay', 'Orders', '--queue', 'https://queue', ...where);

    expect(showsPlanted(stage.stdout.text + stage.stderr.text), alone).toBe(false);
    const { acknowledged, left } = stage.failedBatches;
    expect(code, `${alone}: ${stage.stderr.lines.at(-1)}`).not.toBe(2);
    expect([...acknowledged, ...left].toSorted(), alone).toEqual(
      ['message 0', 'message 1', 'message 2'].slice(0, count),
    );
    if (code === 0) expect(left, alone).toEqual([]);
    const reported = stage.stdout.lines.filter((line) => line.startsWith('{"refused":') || line.startsWith('{"lost":'));
    expect(reported.length > 0, alone).toBe(left.length > 0);
    const end = `exit ${code}, ${acknowledged.length > 0 ? 'some' : 'none'} deleted`;
    ends.set(end, (ends.get(end) ?? 0) + 1);
  }
  // The inputs are near enough to real ones to get everywhere.
  if (FUZZ.runs < 1_000) return;
  for (const end of ['exit 0, some deleted', 'exit 1, some deleted', 'exit 1, none deleted']) {
    expect(ends.get(end) ?? 0, end).toBeGreaterThan(5);
  }
});
