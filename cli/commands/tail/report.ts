import type { CompactionResult } from '../../../backfill/compaction.ts';
import type { Clock } from '../../../src/clock.ts';
import type { FollowResult } from '../../../src/stream/follow.ts';
import { describeLoss, type Loss } from '../../../src/stream/loss.ts';
import type { ReadingProgress } from '../../../src/stream/reading-options.ts';
import { count, counted, duration } from '../../terminal/format.ts';
import type { Output } from '../../terminal/output.ts';
import { createRate } from '../../terminal/rate.ts';

/** With --json, a progress event is emitted this often at most. */
const EVENT_EVERY_MS = 1_000;

/** Reports a tail: by a line that changes for a person, by one event per line for a script. */
export interface TailReport {
  /** @param checkpoint Path of the checkpoint's file. */
  started(streamArn: string, destination: string, resumed: boolean, checkpoint: string): void;
  progress(progress: ReadingProgress): void;
  compacted(result: CompactionResult): void;
  done(reason: FollowResult['reason'], records: number, lost: readonly Loss[]): void;
  close(): void;
}

/** @param deadLetters Their current count. */
export function tailReport(
  table: string,
  deadLetters: { readonly count: number },
  clock: Clock,
  output: Output,
): TailReport {
  const line = output.progress();
  const rate = createRate(clock);
  let lastEventAt = Number.NEGATIVE_INFINITY;
  let lastRecords = -1;

  return {
    started(streamArn, destination, resumed, checkpoint) {
      if (output.json) {
        output.emit({ event: 'started', table, stream_arn: streamArn, destination, resumed, checkpoint });
      } else {
        const from = resumed
          ? ', resuming where it stopped.'
          : `. No progress is in ${checkpoint}: tail begins with the oldest change that the stream holds.`;
        const stop = output.isLive() ? 'Ctrl-C stops it.' : `\`kill ${process.pid}\` stops it.`;
        output.note(`Following ${table} into ${destination}${from} ${stop}`);
      }
    },
    progress({ records, lagMs, shards, lost }) {
      const perSecond = rate.perSecond(records);
      if (!output.json) {
        line.update({
          text: statusLine(table, { records, lagMs, perSecond, shards, setAside: deadLetters.count, lost }),
          // The rate falls by itself, and is no news.
          news: [records, lagMs === 0, deadLetters.count, lost].join(),
        });
        return;
      }
      const now = clock.now();
      if (records === lastRecords || now - lastEventAt < EVENT_EVERY_MS) return;
      lastEventAt = now;
      lastRecords = records;
      output.emit({
        event: 'progress',
        records,
        lag_ms: lagMs,
        shards_reading: shards.reading,
        shards_waiting: shards.waiting,
        shards_done: shards.done,
        set_aside: deadLetters.count,
        lost,
      });
    },
    compacted({ snapshotId, items, replaced, durationMs }) {
      const facts = { snapshot_id: snapshotId, replaced_snapshot_id: replaced, items, duration_ms: durationMs };
      if (output.json) output.emit({ event: 'compacted', table, ...facts });
      else output.note(`Compacted ${table} in ${duration(durationMs)}: snapshot ${snapshotId}.`);
    },
    done(reason, records, lost) {
      line.stop();
      const ranges = lost.map(describeLoss);
      if (output.json) {
        output.emit({ event: reason, table, records, set_aside: deadLetters.count, lost: ranges });
        return;
      }
      const ended = reason === 'ended' ? 'The stream is off and read to its end' : 'Stopped';
      output.print(`${ended}: ${counted(records, 'record')} of ${table} read, ${count(deadLetters.count)} set aside.`);
      for (const range of ranges) {
        output.report(`Lost, because the stream had dropped it: ${range}. Run \`tailrace backfill ${table}\`.`);
      }
    },
    close: () => line.stop(),
  };
}

type Line = ReadingProgress & { readonly perSecond: number; readonly setAside: number };

function statusLine(table: string, { records, lagMs, perSecond, shards, setAside, lost }: Line): string {
  return [
    `${table}: ${counted(records, 'record')}`,
    `${count(perSecond)}/s`,
    lagMs === 0 ? 'up to date' : `${duration(lagMs)} behind`,
    counted(shards.reading + shards.waiting, 'shard'),
    ...(setAside > 0 ? [`${count(setAside)} set aside`] : []),
    ...(lost > 0 ? [counted(lost, 'lost range')] : []),
  ].join(', ');
}
