import type { Clock } from '../../src/clock.ts';
import type { TailraceError } from '../../src/errors.ts';
import { countBelowFloor } from '../../src/replay/below-floor.ts';
import type { ReplayEvents } from '../../src/replay/deliver.ts';
import type { Floors } from '../../src/snapshot/floors.ts';
import { describeLoss, type Loss } from '../../src/stream/loss.ts';
import type { RecordPage } from '../../src/stream/record-source.ts';
import { count, counted, oneLine } from '../terminal/format.ts';
import type { Output } from '../terminal/output.ts';
import { createRate } from '../terminal/rate.ts';

/** The counts of a replay. */
export type ReplayCounts = {
  /** Records delivered or set aside. */
  readonly records: number;
  /** Ranges that the stream has dropped. */
  readonly lost: number;
  /** Files, objects or messages that were left as they were. */
  readonly refused: number;
  /** Records older than the floor of the published snapshot. */
  readonly belowFloor: number;
  /** Those of them that the snapshot's reading doesn't make up for: a compaction has raised the floor since. */
  readonly pastHorizon: number;
};

/** Shows the progress of a replay and counts it. Each loss and each refusal is printed when it is found. */
export interface ReplayReport extends ReplayEvents, Disposable {
  readonly counts: ReplayCounts;
  /** @param floors Of what is published. */
  page(page: RecordPage, floors: Floors): void;
  /** Shows how many records have been checked before any is delivered. */
  checked(records: number): void;
  /** Shows how many records of the stream have been read. */
  read(records: number): void;
}

export function replayReport(table: string, clock: Clock, output: Output): ReplayReport {
  const line = output.progress();
  const rate = createRate(clock);
  const counts = { records: 0, lost: 0, refused: 0, belowFloor: 0, pastHorizon: 0 };
  return {
    counts,
    page({ records, firstArrivalAt }, floors) {
      counts.records += records.length;
      const below = countBelowFloor(records, firstArrivalAt, floors.published);
      counts.belowFloor += below;
      counts.pastHorizon += below - countBelowFloor(records, firstArrivalAt, floors.reading);
      const perSecond = count(rate.perSecond(counts.records));
      line.update({ text: `${table}: ${counted(counts.records, 'record')}, ${perSecond}/s` });
    },
    checked(records) {
      if (records > 0) line.update({ text: `${table}: ${counted(records, 'record')} looked at` });
    },
    read(records) {
      line.update({
        text: `${table}: ${counted(records, 'record')} of the stream read, ${count(rate.perSecond(records))}/s`,
      });
    },
    lost(loss: Loss) {
      counts.lost++;
      const range = describeLoss(loss);
      if (output.json) output.emit({ lost: range, records: loss.records });
      else output.report(`Not recoverable, the stream has dropped it: ${range}. Run \`tailrace backfill ${table}\`.`);
    },
    refused(name: string, { kind, message, remedy }: TailraceError) {
      counts.refused++;
      if (output.json) output.emit({ refused: name, error: kind, reason: message });
      else {
        // A file may be called anything, line ends and escapes included.
        output.report(
          oneLine(`Left as it was: ${message.includes(name) ? message : `${name}: ${message}`}. ${remedy}`),
        );
      }
    },
    [Symbol.dispose]: () => line.stop(),
  };
}
