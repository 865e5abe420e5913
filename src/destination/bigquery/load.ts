import { Buffer } from 'node:buffer';
import { isKind } from '../../errors.ts';
import { digestOf } from '../../value/digest.ts';
import type { Column } from '../../views/column.ts';
import type { Dataset } from './dataset.ts';
import { runJob } from './job.ts';
import { rowJson } from './row-json.ts';

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

/** Row by row in bytes: as one text, a file of 64 MB would stand in memory several times over. */
function fileOf<Row>(columns: readonly Column<Row>[], rows: readonly Row[]): Buffer {
  return Buffer.concat(
    rows.map((row, index) => Buffer.from(`${index > 0 ? '\n' : ''}${rowJson(columns, row, 'raw')}`)),
  );
}
