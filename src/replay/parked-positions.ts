import pLimit from 'p-limit';
import type { DeadLetterStore } from '../delivery/dead-letter.ts';
import { LETTERS_AT_ONCE } from '../delivery/dead-letter-summary.ts';
import { readDeadLetter } from '../delivery/dead-letter-text.ts';
import { ownTimeOf } from '../record/creation-time.ts';

/**
 * The changes of one stream that are dead letters, by sequence number and time.
 *
 * The number alone isn't enough: a local server that is started again, or a table that is created again on it, may give the
 * same numbers under the same stream label. For a letter whose record has no time, the number alone counts.
 */
export class ParkedPositions {
  readonly #times = new Map<string, Set<number | null>>();

  /** @param time The record's own, in milliseconds since the epoch; `null` if it has none that can be read. */
  add(sequenceNumber: string, time: number | null): void {
    const second = secondOf(time);
    const times = this.#times.get(sequenceNumber);
    if (times) times.add(second);
    else this.#times.set(sequenceNumber, new Set([second]));
  }

  /** Adds a store's letters of a table's stream. Other files, and letters of other streams, are passed over. */
  async addAll(store: DeadLetterStore, table: string, streamArn: string): Promise<void> {
    const limit = pLimit(LETTERS_AT_ONCE);
    await limit.map(await store.list(table), async (id) => {
      const bytes = await store.read(table, id);
      const letter = bytes && readDeadLetter(bytes);
      if (letter === undefined || 'problem' in letter) return;
      if (letter.table !== table || letter.stream_arn !== streamArn || letter.sequence_number === null) return;
      this.add(letter.sequence_number, ownTimeOf(letter.record));
    });
  }

  has(sequenceNumber: string, time: number | null): boolean {
    const times = this.#times.get(sequenceNumber);
    return times !== undefined && (time === null || times.has(null) || times.has(secondOf(time)));
  }
}

/** Streams give times in whole seconds, and Lambda may give parts of them. */
function secondOf(ms: number | null): number | null {
  return ms === null ? null : Math.floor(ms / 1_000);
}
