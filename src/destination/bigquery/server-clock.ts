import type { Clock } from '../../clock.ts';
import { TailraceError } from '../../errors.ts';

/** Beyond this, a machine's clock is refused: what else reads it, such as a lag or an expiry, would be wrong too. */
const MAX_OFFSET_MS = 30 * 60_000;

/**
 * How long after its stamp a row may be stored. A compaction reads again what was stamped up to two hours before it
 * began; the rest of these are for the difference of clocks.
 */
const MAX_STAMP_AGE_MS = 60 * 60_000;

/**
 * BigQuery's own time, by which rows are stamped: the machine's, and how far that was off at BigQuery's last answer.
 *
 * It is never ahead of BigQuery's, unless the machine's clock was set since the answer. A server that shows no time, as
 * BigQuery always does, is taken to agree with the machine.
 */
export class ServerClock {
  readonly #clock: Pick<Clock, 'now'>;
  /** Added to the machine's time. */
  #offsetMs = 0;

  constructor(clock: Pick<Clock, 'now'>) {
    this.#clock = clock;
  }

  /** @param answeredAt The time in an answer that came just now, in milliseconds since the epoch. */
  observe(answeredAt: number | null): void {
    if (answeredAt !== null) this.#offsetMs = answeredAt - this.#clock.now();
  }

  /** Milliseconds since the epoch. */
  now(): number {
    return this.#clock.now() + this.#offsetMs;
  }

  /**
   * As {@link now}, for a stamp of rows.
   *
   * @throws {TailraceError} `clock-wrong` if the machine's clock is more than half an hour off.
   */
  checked(): number {
    const minutes = Math.round(Math.abs(this.#offsetMs) / 60_000);
    if (Math.abs(this.#offsetMs) <= MAX_OFFSET_MS) return this.now();
    const direction = this.#offsetMs < 0 ? 'ahead of' : 'behind';
    throw new TailraceError('clock-wrong', `This machine's clock is ${minutes} minutes ${direction} BigQuery's`, {
      context: { ahead_s: Math.round(-this.#offsetMs / 1000) },
    });
  }
}

/**
 * Whether rows count as delivered under their stamp. If they were stored long after it, a compaction may have begun in
 * between, behind the stamp and without the rows: they are sent again, under another.
 *
 * Both in milliseconds since the epoch, by BigQuery's clock.
 */
export function isInTime(stamp: number, storedBy: number): boolean {
  return Math.abs(storedBy - stamp) <= MAX_STAMP_AGE_MS;
}
