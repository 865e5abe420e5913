import { type BackfillOptions, runBackfill } from '../../../backfill/backfill.ts';
import { identity } from '../../../src/privacy/transform.ts';
import type { AttributeMap } from '../../../src/value/attribute-value.ts';
import { fixedClock } from '../clock/simple-clocks.ts';
import { MemoryCheckpoints } from '../memory/checkpoints.ts';
import { MemoryDeadLetters } from '../memory/dead-letters.ts';
import { RecordingLog } from '../memory/recording-log.ts';
import { MemorySnapshots } from '../memory/snapshots.ts';
import { MemoryTable } from '../memory/table.ts';
import { seededRandom } from '../values/seeded-random.ts';
import { temporaryFolder } from '../vitest/temporary-folder.ts';

/** An item of the table Orders. */
export function order(id: string, more: AttributeMap = {}): AttributeMap {
  return { id: { S: id }, ...more };
}

/** A backfill of the table Orders, with table, destination and checkpoint in memory. */
export function backfillStage(items: readonly AttributeMap[]) {
  const table = new MemoryTable(items);
  const destination = new MemorySnapshots();
  const deadLetters = new MemoryDeadLetters();
  const checkpoints = new MemoryCheckpoints();
  const log = new RecordingLog();
  const random = seededRandom(1);
  const spool = temporaryFolder();
  /** One run, as in its own process. */
  const backfill = (options: Partial<BackfillOptions> = {}) =>
    runBackfill({
      table: 'Orders',
      reader: table,
      streams: table,
      destination,
      deadLetters,
      transform: identity,
      clock: fixedClock(Date.UTC(2030, 0, 1)),
      random,
      log,
      minStreamAgeMs: 60_000,
      actor: 'ann@laptop',
      signal: new AbortController().signal,
      checkpoints,
      spool,
      ...options,
    });
  return { table, destination, deadLetters, checkpoints, log, backfill };
}
