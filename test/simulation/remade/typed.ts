import { backfill } from '../../../cli/commands/backfill/backfill.ts';
import { deadLettersReplay } from '../../../cli/commands/dead-letters/replay.ts';
import { gaps } from '../../../cli/commands/gaps.ts';
import { remove } from '../../../cli/commands/remove/remove.ts';
import { replay } from '../../../cli/commands/replay.ts';
import { setup } from '../../../cli/commands/setup.ts';
import { snapshotsPublish } from '../../../cli/commands/snapshots/publish.ts';
import { snapshotsRollback } from '../../../cli/commands/snapshots/rollback.ts';
import { tail } from '../../../cli/commands/tail/tail.ts';
import { verify } from '../../../cli/commands/verify/verify.ts';
import { TABLE } from '../world/table.ts';
import type { End, Operator, Shown } from './operator.ts';

const FOREVER = { maxLag: undefined, maxReadUnits: undefined, rate: undefined };

/** How long a tail runs: it has read everything by then. */
const TAIL_MS = 20_000;

/**
 * The commands as an operator types them for one table.
 *
 * @param state The state directory.
 */
export function typedAt(operator: Operator, shown: Shown, state: string) {
  const all = { table: TABLE.name, destination: 'duckdb:memory', aws: {}, state };
  const type = (name: string, work: Parameters<Operator['run']>[2], stopAfterMs?: number): Promise<End> =>
    operator.run(name, shown, work, stopAfterMs);
  const backfillOf = { ...all, ...FOREVER, segments: 2, publish: true, dryRun: false, yes: true, sample: false };
  const costs = { minStreamAge: undefined, maxCost: undefined, prices: undefined };
  return {
    setup: () => type('setup', (...it) => setup({ ...all, enableStream: false, wished: {}, dryRun: false }, ...it)),
    tail: () => type('tail', (...it) => tail({ ...all, compact: false }, ...it), TAIL_MS),
    gaps: (fill: boolean) => type('gaps', (...it) => gaps({ ...all, fill, maxLag: undefined, s3: undefined }, ...it)),
    /** @param maxReadUnits Its cap; 1 stops it before its first page. */
    backfill: ({ restart = false, maxReadUnits = undefined as number | undefined } = {}) =>
      type('backfill', (...it) => backfill({ ...backfillOf, ...costs, restart, maxReadUnits }, ...it)),
    verify: (repair: boolean) =>
      type('verify', (...it) =>
        verify({ ...all, ...FOREVER, segments: 2, maxFindings: 100, whole: 0, sample: undefined, repair }, ...it),
      ),
    /** @param stopAfterMs When it is stopped half way. */
    replayStream: ({
      streamArn = undefined as string | undefined,
      stopAfterMs = undefined as number | undefined,
    } = {}) =>
      type(
        'replay',
        (...it) => replay({ ...all, input: { from: 'stream' }, streamArn, dryRun: false }, ...it),
        stopAfterMs,
      ),
    replayFile: (path: string) =>
      type('replay', (...it) =>
        replay({ ...all, input: { from: 'file', path }, streamArn: undefined, dryRun: false }, ...it),
      ),
    replayLetters: () =>
      type('letters', (...it) => deadLettersReplay({ ...all, ids: [], all: true, s3: undefined }, ...it)),
    rollback: () => type('rollback', (...it) => snapshotsRollback(all, ...it)),
    publish: (id: string) => type('publish', (...it) => snapshotsPublish({ ...all, id }, ...it)),
    remove: () => type('remove', (...it) => remove({ ...all, yes: true, dryRun: false }, ...it)),
  };
}

export type Typed = ReturnType<typeof typedAt>;
