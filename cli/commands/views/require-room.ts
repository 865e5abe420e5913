import type { Destination } from '../../../src/destination/destination.ts';
import { isKind, TailraceError } from '../../../src/errors.ts';
import type { ViewsPlan } from './plan.ts';

/**
 * Looks whether the views of all tables can be made, and changes nothing.
 *
 * @throws {TailraceError} `destination-conflict` with all that is in the way of any of them.
 */
export async function requireRoom(
  destination: Pick<Destination, 'applyViews'>,
  plans: readonly ViewsPlan[],
): Promise<void> {
  const conflicts: TailraceError[] = [];
  for (const { table, views } of plans) {
    try {
      await destination.applyViews(table, views, { dryRun: true });
    } catch (error) {
      if (!isKind(error, 'destination-conflict')) throw error;
      conflicts.push(error);
    }
  }
  const [first, ...others] = conflicts;
  if (first === undefined) return;
  if (others.length === 0) throw first;
  throw new TailraceError('destination-conflict', conflicts.map(({ message }) => message).join('; '), {
    remedy: [...new Set(conflicts.map(({ remedy }) => remedy))].join(' '),
    cause: first,
  });
}
