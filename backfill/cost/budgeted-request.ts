import { TailraceError } from '../../src/errors.ts';
import { failureOf } from '../../src/source/report-retries.ts';
import type { FailedAttempt } from '../../src/source/table-reader.ts';
import { withGracePeriod } from './grace-period.ts';
import type { ReadBudget } from './read-budget.ts';

/**
 * Sends a request within a budget, each further attempt of it as well.
 *
 * @param most The most read capacity units that one attempt can cost.
 * @param signal Once it has aborted nothing more is sent, and nothing is counted for what was not.
 * @param send Sends it, tells before each attempt but the first what became of the one before, and gives up when `late`
 *   aborts.
 * @throws {TailraceError} `read-cap-reached` if an attempt could pass the cap; `interrupted`; otherwise what `send` throws.
 */
export async function budgetedRequest<T extends { readonly consumedUnits: number }>(
  budget: ReadBudget,
  most: number,
  signal: AbortSignal,
  send: (onRetry: (failed: FailedAttempt) => Promise<void>, late: AbortSignal) => Promise<T>,
): Promise<T> {
  const turn = async () => {
    await budget.admit(most);
    if (!signal.aborted) return;
    budget.failed('refused', most);
    throw new TailraceError('interrupted', 'Reading was interrupted');
  };
  await turn();
  let open = true;
  try {
    const onRetry = async (failed: FailedAttempt) => {
      open = false;
      budget.failed(failed, most);
      await turn();
      open = true;
    };
    const answer = await withGracePeriod(signal, budget.clock, (late) => send(onRetry, late));
    budget.answered(answer.consumedUnits, most);
    return answer;
  } catch (error) {
    if (open) budget.failed(failureOf(error), most);
    throw error;
  }
}
