import { TailraceError } from '../../src/errors.ts';
import type { Dependencies } from '../dependencies.ts';
import type { Output } from '../terminal/output.ts';

/** What a command is about to remove for good. */
export type LossToConfirm = {
  readonly verb: 'drop' | 'remove';
  /** What is lost, such as `snapshot s1 of orders (4,000 items)`. */
  readonly what: string;
  /** Sentences about what follows from it. */
  readonly notes?: readonly string[];
};

/**
 * Asks before something is removed for good.
 *
 * @param isConfirmed Whether `--yes` was given: then nothing is asked.
 * @returns Whether to go on. If not, that nothing was removed is reported.
 * @throws {TailraceError} `usage-invalid` if there is no terminal to ask at.
 */
export async function confirmLoss(
  { verb, what, notes = [] }: LossToConfirm,
  isConfirmed: boolean,
  { confirm }: Pick<Dependencies, 'confirm'>,
  output: Output,
): Promise<boolean> {
  if (isConfirmed) return true;
  const question = (does: string) => [`This ${does} ${what}.`, ...notes].join(' ');
  const nothing = `Nothing was ${verb === 'drop' ? 'dropped' : 'removed'}`;
  const answer = await confirm(`${question(`${verb}s`)} Continue?`);
  if (answer === null) {
    throw new TailraceError('usage-invalid', `${question(`would ${verb}`)} ${nothing}`, {
      remedy: 'To confirm it, run `tailrace … --yes`.',
    });
  }
  if (!answer) output.note(`${nothing}.`);
  return answer;
}
