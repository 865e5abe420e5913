import type { Clock } from '../clock.ts';
import type { SourceComparison } from './comparer.ts';

/** What a killed process leaves of a comparison goes by itself, or with another one's start, once it is this old. */
export const ORPHAN_MS = 24 * 60 * 60 * 1000;

const RENEW_MS = 60 * 60 * 1000;

/**
 * A comparison that isn't taken for a killed process's while it is in use: at a low rate one goes on for days.
 *
 * @param renew Says in the destination that it is in use now. Called about once an hour.
 */
export function renewedComparison(
  { add, counts, findings, sampleAgreeing, ...comparison }: SourceComparison,
  clock: Clock,
  renew: () => Promise<void>,
): SourceComparison {
  let renewedAt = clock.now();
  const inUse = async () => {
    if (clock.now() - renewedAt < RENEW_MS) return;
    renewedAt = clock.now();
    await renew();
  };
  const using =
    <Given extends readonly unknown[], Answer>(ask: (...given: Given) => Promise<Answer>) =>
    async (...given: Given) => {
      await inUse();
      return ask(...given);
    };
  return {
    ...comparison,
    add: using(add),
    counts: using(counts),
    findings: using(findings),
    sampleAgreeing: using(sampleAgreeing),
  };
}
