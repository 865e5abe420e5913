import { existsSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { BackfillCheckpointFile } from '../../backfill/checkpoint-file.ts';
import { isKind } from '../../src/errors.ts';
import { unlessMissing } from '../../src/file-failure.ts';
import { parseStreamArn } from '../../src/order/stream-arn.ts';
import { readCheckpoint } from '../../src/stream/checkpoint-file.ts';
import { statePaths } from './state-paths.ts';

/** Files of a state directory that record how far a table's readers have come. */
export type ProgressFiles = {
  /** Paths of this table and this destination. */
  readonly paths: readonly string[];
  /** Files that can't be read, so that their table is unknown. */
  readonly unreadable: readonly string[];
};

/** Checkpoints: of a tail, of a tail whose stream was switched off and on since, of replays. */
const CHECKPOINT_FILE = /^(tail\.json(\..+)?|replay-.+\.json)$/;

/**
 * Finds how far tails, replays and backfills of a table have come into a destination. A table created again under the
 * same name would be refused because of these files, or would resume from them. Dead letters aren't among them.
 *
 * @param directory The state directory, which several tables and destinations may share.
 * @param destination As the user names it.
 */
export async function findProgress(directory: string, table: string, destination: string): Promise<ProgressFiles> {
  const paths: string[] = [];
  const unreadable: string[] = [];
  const collect = async (path: string, isOwn: () => Promise<boolean>) => {
    try {
      if (await isOwn()) paths.push(path);
    } catch (error) {
      if (!isKind(error, 'state-invalid')) throw error;
      unreadable.push(path);
    }
  };
  for (const name of (await filesIn(directory)).filter((file) => CHECKPOINT_FILE.test(file)).sort()) {
    const path = join(directory, name);
    await collect(path, async () => {
      const found = await readCheckpoint(path);
      return found?.destination === destination && parseStreamArn(found.streamArn)?.tableName === table;
    });
  }
  const { backfill, backfillRows } = statePaths(directory);
  await collect(backfill, async () => {
    const found = await new BackfillCheckpointFile(backfill, destination).load();
    return found?.destination === destination && found.basis.table.name === table;
  });
  // A directory has one backfill, so rows that are read and not loaded yet are its own.
  if (paths.includes(backfill) && existsSync(backfillRows)) paths.push(backfillRows);
  return { paths, unreadable };
}

/** Removes what {@link findProgress} found. A file that is gone already is no error. */
export async function removeProgress({ paths }: ProgressFiles): Promise<void> {
  for (const path of paths) await rm(path, { recursive: true, force: true });
}

async function filesIn(directory: string): Promise<readonly string[]> {
  return (await unlessMissing(readdir(directory))) ?? [];
}
