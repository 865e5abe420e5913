import { BackgroundCompaction } from '../../../backfill/background-compaction.ts';
import { DeadLetterDirectory } from '../../../src/delivery/dead-letter-directory.ts';
import { createStreamHandler } from '../../../src/delivery/stream-handler.ts';
import { isKind } from '../../../src/errors.ts';
import { interruptible } from '../../../src/interruptible.ts';
import type { Log } from '../../../src/log.ts';
import { identity } from '../../../src/privacy/transform.ts';
import { saveCheckpoint } from '../../../src/stream/checkpoint-file.ts';
import { followStream } from '../../../src/stream/follow.ts';
import { CountedDeadLetters } from '../../counted-dead-letters.ts';
import type { Dependencies } from '../../dependencies.ts';
import { stateOf } from '../../invocation.ts';
import { afterSettingAside } from '../../next-step/dead-letters.ts';
import { DAY_MS, DEFAULT_HORIZON_DAYS } from '../../options/defaults.ts';
import type { ExitCode } from '../../start.ts';
import { statePaths } from '../../state/state-paths.ts';
import { counted } from '../../terminal/format.ts';
import type { Output } from '../../terminal/output.ts';
import { terminalLog } from '../../terminal/terminal-log.ts';
import { type OpenTail, openTail, type TailOptions } from './open-tail.ts';
import { type TailReport, tailReport } from './report.ts';

/** Follows the table's stream until the signal aborts, or until the stream is off and read to its end. */
export async function tail(options: TailOptions, dependencies: Dependencies, output: Output): Promise<ExitCode> {
  const { clock, signal } = dependencies;
  const paths = statePaths(stateOf(options, options.table));
  const deadLetters = new CountedDeadLetters(new DeadLetterDirectory(paths.deadLetters));
  const log = terminalLog(output);
  const report = tailReport(options.table, deadLetters, clock, output);
  await using opened = new AsyncDisposableStack();
  const opening = openTail(options, dependencies, output, opened);
  const open = await interruptible('The start of the tail', signal, opening).catch((error: unknown) => {
    if (signal.aborted && isKind(error, 'interrupted')) return null;
    throw error;
  });
  if (open === null) {
    report.done('stopped', 0, []);
    return 0;
  }

  report.started(open.streamArn, open.destination.name, open.checkpoint.shards.size > 0, paths.checkpoint);
  try {
    await using compaction = options.compact ? compactionOf(open, dependencies, report, log) : null;
    const { reason, records, lost } = await followStream({
      client: open.streams,
      checkpoint: open.checkpoint,
      save: (checkpoint) => saveCheckpoint(paths.checkpoint, checkpoint),
      handler: createStreamHandler({
        source: open.source,
        destination: compaction?.behind(open.destination) ?? open.destination,
        deadLetters,
        transform: identity,
        origin: 'tail',
        clock,
        log,
      }),
      clock,
      random: dependencies.random,
      log,
      signal: AbortSignal.any([signal, output.closed]),
      onProgress: report.progress,
    });
    await compaction?.[Symbol.asyncDispose]();
    report.done(reason, records, lost);
    if (deadLetters.count > 0) {
      output.note(
        `${counted(deadLetters.count, 'dead letter')} in ${paths.deadLetters}. ${afterSettingAside(options.table)}`,
      );
    }
    return reason === 'ended' && (lost.length > 0 || deadLetters.count > 0) ? 1 : 0;
  } finally {
    report.close();
  }
}

/** Compacts beside the tail; `null` where jobs fold, which are billed: a person decides on these. */
function compactionOf(
  { source, destination }: OpenTail,
  { clock, random, actor }: Dependencies,
  report: TailReport,
  log: Log,
): BackgroundCompaction | null {
  if (destination.foldsInJobs) return null;
  const horizonMs = DEFAULT_HORIZON_DAYS * DAY_MS;
  const onCompacted = report.compacted;
  return new BackgroundCompaction({ table: source, destination, clock, random, actor, log, horizonMs, onCompacted });
}
