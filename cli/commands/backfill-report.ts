import type { BackfillProgress } from '../../backfill/backfill.ts';
import type { Clock } from '../../src/clock.ts';
import { counted, duration } from '../terminal/format.ts';
import type { Output } from '../terminal/output.ts';
import { createRate } from '../terminal/rate.ts';
import { scanLine } from './scan-line.ts';

/** Shows on stderr how a backfill goes. */
export interface BackfillReport extends Disposable {
  progress(progress: BackfillProgress): void;
  /** Takes the progress away, before the result. */
  done(): void;
}

export function backfillReport(table: string, clock: Clock, output: Output): BackfillReport {
  const line = output.progress();
  const rate = createRate(clock);
  let waiting = false;
  let resumed = false;
  return {
    progress(progress) {
      if (progress.phase === 'waiting' && !waiting) {
        waiting = true;
        output.note(
          `The stream of ${table} is young: waiting ${duration(progress.waitMs)} until it surely keeps every change.`,
        );
      }
      if (progress.isResumed && !resumed) {
        resumed = true;
        output.note(`Going on where the backfill of ${table} was stopped, behind ${counted(progress.items, 'item')}.`);
      }
      if (progress.phase === 'scanning') line.update(scanLine(table, progress, rate.perSecond(progress.items)));
      if (progress.phase === 'publishing') line.update({ text: `${table}: publishing` });
    },
    done: () => line.stop(),
    [Symbol.dispose]: () => line.stop(),
  };
}
