import { CHANGELOG_COLUMNS } from '../../../src/changelog/columns.ts';
import type { StampedRow } from '../../../src/changelog/row.ts';
import type { ApiRequest } from '../../../src/destination/bigquery/api.ts';
import { isObject } from '../../../src/value/is-object.ts';

/** A row as it is stored: its times are milliseconds since the epoch. */
export type StoredRow = StampedRow & { readonly ingestedAt: number };

/** The rows of a streaming insert, read as BigQuery reads them. */
export function rowsOf({ body }: ApiRequest): readonly StoredRow[] {
  const request: unknown = JSON.parse(String(body?.bytes));
  const rows = isObject(request) && Array.isArray(request['rows']) ? request['rows'] : [];
  return rows.map((entry: unknown) => rowOf(isObject(entry) ? entry['json'] : undefined, (text) => text));
}

/** The id of a load job, and the rows of its file, in which JSON stands as it is. */
export function loadOf({ body }: ApiRequest): { readonly id: string; readonly rows: readonly StoredRow[] } {
  const [, resource = '', rest = ''] = String(body?.bytes).split(/--\w+(?:--)?\r\nContent-Type: [^\r]+\r\n\r\n/);
  const { jobReference } = JSON.parse(resource) as { readonly jobReference: { readonly jobId: string } };
  const lines = rest.replace(/\r\n--\w+--\r\n$/, '').split('\n');
  return { id: jobReference.jobId, rows: lines.map((line) => rowOf(JSON.parse(line), JSON.stringify)) };
}

function rowOf(entry: unknown, textOf: (json: unknown) => unknown): StoredRow {
  const json = isObject(entry) ? entry : {};
  const fields = CHANGELOG_COLUMNS.map(({ name, field, type }) => {
    const value = json[name] ?? null;
    if (type === 'TIMESTAMP') return [field, Date.parse(String(value))];
    return [field, type === 'JSON' && value !== null ? textOf(value) : value];
  });
  return Object.fromEntries(fields) as StoredRow;
}
