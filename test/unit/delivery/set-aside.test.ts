import { expect, test } from 'vitest';
import type { DeadLetter, DeadLetters } from '../../../src/delivery/dead-letter.ts';
import { createStreamHandler } from '../../../src/delivery/stream-handler.ts';
import { VirtualClock } from '../../support/clock/virtual-clock.ts';
import { MemoryChangelog } from '../../support/memory/changelog.ts';
import { RecordingLog } from '../../support/memory/recording-log.ts';
import { ORDERS, streamRecord } from '../../support/stream/record.ts';

const poison = (sequenceNumber: string | null) =>
  streamRecord({ operation: 'FOOBAR', body: { SequenceNumber: sequenceNumber } });

/** Letters that take their time, each by its number. */
class SlowLetters implements DeadLetters {
  readonly stored: string[] = [];
  atOnce = 0;
  mostAtOnce = 0;
  readonly #clock: VirtualClock;
  readonly #ms: (sequenceNumber: string | null) => number;

  constructor(clock: VirtualClock, ms: (sequenceNumber: string | null) => number) {
    this.#clock = clock;
    this.#ms = ms;
  }

  async put({ sequence_number }: DeadLetter): Promise<void> {
    this.mostAtOnce = Math.max(this.mostAtOnce, ++this.atOnce);
    await this.#clock.sleep(this.#ms(sequence_number));
    this.atOnce--;
    this.stored.push(sequence_number ?? 'unnumbered');
  }
}

function setUp(ms: (sequenceNumber: string | null) => number) {
  const clock = new VirtualClock();
  const deadLetters = new SlowLetters(clock, ms);
  const destination = new MemoryChangelog();
  const log = new RecordingLog();
  const handler = createStreamHandler({ source: ORDERS, destination, deadLetters, clock, log });
  const start = clock.now();
  const remaining = { getRemainingTimeInMillis: () => 60_000 - (clock.now() - start) };
  const handle = (Records: readonly unknown[]) => clock.run(handler({ Records }, remaining));
  return { handle, deadLetters, destination, log, elapsed: () => clock.now() - start };
}

test('a letter that is not stored in time is reported, so that the answer is out before the function is cut off', async () => {
  const { handle, deadLetters, destination, elapsed, log } = setUp((number) => (number === '8' ? 3_600_000 : 20));

  const answer = await handle([poison('7'), poison('8'), poison('9'), streamRecord({ sequenceNumber: '10' })]);

  expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: '8' }] });
  expect(deadLetters.stored).toEqual(['7', '9']);
  expect(destination.rows).toHaveLength(1);
  expect(elapsed()).toBeLessThan(60_000);
  expect(log.lines.filter(({ level }) => level === 'error').map(({ fields }) => fields)).toMatchObject([
    { sequence_number: '8', error: 'No time was left to set the record aside' },
  ]);
});

test('of a batch of poison alone, as many records as time allows are set aside, and the others are reported', async () => {
  const numbers = Array.from({ length: 10_000 }, (_, index) => String(index + 1));
  const { handle, deadLetters, elapsed } = setUp(() => 100);

  const { batchItemFailures } = await handle(numbers.map(poison));

  const reported = batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
  expect(new Set([...deadLetters.stored, ...reported])).toEqual(new Set(numbers));
  expect(deadLetters.stored.length).toBeGreaterThan(4_000);
  expect(deadLetters.mostAtOnce).toBe(8);
  expect(elapsed()).toBeLessThan(60_000);
});

test('a record that can neither be set aside in time nor reported fails the batch by name', async () => {
  const { handle, elapsed } = setUp(() => 3_600_000);

  await expect(handle([poison(null)])).rejects.toMatchObject({ kind: 'dead-letter-failed' });
  expect(elapsed()).toBeLessThan(60_000);
});
