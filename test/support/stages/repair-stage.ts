import { onTestFinished } from 'vitest';
import { type BackfillOptions, runBackfill } from '../../../backfill/backfill.ts';
import { type RepairOptions, runRepair } from '../../../backfill/verify/repair.ts';
import type { VerifyFinding } from '../../../backfill/verify/verify-options.ts';
import { identity } from '../../../src/privacy/transform.ts';
import { systemRandom } from '../../../src/random.ts';
import type { AttributeMap } from '../../../src/value/attribute-value.ts';
import { hurriedClock } from '../clock/simple-clocks.ts';
import { temporaryDatabase } from '../duckdb/temporary-database.ts';
import { MemoryCheckpoints } from '../memory/checkpoints.ts';
import { MemoryDeadLetters } from '../memory/dead-letters.ts';
import { RecordingLog } from '../memory/recording-log.ts';
import { MemoryTable } from '../memory/table.ts';
import { temporaryFolder } from '../vitest/temporary-folder.ts';

const MINUTE = 60_000;

/** A table in memory that was backfilled into a DuckDB file an hour ago, and whose stream has no reader. */
export async function repairStage(items: readonly AttributeMap[]) {
  const place = await temporaryDatabase();
  onTestFinished(() => place[Symbol.asyncDispose]());
  const table = new MemoryTable(items);
  const clock = hurriedClock(table.time);
  const destination = await place.open(clock);
  onTestFinished(() => destination[Symbol.asyncDispose]());
  const deadLetters = new MemoryDeadLetters();
  const checkpoints = new MemoryCheckpoints();
  const log = new RecordingLog();
  const parts = {
    table: 'Orders',
    reader: table,
    streams: table,
    destination,
    deadLetters,
    transform: identity,
    clock,
    random: systemRandom,
    log,
    segments: 2,
    minStreamAgeMs: 0,
    actor: 'ann@laptop',
    signal: new AbortController().signal,
    checkpoints,
    spool: temporaryFolder(),
  };
  const backfill = (options: Partial<BackfillOptions> = {}) => runBackfill({ ...parts, ...options });
  const first = await backfill();
  table.time += 60 * MINUTE;
  table.calls.length = 0;

  /** One run, as in its own process. */
  const repair = async (options: Partial<RepairOptions> = {}) => {
    const [findings, left]: VerifyFinding[][] = [[], []];
    const result = await runRepair({
      ...parts,
      lagMs: 1_000,
      onFinding: (finding) => findings?.push(finding),
      onRemaining: (finding) => left?.push(finding),
      ...options,
    });
    return { ...result, findings, stillFound: left };
  };
  const source = table.description.table;
  return {
    table,
    destination,
    deadLetters,
    checkpoints,
    log,
    first,
    backfill,
    repair,
    /** Events of the ledger since the first backfill. */
    events: async () => (await destination.ledger(source)).slice(3).map(({ event, kind }) => `${event} ${kind}`),
    published: async () => (await destination.published(source))?.snapshotId,
    digestOf: async (key: string) => (await destination.lookup(source, [key])).get(key)?.digest,
  };
}
