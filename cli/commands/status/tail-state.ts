import { parseStreamArn } from '../../../src/order/stream-arn.ts';
import type { SourceTable } from '../../../src/source/source-table.ts';
import type { Checkpoint } from '../../../src/stream/checkpoint.ts';

/** What the state directory shows of a table's tail. */
export type TailState = {
  /**
   * `running`: a process holds its lock. `stopped`: none does. `ended`: it read a stream that is off to its end. `other
   * destination`: the checkpoint is of a tail into another destination.
   */
  readonly is: 'running' | 'stopped' | 'ended' | 'other destination';
  /** The process that holds the lock; `null` if none does. */
  readonly pid: number | null;
  /** `null` before a running tail has saved one. */
  readonly checkpoint: Checkpoint | null;
};

/**
 * Tells how a table's tail stands; `null` if there is no trace of one.
 *
 * @param checkpoint Of the state directory, which several tables may share; `undefined` if there is none.
 * @param destination The name of the destination, as the state has it.
 * @param holder The process that holds the tail's lock; `null` if none does.
 */
export function tailStateOf(
  checkpoint: Checkpoint | undefined,
  table: Pick<SourceTable, 'arn'>,
  destination: string,
  holder: { readonly pid: number } | null,
): TailState | null {
  const pid = holder?.pid ?? null;
  if (checkpoint === undefined) return pid === null ? null : { is: 'running', pid, checkpoint: null };
  if (parseStreamArn(checkpoint.streamArn)?.tableArn !== table.arn) return null;
  if (checkpoint.destination !== destination) return { is: 'other destination', pid, checkpoint };
  if (pid !== null) return { is: 'running', pid, checkpoint };
  return { is: checkpoint.ended ? 'ended' : 'stopped', pid, checkpoint };
}

/** When the checkpoint was last saved, in milliseconds since the epoch; `null` if that isn't known. */
export function savedAt({ checkpoint }: TailState): number | null {
  // A checkpoint of an earlier version has only the time of the description.
  return checkpoint && (checkpoint.savedAt ?? checkpoint.describedAt);
}
