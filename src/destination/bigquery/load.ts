import { Buffer } from 'node:buffer';
import { isKind } from '../../errors.ts';
import { digestOf } from '../../value/digest.ts';
import { Utf8Writer } from '../../value/utf8-writer.ts';
import type { Column } from '../../views/column.ts';
import type { Dataset } from './dataset.ts';
import { runJob } from './job.ts';
import { rowWriter } from './row-json.ts';

/**
 * Appends rows to a table by a load job, which costs nothing. When it resolves, they are durable and visible.
 *
 * @param chunk Names these rows within the table: under one name they are loaded once.
 * @throws {TailraceError} of a `destination-…` kind.
 */
export async function loadRows<Row>(
  dataset: Dataset,
  tableId: string,
  chunk: string,
  columns: readonly Column<Row>[],
  rows: readonly Row[],
): Promise<void> {
  if (rows.length === 0) return;
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
    file: fileOf(columns, rows),
  };
  try {
    await runJob(dataset, job);
  } catch (error) {
    // A load job tells of a table that isn't there in many ways.
    if (isKind(error, 'destination-invalid', 'destination-missing')) await dataset.getTable(tableId);
    throw error;
  }
}

const LINE_END = 0x0a;
const PART_BYTES = 1_000_000;

/** In parts: a buffer that grows to the 64 MB of a file would have twice its size, and all of it copied at each step. */
function fileOf<Row>(columns: readonly Column<Row>[], rows: readonly Row[]): Buffer {
  const write = rowWriter(columns, 'raw');
  const parts: Buffer[] = [];
  const out = new Utf8Writer(2 * PART_BYTES);
  for (const [index, row] of rows.entries()) {
    if (index > 0) out.byte(LINE_END);
    write(out, row);
    if (out.length < PART_BYTES) continue;
    parts.push(out.copy());
    out.cut(0);
  }
  parts.push(out.copy());
  return Buffer.concat(parts);
}
