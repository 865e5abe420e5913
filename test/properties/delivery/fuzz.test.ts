import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { reportOf } from '../../../cli/terminal/error-line.ts';
import type { DeadLetter } from '../../../src/delivery/dead-letter.ts';
import { readDeadLetter } from '../../../src/delivery/dead-letter-text.ts';
import { replayDeadLetter } from '../../../src/delivery/replay-dead-letter.ts';
import { createStreamHandler } from '../../../src/delivery/stream-handler.ts';
import type { ChangelogAppender } from '../../../src/destination/destination.ts';
import { isErrorKind, TailraceError } from '../../../src/errors.ts';
import { jsonLog } from '../../../src/log.ts';
import { isSequenceNumber } from '../../../src/order/position.ts';
import { identity } from '../../../src/privacy/transform.ts';
import { isObject } from '../../../src/value/is-object.ts';
import { fixedClock } from '../../support/clock/simple-clocks.ts';
import { temporaryDatabase } from '../../support/duckdb/temporary-database.ts';
import { MemoryChangelog } from '../../support/memory/changelog.ts';
import { MemoryLetters } from '../../support/memory/dead-letters.ts';
import { commandStage } from '../../support/stages/command-stage.ts';
import { ORDERS } from '../../support/stream/record.ts';
import { deadLetter } from '../../support/values/dead-letter.ts';
import { mutatedBytes, mutatedEvent } from '../../support/values/mutation.ts';
import { showsPlanted } from '../../support/values/planted-values.ts';
import { seededRandom } from '../../support/values/seeded-random.ts';
import { FUZZ } from '../../support/vitest/budget.ts';

/** Why a whole event is refused, before anything of it is written. */
const REFUSALS = ['event-invalid', 'record-foreign', 'stream-view-type'];

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'tailrace-fuzz-'));
});
afterAll(() => rm(directory, { recursive: true }));

/** Runs a check on one input after another. What fails says with which seed to run it alone. */
async function fuzz(share: number, check: (seed: number) => Promise<void>): Promise<void> {
  for (let run = 0; run < FUZZ.runs * share; run++) {
    const seed = FUZZ.firstSeed + run;
    try {
      await check(seed);
    } catch (cause) {
      throw new Error(`Input ${seed}; alone: TAILRACE_FUZZ_SEED=${seed} TAILRACE_FUZZ_RUNS=1`, { cause });
    }
  }
}

/** Handles an event, and gives its outcome, rows, letters and log lines. */
async function handle(event: unknown, destination: ChangelogAppender) {
  const lines: string[] = [];
  const letters: DeadLetter[] = [];
  const handler = createStreamHandler({
    source: ORDERS,
    destination,
    deadLetters: {
      // As it is stored: a letter that can't be written as JSON isn't.
      put: async (letter) => void letters.push(JSON.parse(JSON.stringify(letter))),
    },
    clock: fixedClock(1_767_323_050_000),
    log: jsonLog((line) => lines.push(line)),
  });
  const outcome = await handler(event).then(
    (answer) => ({ reported: answer.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier) }),
    (error: unknown) => ({ error }),
  );
  return { ...outcome, lines, letters };
}

/** The messages and log lines of an outcome, without the records in letters. */
function saidOf({ lines, letters, ...outcome }: Awaited<ReturnType<typeof handle>>): string {
  const messages =
    'error' in outcome ? [JSON.stringify(reportOf(outcome.error, undefined)), String(outcome.error)] : [];
  return [...lines, ...messages, ...letters.map(({ record: _record, ...letter }) => JSON.stringify(letter))].join('\n');
}

test('any value in place of an event is refused by name, or each of its records has one fate; no message has a value', async () => {
  const ends = new Map<string, number>();
  await fuzz(1, async (seed) => {
    const event = mutatedEvent(seededRandom(seed));
    const destination = new MemoryChangelog();

    const handled = await handle(event, destination);

    expect(showsPlanted(saidOf(handled))).toBe(false);
    if ('error' in handled) {
      expect(handled.error).toBeInstanceOf(TailraceError);
      const { kind } = handled.error as TailraceError;
      expect([...REFUSALS, 'dead-letter-failed']).toContain(kind);
      if (REFUSALS.includes(kind)) expect([destination.rows.length, handled.letters.length]).toEqual([0, 0]);
      ends.set(kind, (ends.get(kind) ?? 0) + 1);
      return;
    }
    for (const identifier of handled.reported) expect(isSequenceNumber(identifier)).toBe(true);
    const records = (event as { Records: unknown[] }).Records.length;
    expect(destination.rows.length + handled.letters.length + handled.reported.length).toBe(records);
    const end = handled.letters.length > 0 ? 'set aside' : handled.reported.length > 0 ? 'reported' : 'written';
    ends.set(end, (ends.get(end) ?? 0) + 1);
  });
  // The inputs are near enough to real ones to get everywhere.
  if (FUZZ.runs < 1_000) return;
  for (const end of ['written', 'set aside', ...REFUSALS]) expect(ends.get(end) ?? 0, end).toBeGreaterThan(5);
});

test('DuckDB takes every row of a delivered event', async () => {
  await using database = await temporaryDatabase();
  await using destination = await database.open();
  await destination.prepare(ORDERS, identity.generation);
  let rows = 0;
  await fuzz(0.1, async (seed) => {
    const memory = new MemoryChangelog();
    const event = mutatedEvent(seededRandom(seed));
    await handle(event, memory);

    const handled = await handle(event, destination);

    expect(showsPlanted(saidOf(handled))).toBe(false);
    // The only failure after rows: a neighbour that nests too deep to be written down and has no number.
    if (memory.rows.length > 0 && 'error' in handled)
      expect(handled.error).toMatchObject({ kind: 'dead-letter-failed' });
    rows += memory.rows.length;
    expect(await destination.changelogStatus(ORDERS, null)).toMatchObject({ rows });
  });
});

test('any bytes in place of a file to replay end as a row, a dead letter or one line that names what is wrong', async () => {
  await fuzz(0.3, async (seed) => {
    const text = mutatedBytes(seededRandom(seed)).toString();
    const changelog = new MemoryChangelog();
    const stage = commandStage({
      files: { 'event.json': text },
      destination: {
        append: (table, rows) => changelog.append(table, rows),
        prepare: async () => ({ created: [] }),
        published: async () => undefined,
      },
    });
    const state = ['--state', join(directory, String(seed)), '--destination', 'duckdb:x.duckdb'];

    const code = await stage.tailrace('replay', 'Orders', '--file', 'event.json', '--json', ...state);

    expect(showsPlanted(stage.stdout.text + stage.stderr.text)).toBe(false);
    if (code !== 2) return;
    const { error } = JSON.parse(stage.stderr.lines.at(-1) ?? '') as { error: unknown };
    expect(isErrorKind(error), String(error)).toBe(true);
  });
});

test('any bytes in place of a dead letter are left as they are by name, or delivered', async () => {
  await fuzz(0.3, async (seed) => {
    const random = seededRandom(seed);
    const bytes = random.next() < 0.2 ? mutatedBytes(random) : letterBytes(mutatedEvent(random));
    const store = new MemoryLetters({ a: bytes.toString() });
    const destination = new MemoryChangelog();

    const letter = readDeadLetter(bytes);
    const fate = await replayDeadLetter('a', {
      store,
      source: ORDERS,
      destination,
      transform: identity,
      clock: fixedClock(0),
    });

    if ('problem' in letter) expect(fate).toMatchObject({ kind: 'unreadable' });
    expect(showsPlanted(JSON.stringify(fate))).toBe(false);
    const isDelivered = fate.fate === 'delivered';
    expect([store.archived, destination.rows.length]).toEqual(isDelivered ? [['a'], 1] : [[], 0]);
  });
});

/** A letter with the first record of an event, or with what stands there instead. */
function letterBytes(event: unknown): Buffer {
  const records = isObject(event) ? event['Records'] : event;
  try {
    return Buffer.from(JSON.stringify(deadLetter({ record: Array.isArray(records) ? records[0] : records })));
  } catch {
    // Deeper than JSON's writer goes: no file holds that.
    return Buffer.from('');
  }
}
