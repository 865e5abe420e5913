import type { Column } from '../../column.ts';
import { isKind } from '../../errors.ts';
import { digestOf } from '../../value/digest.ts';
import { Utf8Writer } from '../../value/utf8-writer.ts';
import { type RowFile, rowsOf } from '../row-file.ts';
import type { Dataset } from './dataset.ts';
import { runJob } from './job.ts';
import type { Job } from './resources.ts';
import { rowWriter } from './row-json.ts';

/** Appends a file's rows, as {@link loadRows} does; an empty file needs no job. */
export async function loadFile<Row>(
  dataset: Dataset,
  tableId: string,
  chunk: string,
  rows: RowFile<Row>,
): Promise<void> {
  if (rows.rows > 0) await loadRows(dataset, tableId, chunk, rows.form.columns, rowsOf(rows));
}

/**
 * Appends rows to a table by a load job, which costs nothing. When it resolves, they are durable and visible.
 *
 * @param rows At least one. Iterated each time that they are sent.
 * @param chunk Names these rows within the table: rows of one name are loaded once.
 * @returns the job that loaded them.
 * @throws {TailraceError} of a `destination-…` kind.
 */
export async function loadRows<Row>(
  dataset: Dataset,
  tableId: string,
  chunk: string,
  columns: readonly Column<Row>[],
  rows: Iterable<Row>,
): Promise<Job> {
  const { project, dataset: datasetId } = dataset.path;
  const { kmsKey } = dataset.settings;
  const job = {
    doing: `load rows into ${dataset.nameOf(tableId)}`,
    permission: 'bigquery.jobs.create or bigquery.tables.updateData',
    id: `tailrace_load_${digestOf(JSON.stringify([project, datasetId, tableId, chunk]))}`,
    configuration: {
      load: {
        destinationTable: { projectId: project, datasetId, tableId },
        sourceFormat: 'NEWLINE_DELIMITED_JSON',
        createDisposition: 'CREATE_NEVER',
        writeDisposition: 'WRITE_APPEND',
        ...(kmsKey === null ? {} : { destinationEncryptionConfiguration: { kmsKeyName: kmsKey } }),
      },
    },
    file: () => partsOf(columns, rows),
  };
  try {
    return await runJob(dataset, job);
  } catch (error) {
    // A load job reports a missing table in many ways.
    if (isKind(error, 'destination-invalid', 'destination-missing')) await dataset.getTable(tableId);
    throw error;
  }
}

const LINE_END = 0x0a;
const PART_BYTES = 1_000_000;

/** The rows as newline-delimited JSON, in parts of about a megabyte: in all they are of any size. */
function* partsOf<Row>(columns: readonly Column<Row>[], rows: Iterable<Row>): Generator<Buffer> {
  const write = rowWriter(columns, 'raw');
  const out = new Utf8Writer(2 * PART_BYTES);
  let isFirst = true;
  for (const row of rows) {
    if (!isFirst) out.byte(LINE_END);
    isFirst = false;
    write(out, row);
    if (out.length < PART_BYTES) continue;
    yield out.copy();
    out.cut(0);
  }
  yield out.copy();
}
