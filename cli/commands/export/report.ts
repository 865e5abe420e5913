import { binarySize } from '../../../src/byte-count.ts';
import type { Clock } from '../../../src/clock.ts';
import type { ExportedRows } from '../../../src/destination/row-exporter.ts';
import type { SqlEstimate } from '../../../src/destination/sql-runner.ts';
import type { ExportProgress } from '../../../src/export/export-writer.ts';
import { typeWord } from '../../../src/views/exported-type.ts';
import { billObject } from '../../terminal/bill.ts';
import { count, counted, dollars, size } from '../../terminal/format.ts';
import type { JsonObject, Output } from '../../terminal/output.ts';
import { createRate } from '../../terminal/rate.ts';

/** An export that is done. */
export type DoneExport = ExportedRows & {
  readonly table: string;
  readonly destination: string;
  readonly view: string;
  readonly format: string;
  /** `null` for standard output. */
  readonly file: string | null;
  readonly bytes: number;
};

/** Shows how far an export is: the rows as they come, then the bytes of the file. */
export function exportProgress(clock: Clock, output: Output) {
  const line = output.progress();
  const [rowRate, byteRate] = [createRate(clock), createRate(clock)];
  return {
    update({ rows, bytes, fraction }: ExportProgress): void {
      const [text, rate] =
        rows === null
          ? [`${size(bytes)} written`, `${size(byteRate.perSecond(bytes))}/s`]
          : [counted(rows, 'row'), `${count(rowRate.perSecond(rows))}/s`];
      line.update({ text, more: [rate], ...(fraction !== null && { fraction }) });
    },
    stop: () => line.stop(),
  };
}

/** What an export is about to bill, for a person; `undefined` where it is free. */
export function priceLine(estimate: SqlEstimate): string | undefined {
  if (estimate.isFree) return undefined;
  const { bytesBilled, dollars: price, accuracy } = estimate;
  if (bytesBilled === 0) return 'It reads nothing that BigQuery bills.';
  return `It bills ${binarySize(bytesBilled)}${accuracy === 'at most' ? ' at most' : ''}: ${dollars(price)} on demand.`;
}

/** The result for a person. */
export function doneLine({ view, rows, bytes, columns, file }: DoneExport): string {
  const to = file === null ? '' : ` to ${file}`;
  return `Exported ${view}${to}: ${counted(rows, 'row')}, ${counted(columns.length, 'column')}, ${size(bytes)}.`;
}

/** The result for a script. */
export function doneObject({ columns, bill, ...done }: DoneExport): JsonObject {
  return {
    table: done.table,
    destination: done.destination,
    view: done.view,
    format: done.format,
    file: done.file,
    rows: done.rows,
    bytes: done.bytes,
    columns: columns.map(({ name, type }) => ({ name, type: typeWord(type) })),
    ...(bill && { bill: billObject(bill) }),
  };
}
