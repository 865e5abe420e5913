import { existsSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { BackfillCheckpointFile } from '../../backfill/checkpoint-file.ts';
import { isKind } from '../../src/errors.ts';
import { unlessMissing } from '../../src/file-failure.ts';
import { parseStreamArn } from '../../src/order/stream-arn.ts';
import { readCheckpoint } from '../../src/stream/checkpoint-file.ts';
import { statePaths } from './state-paths.ts';

/** What a state directory held about a table. */
export type ProgressFiles = {
  /** Paths that are of the table and the destination: removed, or to be. */
  readonly paths: readonly string[];
  /** Files that can't be read, so that nobody knows whose they are: they stay. */
  readonly unreadable: readonly string[];
};

/** Checkpoints of a stream: of a tail, of one whose stream was switched off and on since, of replays. */
const OF_STREAMS = /^(tail\.json(\..+)?|replay-.+\.json)$/;

/**
 * Finds how far tails, replays and backfills of a table have come into a destination: what a table that is made again
 * under the name would be refused for, or would go on from. Dead letters aren't among them.
 *
 * @param directory The state directory, which several tables and destinations may share.
 * @param destination As a user names it.
 */
export async function findProgress(directory: string, table: string, destination: string): Promise<ProgressFiles> {
  const paths: string[] = [];
  const unreadable: string[] = [];
  const take = async (path: string, isOurs: () => Promise<boolean>) => {
    try {
      if (await isOurs()) paths.push(path);
    } catch (error) {
      if (!isKind(error, 'state-invalid')) throw error;
      unreadable.push(path);
    }
  };
  for (const name of (await filesIn(directory)).filter((file) => OF_STREAMS.test(file)).sort()) {
    const path = join(directory, name);
    await take(path, async () => {
      const found = await readCheckpoint(path);
      return found?.destination === destination && parseStreamArn(found.streamArn)?.tableName === table;
    });
  }
  const { backfill, backfillRows } = statePaths(directory);
  await take(backfill, async () => {
    const found = await new BackfillCheckpointFile(backfill, destination).load();
    return found?.destination === destination && found.basis.table.name === table;
  });
  // One directory has one backfill: what was read and not loaded yet is of the same.
  if (paths.includes(backfill) && existsSync(backfillRows)) paths.push(backfillRows);
  return { paths, unreadable };
}

/** Removes what {@link findProgress} found. What is gone already is no error. */
export async function removeProgress({ paths }: ProgressFiles): Promise<void> {
  for (const path of paths) await rm(path, { recursive: true, force: true });
}

async function filesIn(directory: string): Promise<readonly string[]> {
  return (await unlessMissing(readdir(directory))) ?? [];
}
