import { TailraceError } from '../../src/errors.ts';
import { failureOf } from '../../src/source/report-retries.ts';
import type { FailedAttempt } from '../../src/source/table-reader.ts';
import { withGracePeriod } from './grace-period.ts';
import type { ReadBudget } from './read-budget.ts';

/**
 * Sends a request within a budget, and each retry of it, too.
 *
 * @param most The most read capacity units that one attempt can cost.
 * @param signal Once it aborts, nothing more is sent, and nothing is counted for a request that wasn't.
 * @param send Sends the request, reports each failed attempt before the next one, and gives up when `late` aborts.
 * @throws {TailraceError} `read-cap-reached` if an attempt could pass the cap; `interrupted`; otherwise what `send` throws.
 */
export async function budgetedRequest<T extends { readonly consumedUnits: number }>(
  budget: ReadBudget,
  most: number,
  signal: AbortSignal,
  send: (onRetry: (failed: FailedAttempt) => Promise<void>, late: AbortSignal) => Promise<T>,
): Promise<T> {
  const admit = async () => {
    await budget.admit(most);
    if (!signal.aborted) return;
    budget.failed('refused', most);
    throw new TailraceError('interrupted', 'Reading was interrupted');
  };
  await admit();
  let isInFlight = true;
  try {
    const onRetry = async (failed: FailedAttempt) => {
      isInFlight = false;
      budget.failed(failed, most);
      await admit();
      isInFlight = true;
    };
    const answer = await withGracePeriod(signal, budget.clock, (late) => send(onRetry, late));
    budget.answered(answer.consumedUnits, most);
    return answer;
  } catch (error) {
    if (isInFlight) budget.failed(failureOf(error), most);
    throw error;
  }
}
