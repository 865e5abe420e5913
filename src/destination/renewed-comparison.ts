import type { Clock } from '../clock.ts';
import type { SourceComparison } from './comparer.ts';

/** The orphan of a killed process goes by itself, or with the start of another comparison, once it is this old. */
export const ORPHAN_MS = 24 * 60 * 60 * 1000;

const RENEW_MS = 60 * 60 * 1000;

/**
 * A comparison that isn't taken for an orphan while it is in use: at a low rate one lasts for days.
 *
 * @param renew Marks it in the destination as in use now. Called about once an hour.
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
