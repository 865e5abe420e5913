import type { Clock } from '../../clock.ts';
import type { Random } from '../../random.ts';

/** Time and chance, and when to stop. */
export type Patience = {
  readonly clock: Clock;
  readonly random: Random;
  /** Milliseconds since the epoch: no attempt starts after it. */
  readonly until: number;
};

const FIRST_WAIT_MS = 250;
const LONGEST_WAIT_MS = 30_000;

/**
 * Gives what `attempt` gives, trying again while `isPassing` says that its failure will pass.
 *
 * Waits twice as long each time, less a random half, so that many that failed together don't return together.
 * Rejects with the last failure once the next attempt would start too late.
 */
export async function retry<T>(
  attempt: () => Promise<T>,
  isPassing: (error: unknown) => boolean | Promise<boolean>,
  { clock, random, until }: Patience,
): Promise<T> {
  for (let failures = 0; ; failures++) {
    try {
      return await attempt();
    } catch (error) {
      if (!(await isPassing(error))) throw error;
      const wait = waitAfter(failures, random);
      if (clock.now() + wait >= until) throw error;
      await clock.sleep(wait);
    }
  }
}

function waitAfter(failures: number, random: Random): number {
  const longest = Math.min(FIRST_WAIT_MS * 2 ** failures, LONGEST_WAIT_MS);
  return longest * (0.5 + random.next() / 2);
}
