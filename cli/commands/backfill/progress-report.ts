import type { BackfillProgress } from '../../../backfill/backfill.ts';
import type { Clock } from '../../../src/clock.ts';
import { counted, dollars, duration } from '../../terminal/format.ts';
import type { Output } from '../../terminal/output.ts';
import { createRate, type Rate } from '../../terminal/rate.ts';
import { scanLine } from '../../terminal/scan-report.ts';

/** With --json, a line of progress comes this often at most, and whenever another phase begins. */
const EVENT_EVERY_MS = 1_000;

/** Shows a backfill's progress: for a person a changing line on stderr, for a script one event per line on stdout. */
export interface BackfillReport extends Disposable {
  progress(progress: BackfillProgress): void;
  /** Clears the progress line, before the result. */
  done(): void;
}

/** @param unitDollars What a read unit costs; `null` where that isn't known. */
export function backfillReport(
  table: string,
  unitDollars: number | null,
  clock: Clock,
  output: Output,
): BackfillReport {
  const line = output.progress();
  let before: BackfillProgress | undefined;
  /** Measured from when the reading begins, without the items of earlier runs. */
  let reading: { readonly rate: Rate; readonly inherited: number } | undefined;
  let lastEventAt = Number.NEGATIVE_INFINITY;

  return {
    progress(progress) {
      const isNewPhase = progress.phase !== before?.phase;
      if (isNewPhase) for (const note of notesOf(table, progress, before)) output.note(note);
      before = progress;
      if (progress.phase !== 'waiting') reading ??= { rate: createRate(clock), inherited: progress.items };
      const perSecond = reading?.rate.perSecond(progress.items - reading.inherited) ?? 0;
      const readDollars = unitDollars === null ? null : unitDollars * progress.units;
      if (!output.json) {
        line.update(lineOf(table, progress, perSecond, readDollars));
        return;
      }
      const now = clock.now();
      if (!isNewPhase && now - lastEventAt < EVENT_EVERY_MS) return;
      lastEventAt = now;
      output.emit(eventOf(progress, perSecond, readDollars));
    },
    done: () => line.stop(),
    [Symbol.dispose]: () => line.stop(),
  };
}

/** Notes for a person as a phase begins. */
function notesOf(table: string, progress: BackfillProgress, before: BackfillProgress | undefined): readonly string[] {
  const { phase, waitMs, items, isResumed } = progress;
  if (phase === 'waiting') {
    return [`The stream of ${table} is young: waiting ${duration(waitMs)} until it surely records every change.`];
  }
  if (!isResumed || before !== undefined) return [];
  return [`Resuming the backfill of ${table} after ${counted(items, 'item')}.`];
}

function lineOf(table: string, progress: BackfillProgress, perSecond: number, readDollars: number | null) {
  const { phase, segments, segmentsDone } = progress;
  if (phase === 'waiting') return { text: `${table}: waiting for its stream` };
  if (phase === 'publishing') return { text: `${table}: publishing` };
  const cost = readDollars === null || readDollars === 0 ? undefined : `${dollars(readDollars)} so far`;
  const line = scanLine(table, progress, perSecond, cost);
  const open = `${segments - segmentsDone} of ${counted(segments, 'segment')} in progress`;
  return { ...line, more: [...line.more, open] };
}

function eventOf(progress: BackfillProgress, perSecond: number, readDollars: number | null) {
  const { phase, items, aboutItems, units, segments, segmentsDone, isResumed, waitMs } = progress;
  const left = aboutItems - items;
  return {
    event: 'progress',
    phase,
    items,
    about_items: aboutItems,
    items_per_second: Math.round(perSecond),
    /** Only while the table's count can be right. */
    about_ms_left: left > 0 && perSecond > 0 ? Math.round((left * 1_000) / perSecond) : null,
    read_units: units,
    read_dollars: readDollars,
    segments,
    segments_in_progress: segments - segmentsDone,
    resumed: isResumed,
    wait_ms: waitMs,
  };
}
