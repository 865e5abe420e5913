import type { Clock } from '../../../src/clock.ts';
import type { Random } from '../../../src/random.ts';
import type { SourceTable } from '../../../src/source/source-table.ts';
import type { Remade } from '../history/plan.ts';
import type { Story } from '../history/story.ts';
import { SimulatedTable, TABLE } from '../world/table.ts';

/** The table as DynamoDB has it once it was made again. */
export const SECOND: SourceTable = { ...TABLE, tableId: '99999999-8888-7777-6666-555555555555' };

/** Names of the second table's items; some were an earlier item's too. */
export const NAMES = ['item-0', 'item-1', 'item-2', 'item-3', 'second-1', 'second-2'];

/**
 * Makes the table again: empty, with its stream on, whose shards have the ids and numbers of the earlier stream's.
 *
 * @param firstNumber The number below the earlier stream's first.
 */
export function remadeTable(
  earlier: SimulatedTable,
  { hasSameLabel }: Pick<Remade, 'hasSameLabel'>,
  parts: { readonly clock: Clock; readonly story: Story; readonly random: Random; readonly firstNumber: bigint },
): SimulatedTable {
  const { clock, story, random, firstNumber } = parts;
  const old = earlier.streams.at(-1);
  const first = (old?.shards ?? []).filter(({ parentId }) => parentId === null);
  let asOf: number | null = null;
  const scheduler: Clock = { now: () => asOf ?? clock.now(), sleep: (ms, signal) => clock.sleep(ms, signal) };
  const table = new SimulatedTable({ scheduler, story, random, firstNumber, shardCount: Math.max(1, first.length) });
  // A label is the time at which its stream was switched on.
  asOf = hasSameLabel && old ? old.createdAt : null;
  const { shards } = table.enableStream(0, 0);
  asOf = null;
  for (const [index, shard] of shards.entries()) shards[index] = { ...shard, id: first[index]?.id ?? shard.id };
  return table;
}

/** Writes an item that no earlier table had. */
export function writeSecond(table: SimulatedTable, name: string, value: number): void {
  table.write(name, { id: { S: name }, value: { N: String(value) }, of: { S: 'the second table' } });
}
