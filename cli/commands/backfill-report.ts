import type { BackfillProgress } from '../../backfill/backfill.ts';
import type { Clock } from '../../src/clock.ts';
import { count, counted, duration } from '../terminal/format.ts';
import type { Output } from '../terminal/output.ts';
import type { ProgressState } from '../terminal/progress.ts';
import { createRate } from '../terminal/rate.ts';

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
  return {
    progress(progress) {
      if (progress.phase === 'waiting' && !waiting) {
        waiting = true;
        output.note(
          `The stream of ${table} is young: waiting ${duration(progress.waitMs)} until it surely keeps every change.`,
        );
      }
      if (progress.phase === 'scanning') line.update(stateOf(table, progress, rate.perSecond(progress.items)));
      if (progress.phase === 'publishing') line.update({ text: `${table}: publishing` });
    },
    done: () => line.stop(),
    [Symbol.dispose]: () => line.stop(),
  };
}

/** The table's own count is hours old: a bar only while it can be right, and "about" in front of what follows from it. */
function stateOf(table: string, { items, aboutItems, units }: BackfillProgress, perSecond: number): ProgressState {
  const known = aboutItems > 0 && items <= aboutItems;
  const text = [
    `${table}: ${known ? `${count(items)} of about ${counted(aboutItems, 'item')}` : counted(items, 'item')}`,
    `${count(perSecond)}/s`,
    ...(known && perSecond > 0 ? [`about ${duration(((aboutItems - items) / perSecond) * 1_000)} left`] : []),
    counted(units, 'read unit'),
  ].join(', ');
  return known ? { text, fraction: items / aboutItems } : { text };
}
