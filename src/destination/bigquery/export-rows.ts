import type { Cell, CellRow, ExportWriter } from '../../export/export-writer.ts';
import { isObject } from '../../value/is-object.ts';
import type { Dialect } from '../../views/dialect.ts';
import { conditionCheck, type RowChoice, rowsSelect } from '../../views/exported-rows.ts';
import type { ExportedColumn, ExportedType, ScalarType } from '../../views/exported-type.ts';
import { type ExportedRows, pickColumns, refusedCondition } from '../row-exporter.ts';
import type { SqlEstimate } from '../sql-runner.ts';
import { billOf } from './bill.ts';
import { unwrap } from './cell.ts';
import type { Dataset } from './dataset.ts';
import { ownStatementError, readQuery } from './query.ts';
import type { ResultPage } from './query-pages.ts';
import type { FieldSchema } from './resources.ts';
import { estimateStatement } from './statement.ts';

/** Implements `RowExporter.viewColumns`, by the view's own schema, for nothing. */
export async function viewColumns(dataset: Dataset, view: string): Promise<readonly ExportedColumn[]> {
  return ((await dataset.getTable(view)).schema?.fields ?? []).map(exportedColumn);
}

/** Implements `RowExporter.estimateExport`. */
export async function estimateExport(dataset: Dataset, dialect: Dialect, choice: RowChoice): Promise<SqlEstimate> {
  try {
    if (choice.where !== null) await estimateStatement(dataset, conditionCheck(dialect, choice.view, choice.where));
    return await estimateStatement(dataset, rowsSelect(dialect, choice));
  } catch (error) {
    // If the view can't be read even without the condition, that isn't the condition's fault.
    if (choice.where !== null) await estimateExport(dataset, dialect, { ...choice, where: null });
    throw choice.where === null ? ownStatementError(error) : refusedCondition(error, choice);
  }
}

/** Implements `RowExporter.exportRows`: the result of one query is of one moment. */
export async function exportRows(
  dataset: Dataset,
  dialect: Dialect,
  choice: RowChoice,
  writer: ExportWriter,
  signal: AbortSignal,
): Promise<ExportedRows> {
  if (choice.where !== null) await estimateExport(dataset, dialect, choice);
  const purpose = {
    doing: `export ${dataset.nameOf(choice.view)}`,
    permission: 'bigquery.jobs.create or bigquery.tables.getData',
  };
  const { jobId, ...exported } = await readQuery(
    dataset,
    purpose,
    { sql: rowsSelect(dialect, choice) },
    signal,
    async (pages) => {
      const first = await pages.next();
      const { fields, totalRows } = first.value ?? { fields: [], totalRows: null };
      const columns = pickColumns(choice.view, fields.map(exportedColumn), choice.columns);
      return { columns, rows: await writer.writeCells(columns, cellRows(first.value, pages), totalRows) };
    },
  );
  const bill = await billOf(dataset, jobId);
  return bill === undefined ? exported : { ...exported, bill };
}

async function* cellRows(first: ResultPage | undefined, others: AsyncIterable<ResultPage>): AsyncGenerator<CellRow[]> {
  const rowsOf = ({ fields, rows }: ResultPage) =>
    rows.map((row) => fields.map((field, index) => cellOf(field, row[index])));
  if (first !== undefined) yield rowsOf(first);
  for await (const page of others) yield rowsOf(page);
}

function cellOf(field: FieldSchema, value: unknown): Cell {
  if (field.mode === 'REPEATED' && Array.isArray(value)) {
    return value.map((element) => singleCell(field, unwrap(element)));
  }
  return singleCell(field, value);
}

function singleCell({ fields = [] }: FieldSchema, value: unknown): Cell {
  if (value === null || value === undefined) return null;
  if (!isObject(value)) return String(value);
  const cells = Array.isArray(value['f']) ? value['f'] : [];
  return Object.fromEntries(fields.map((field, index) => [field.name ?? '', cellOf(field, unwrap(cells[index]))]));
}

/** What BigQuery's API calls the types: the older words, too. Of any other type the text is exported. */
const SCALARS: Readonly<Record<string, ScalarType>> = {
  INTEGER: 'INT64',
  INT64: 'INT64',
  FLOAT: 'FLOAT64',
  FLOAT64: 'FLOAT64',
  NUMERIC: 'NUMERIC',
  BIGNUMERIC: 'BIGNUMERIC',
  BOOLEAN: 'BOOL',
  BOOL: 'BOOL',
  TIMESTAMP: 'TIMESTAMP',
  DATETIME: 'DATETIME',
  DATE: 'DATE',
  TIME: 'TIME',
  BYTES: 'BYTES',
  JSON: 'JSON',
};

function exportedColumn(field: FieldSchema): ExportedColumn {
  const type = singleType(field);
  return { name: field.name ?? '', type: field.mode === 'REPEATED' ? { element: type } : type };
}

function singleType({ type = '', fields = [] }: FieldSchema): ExportedType {
  if (type === 'RECORD' || type === 'STRUCT') return { fields: fields.map(exportedColumn) };
  return { scalar: SCALARS[type] ?? 'STRING' };
}
